"""Responses that one bundle has and a later one has no longer: people took them back (R92)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from .bundle import Bundle, BundleError


class OnlyIn(NamedTuple):
    """How many responses are in one bundle and not in another of the same server."""

    path: Path
    other: Path
    responses: int


def count_missing(bundle: Bundle, later: Bundle) -> tuple[int, int]:
    """Return how many responses of a bundle a later one has no longer, and how many it has still.

    Raises BundleError when they are of different consultations.
    """
    if bundle.consultation != later.consultation:
        raise BundleError(
            f"{bundle.path} is of {bundle.consultation}, and {later.path} of {later.consultation}."
        )
    gone = kept = 0
    others = later.ids()
    other = next(others, None)
    for each in bundle.ids():  # both come in order
        while other is not None and other < each:
            other = next(others, None)
        if other == each:
            kept += 1
        else:
            gone += 1
    return gone, kept


def only_in_one(bundles: Sequence[Bundle]) -> Iterator[OnlyIn]:
    """Yield, for bundles that share responses, how many each has that the next has not.

    Those were exported from one server at different days: what is only in the older one was taken
    back. A bundle holds no time, so whoever has them has to know which is older.
    """
    for one, two in pairwise(bundles):
        gone, kept = count_missing(one, two)
        if kept and gone:
            yield OnlyIn(one.path, two.path, gone)
        gone, _ = count_missing(two, one)
        if kept and gone:
            yield OnlyIn(two.path, one.path, gone)
