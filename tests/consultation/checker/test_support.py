"""Support services: how old a check may be, and for whom there has to be one."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest

from app.consultation.checker import CountrySupport, Listing
from tests.complete import AROUND, COMPLETE, TODAY, check, with_blocks


def found(*listings: Listing, more: str = "", none_known: bool = False) -> list[tuple[str, str]]:
    """Rules and messages when these are the only services of Great Britain."""
    support = {"GB": CountrySupport("surveys/support/gb.yaml", listings, none_known)}
    text = with_blocks(more) if more else COMPLETE
    checked = check(text, replace(AROUND, support=support))
    return [(finding.rule, finding.message) for finding in checked.standing]


def line(day: dt.date | None, ages: tuple[float, float] = (0, math.inf)) -> Listing:
    return Listing("A line", ages=(ages,), checked_on=day)


@pytest.mark.parametrize(
    ("day", "fresh"),
    [
        (TODAY, True),
        (TODAY.replace(year=2025), True),
        (TODAY.replace(year=2025, day=20), False),
        (TODAY.replace(year=2025, month=12, day=31), True),
        (TODAY.replace(year=2025, month=10, day=31), False),
        (None, False),
    ],
)
@pytest.mark.requirement("R61")
def test_a_check_lasts_twelve_months(day: dt.date | None, fresh: bool) -> None:
    assert (found(line(day)) == []) == fresh


def test_the_entry_and_its_file_are_named() -> None:
    ((rule, message),) = found(line(None))

    assert rule == "support-checked"
    assert "A line" in message
    assert "surveys/support/gb.yaml" in message


@pytest.mark.parametrize(
    ("ages", "audience", "missing"),
    [
        ((0, 17), "{from_age: 13, to_age: 24}", ["adults"]),
        ((18, math.inf), "{from_age: 13, to_age: 24}", ["children"]),
        ((0, 25), "{from_age: 13, to_age: 24}", []),
        ((0, 17), "{from_age: 9, to_age: 17}", []),
        ((0, 25), "{from_age: 18}", ["adults"]),
        ((18, math.inf), "{from_age: 18}", []),
    ],
)
@pytest.mark.requirement("R63")
def test_there_is_help_for_the_ages_that_are_invited(
    ages: tuple[float, float], audience: str, missing: list[str]
) -> None:
    everything = found(line(TODAY, ages), more=f"audience: {audience}")
    messages = [message for rule, message in everything if rule == "support-for-all"]

    assert len(messages) == len(missing)
    for group, message in zip(missing, messages, strict=True):
        assert group in message


def test_where_nothing_is_known_and_said_it_may_open() -> None:
    assert found(none_known=True) == []
    assert [rule for rule, _ in found()] == ["support-for-all", "support-for-all"]


def test_an_entry_that_is_hidden_helps_nobody() -> None:
    hidden = replace(line(TODAY), hidden=True)

    assert {rule for rule, _ in found(hidden)} == {"support-for-all"}


def test_a_country_without_a_file_is_named() -> None:
    text = with_blocks("support: {countries: [GB, DE]}")
    (finding,) = check(text).standing

    assert finding.rule == "support-for-all"
    assert "DE" in finding.message
    assert finding.column == "support: {countries: [GB, DE]}".index("DE") + 1
