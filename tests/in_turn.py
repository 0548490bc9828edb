"""Which cases of a test each change needs; the rest is `thorough`, which `make soak` runs.

A test that is written for several browsers runs in one of them for each of its other cases; the
next case, and the next test, in the next browser. A test or case marked `every_mode` runs in all of
them, always. Of a test marked `in_turn(n)`, every n-th case runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

EVERY_MODE = "every_mode"
IN_TURN = "in_turn"

Cases = list[pytest.Item]


def take_turns(items: Iterable[pytest.Item]) -> None:
    """Mark the cases of `in_turn(n)` whose turn it is not."""
    for cases in _grouped(items, _test_in_turn).values():
        every = int(cases[0].get_closest_marker(IN_TURN).args[0])  # type: ignore[union-attr]
        _leave([case for number, case in enumerate(cases) if number % every])


def take_turns_by(items: Iterable[pytest.Item], kind: type, of_it: Sequence[str] = ()) -> None:
    """Mark the cases that differ from another by their browser alone.

    Args:
        items: the tests of a folder.
        kind: the class of the parameter that is the browser.
        of_it: names of more parameters that belong to it.
    """

    def alike(item: pytest.Item) -> tuple[Any, ...] | None:
        given = _parameters(item)
        own = {name for name, value in given.items() if isinstance(value, kind)}
        if not own:
            return None
        return (_test(item), *(f"{n}={given[n]}" for n in sorted(given.keys() - own - {*of_it})))

    for turn, cases in enumerate(_grouped(items, alike).values()):
        kept = cases[turn % len(cases)]
        others = [case for case in cases if case is not kept]
        _leave([case for case in others if case.get_closest_marker(EVERY_MODE) is None])


def take_every_other(items: Iterable[pytest.Item], files: Collection[Path]) -> None:
    """Mark every second of the tests that are left in each of some files."""
    left = [item for item in items if item.get_closest_marker("thorough") is None]
    for file in files:
        _leave([item for item in left if item.path == file][1::2])


def _leave(cases: Cases) -> None:
    for case in cases:
        case.add_marker(pytest.mark.thorough)


def _test(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _test_in_turn(item: pytest.Item) -> str | None:
    return _test(item) if item.get_closest_marker(IN_TURN) else None


def _parameters(item: pytest.Item) -> Mapping[str, Any]:
    return item.callspec.params if hasattr(item, "callspec") else {}


def _grouped(
    items: Iterable[pytest.Item], key: Callable[[pytest.Item], object]
) -> Mapping[object, Cases]:
    groups: dict[object, Cases] = defaultdict(list)
    for item in items:
        group = key(item)
        if group is not None:
            groups[group].append(item)
    return groups
