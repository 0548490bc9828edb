"""The ids of the responses in several bundles: each once, in the order in which they lie there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import merge
from typing import Final

from .bundle import Bundle, BundleError

NOT_A_ROW: Final = "is not stored as a response"
DAMAGED: Final = "stands in a damaged part of the file"


class Ids:
    """Streams ids; `left_out` counts, by the reason, the rows that cannot be responses.

    It is complete when all ids were given. Their number is what a bundle says of itself; of several
    bundles it is counted.
    """

    def __init__(self, bundles: Sequence[Bundle]) -> None:
        self._bundles = bundles
        self.left_out: Counter[str] = Counter()
        alone = len(bundles) == 1
        self._number = bundles[0].manifest.count if alone else sum(1 for _ in self._merged())

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[bytes]:
        return self._merged()

    def _merged(self) -> Iterator[bytes]:
        self.left_out.clear()
        astray: set[bytes] = set()
        last = b""
        for each in merge(*(self._rising(bundle, astray) for bundle in self._bundles)):
            if each != last:
                yield each
                last = each

    def _rising(self, bundle: Bundle, astray: set[bytes]) -> Iterator[bytes]:
        """The ids of a bundle; in a damaged one some can be out of their order, or come twice."""
        last = b""
        for each in bundle.ids_and_others():
            if each is None:
                self.left_out[NOT_A_ROW] += 1
            elif each > last:
                yield each
                last = each
            elif each not in astray and not self._in_another(bundle, each):
                astray.add(each)
                self.left_out[DAMAGED] += 1

    def _in_another(self, damaged: Bundle, response_id: bytes) -> bool:
        """Whether another bundle has this response: then it comes from there."""
        return any(_has(other, response_id) for other in self._bundles if other is not damaged)


def _has(bundle: Bundle, response_id: bytes) -> bool:
    try:
        return bundle.envelope(response_id) is not None
    except BundleError:
        return False
