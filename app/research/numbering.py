"""Numbers for answers: SPSS and Stata count and label numbers, and keep words only as words.

A number never changes with a new version: choices are counted in the order in which versions
brought them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Final

from babel.core import get_global

from app.consultation import choices_of

from .columns import Asked, Column
from .missing import Between, Missing, free_codes

# Past the numbers of ISO 3166-1, for the letters that have none.
_WITHOUT_NUMBER: Final = 1000
_LETTERS: Final = 26
_PRIVATE: Final = 900  # ISO 3166-1 leaves the numbers from here on to whoever needs some
# ISO 3166-3: Germany twice, Ethiopia, France, Sudan, Yemen twice, before they changed.
_WITHDRAWN: Final = frozenset({278, 280, 230, 249, 736, 720, 886})


def numbered_choices(asked: Asked) -> dict[str, int]:
    """Return a number for each choice of every version, in the order in which they came.

    A choice that is called by a small number keeps it; others are counted from 1.
    """
    numbers: dict[str, int] = {}
    for _, form in reversed(asked.forms):
        new = [choice.name for choice in choices_of(form) if choice.name not in numbers]
        for name in sorted(new, key=lambda name: not _is_small(name)):  # those called so first
            taken = set(numbers.values())
            own = int(name) if _is_small(name) else 0
            free = (number for number in count(1) if number not in taken)
            numbers[name] = own if _is_small(name) and own not in taken else next(free)
    return numbers


def _is_small(name: str) -> bool:
    return name.isdecimal() and str(int(name)) == name and int(name) < _WITHOUT_NUMBER


def country_number(letters: str) -> int:
    """Return the number of ISO 3166-1 for a country's two letters, such as 524 for NP.

    Letters that have no number there, such as XK, get one from 1000 on.
    """
    known = _iso_numbers().get(letters)
    if known is not None:
        return known
    first, second = (ord(letter) - ord("A") for letter in letters)
    return _WITHOUT_NUMBER + first * _LETTERS + second


MOST_COUNTRY: Final = _WITHOUT_NUMBER + _LETTERS**2


@cache
def _iso_numbers() -> dict[str, int]:
    """CLDR, supplemental metadata: territory aliases, of which those of three digits are ISO's."""
    return {
        letters[0]: int(alias)
        for alias, letters in get_global("territory_aliases").items()
        if len(alias) == 3 and alias.isdecimal() and len(letters) == 1  # noqa: PLR2004
        if int(alias) < _PRIVATE and int(alias) not in _WITHDRAWN
    }


def known_countries() -> list[str]:
    """Return the two letters of every country that has a number, sorted."""
    return sorted(_iso_numbers())


def missing_numbers(column: Column, numbers: Sequence[int]) -> dict[Missing, int]:
    """Return the codes of a column as numbers of which none is the number of an answer.

    Args:
        column: whose answers are numbers, or are written as these `numbers`.
        numbers: empty where the answers are numbers already, or months (which end in 00 to 12).
    """
    codes = column.codes
    if numbers and codes:
        free = free_codes(Between(Decimal(min(numbers)), Decimal(max(numbers))))
        codes = {reason: free[reason] for reason in codes}
    return {reason: int(code) for reason, code in codes.items()}
