"""Missing codes never meet a real answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.missing import FAMILIES, USUAL, Between, Missing, free_codes


def between(low: float | None, high: float | None) -> Between:
    return Between(None if low is None else Decimal(low), None if high is None else Decimal(high))


def test_the_usual_codes() -> None:
    assert USUAL == {
        Missing.NOT_ASKED: "95",
        Missing.NOT_REACHED: "96",
        Missing.SKIPPED: "97",
        Missing.DECLINED: "98",
        Missing.NOT_SHOWN: "99",
    }


@pytest.mark.parametrize(
    ("low", "high", "skipped"),
    [
        (0, 10, "97"),
        (0, 94, "97"),
        (0, 95, "997"),
        (0, 96.5, "997"),
        (96.5, 200, "997"),
        (97.5, 97.9, "97"),
        (0, 120, "997"),
        (0, 996, "9997"),
        (0, 9_999_999, "-97"),
        (0, None, "-97"),
        (-40, None, "-97"),
        (-99, None, "-997"),
        (None, 50, "97"),
        (None, 2000, "9997"),
        (-100, 9_999_999, "-997"),
        (None, None, "-999999997"),
    ],
)
def test_numbers_get_codes_outside_their_range(
    low: float | None, high: float | None, skipped: str
) -> None:
    assert free_codes(between(low, high))[Missing.SKIPPED] == skipped


@pytest.mark.parametrize(
    ("names", "skipped"),
    [({"yes", "no"}, "97"), ({"0", "1"}, "97"), ({"97"}, "997"), ({"95", "999"}, "9997")],
)
def test_choices_get_codes_that_are_no_choice(names: set[str], skipped: str) -> None:
    assert free_codes(names)[Missing.SKIPPED] == skipped


numbers = st.integers(min_value=-(10**6), max_value=10**6)


@given(numbers, numbers)
def test_no_code_is_in_any_limited_range(one: int, other: int) -> None:
    possible = between(min(one, other), max(one, other))

    codes = free_codes(possible)

    assert not any(possible.holds(code) for code in codes.values())
    assert codes in FAMILIES
    assert len(set(codes.values())) == len(Missing)


def test_every_code_fits_the_integers_of_statistics_programs() -> None:
    assert all(abs(int(code)) < 2**31 for family in FAMILIES for code in family.values())
