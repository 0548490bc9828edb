"""The table of requirements, from what pytest collects and what it remembers of earlier runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from .numbers import known_requirements
from .plugin import OUTCOMES, WRITE_TO

ROOT = Path(__file__).parents[2]
LATER = frozenset({"R95", "R96", "R97", "R98"})
"""Duties of facilitators and researchers: listed, but a gap there is no fault of the journey."""


@dataclass(frozen=True)
class Line:
    """One requirement: its number and words, the tests that prove it, and how they ended.

    `tests` counts parametrised cases by the test's name. `state` is `missing` (no test), `failed`
    (one of them), `not run` (one of them, here), else `passed`.
    """

    number: str
    words: str
    tests: dict[str, int]
    state: str


def collected() -> dict[str, list[str]]:
    """Every test of `make test`, by node id, with the numbers it carries."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "numbers.json"
        quietly = ["--collect-only", "-q", "-p", "no:cacheprovider", "-m", "not thorough"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *quietly],
            cwd=ROOT,
            env={**os.environ, WRITE_TO: str(written)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"The tests cannot be collected:\n{done.stdout}{done.stderr}")
        numbers: dict[str, list[str]] = json.loads(written.read_text(encoding="utf-8"))
    return numbers


def last_outcomes() -> dict[str, str]:
    """How each test ended when it last ran here, by node id: passed, failed or skipped."""
    written = ROOT / ".pytest_cache" / "v" / OUTCOMES
    if not written.exists():
        return {}
    outcomes: dict[str, str] = json.loads(written.read_text(encoding="utf-8"))
    return outcomes


def coverage() -> list[Line]:
    """One line for each requirement, in order."""
    outcomes = last_outcomes()
    tests: dict[str, list[str]] = {number: [] for number in known_requirements()}
    for nodeid, numbers in collected().items():
        for number in numbers:
            tests[number].append(nodeid)
    return [
        Line(
            number,
            words,
            dict(Counter(nodeid.removeprefix("tests/").split("[")[0] for nodeid in tests[number])),
            _state({outcomes.get(nodeid, "not run") for nodeid in tests[number]}),
        )
        for number, words in known_requirements().items()
    ]


def _state(states: set[str]) -> str:
    if not states:
        return "missing"
    for state in ("failed", "not run"):
        if state in states:
            return state
    return "passed"


def print_table(lines: list[Line]) -> None:
    """Print requirement, tests and state, then a line of totals."""
    table = Table(box=box.SIMPLE, show_lines=True)
    for heading in ("", "requirement", "tests", "state"):
        table.add_column(heading, overflow="fold")
    for line in lines:
        names = [f"{name} ({n})" if n > 1 else name for name, n in line.tests.items()]
        table.add_row(line.number, line.words, "\n".join(names), line.state)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    totals = Counter(line.state for line in lines)
    console.print(", ".join(f"{count} {state}" for state, count in totals.items()))
