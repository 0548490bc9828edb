"""The tests that docs/threat-model.md names, and whether each of them passed when it last ran."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "threat-model.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py(?:::\w+)*)`")


def named_tests() -> list[str]:
    """The tests and files of tests that the page names, as pytest does, in order."""
    return list(dict.fromkeys(_NAMED.findall(PAGE.read_text(encoding="utf-8"))))


def cases_of(name: str, nodeids: Iterable[str]) -> list[str]:
    """The tests that a name stands for: all of a file, or all cases of one test."""
    return [
        nodeid
        for nodeid in nodeids
        if nodeid == name or nodeid.startswith((f"{name}::", f"{name}["))
    ]


def unproven(outcomes: dict[str, str]) -> list[str]:
    """What the page names that did not pass: it was not run, it failed, or it is not there."""
    return [
        name
        for name in named_tests()
        if (tests := cases_of(name, outcomes)) == []
        or any(outcomes[nodeid] != "passed" for nodeid in tests)
    ]
