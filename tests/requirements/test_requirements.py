"""Every requirement of the journey has a test that carries its number."""

from __future__ import annotations

from .table import LATER, coverage


def test_no_requirement_of_the_journey_is_without_a_test() -> None:
    missing = [
        f"{line.number}: {line.words}"
        for line in coverage()
        if line.state == "missing" and line.number not in LATER
    ]
    assert not missing, "\n".join(missing)
