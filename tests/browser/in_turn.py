"""Which cases of a test each change needs: every browser has its turn, not every test in each.

A test that is written for several browsers runs in one of them for each of its other cases; the
next case, and the next test, in the next browser. The rest is `thorough`, which `make soak` runs.
A test or case marked `every_mode` runs in all of them, always.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest

from .browsers import Mode

EVERY_MODE = "every_mode"
OF_THE_MODE = {"secure"}
"""Parameters that say how a browser comes, as the browser itself does."""


def take_turns(items: Iterable[pytest.Item]) -> None:
    """Mark the cases whose turn it is not."""
    for turn, cases in enumerate(_alike(items).values()):
        kept = cases[turn % len(cases)]
        for case in cases:
            if case is not kept and case.get_closest_marker(EVERY_MODE) is None:
                case.add_marker(pytest.mark.thorough)


def _alike(items: Iterable[pytest.Item]) -> dict[tuple[object, ...], list[pytest.Item]]:
    """Cases that differ by their browser alone."""
    groups: dict[tuple[object, ...], list[pytest.Item]] = defaultdict(list)
    for item in items:
        given = item.callspec.params if hasattr(item, "callspec") else {}
        modes = {name for name, value in given.items() if isinstance(value, Mode)}
        if modes:
            others = [f"{n}={given[n]}" for n in sorted(given.keys() - modes - OF_THE_MODE)]
            test = item.nodeid.partition("[")[0]
            groups[test, *others].append(item)
    return groups
