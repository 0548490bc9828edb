"""The ids of the responses in several bundles: each once, in the order in which they lie there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import merge
from typing import Final

from .bundle import Bundle

NOT_A_ROW: Final = "is not stored as a response"
DAMAGED: Final = "stands in a damaged part of the file"


class Ids:
    """Streams ids; `left_out` counts, by the reason, the rows that cannot be responses.

    It is complete when all ids were given.
    """

    def __init__(self, bundles: Sequence[Bundle]) -> None:
        self._bundles = bundles
        named = [bundle.count_ids() for bundle in bundles]
        strange = sum(bundle.count_rows() for bundle in bundles) - sum(named)
        self.left_out: Counter[str] = Counter({NOT_A_ROW: strange} if strange else {})
        self._number = named[0] if len(named) == 1 else sum(1 for _ in self._merged(Counter()))

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[bytes]:
        return self._merged(self.left_out)

    def _merged(self, left_out: Counter[str]) -> Iterator[bytes]:
        last = b""
        for each in merge(*(_rising(bundle, left_out) for bundle in self._bundles)):
            if each != last:
                yield each
                last = each


def _rising(bundle: Bundle, left_out: Counter[str]) -> Iterator[bytes]:
    """The ids of a bundle; in a damaged one some can be out of their order, or come twice."""
    last = b""
    for each in bundle.ids():
        if each > last:
            yield each
            last = each
        else:
            left_out[DAMAGED] += 1
