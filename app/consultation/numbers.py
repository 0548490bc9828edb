"""Long numbers in a text: which of them could lead to a person, and which are ordinary talk."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from phonenumbers import (
    Leniency,
    PhoneNumberMatcher,
    PhoneNumberType,
    number_type,
)

# Between digits of one number: spaces of every width but no new line, dashes, dots, brackets.
_BETWEEN = r"[ \u00a0\u2000-\u200b\u202f.()/\-\u2010-\u2015]"
_LONG = re.compile(
    rf"(?<!\d)(?<!\d,)(?:\+|\((?=\d{{1,6}} ?\)))?\d(?:{_BETWEEN}{{0,3}}\d){{6,}}",
)
_MONEY = r"$\u00a3\u00a5\u09f3\u20a0-\u20bf"
_MONEY_BEFORE = re.compile(rf"[{_MONEY}] ?$")
_MONEY_AFTER = re.compile(rf" ?[%{_MONEY}]")

_HOURS_OR_DECIMAL = re.compile(r"\d{1,2}\.\d\d ?[-\u2013] ?\d{1,2}\.\d\d|\d\.\d+")
_YEARS_AND_DAYS = re.compile(
    r"(?:\d{1,2} )*(?:19|20)\d\d(?: \d{1,2}| (?:19|20)\d\d)+|"
    r"(?:\d{1,2} )+(?:19|20)\d\d"
)
_ROUND_SUM = re.compile(r"[1-9]\d*000|[1-9]\d{0,2}(?: \d{3})* 000|[1-9]\d*00(?: [1-9]\d*00)+")
_COUNTED = re.compile(r"[1-9]\d?(?: [1-9]\d?)+")

FEWEST_DIGITS = 9
"""From here on, digits in groups are taken for a number of somebody's, whoever gave it out."""
MOST_DIGITS = 15
"""No telephone number of the world is longer (ITU-T E.164)."""
MOST_CHECKED = 50
"""Numbers of one text that are held against the numbering plans of the regions: bounds the work."""


def find_numbers(
    text: str, regions: Sequence[str] = (), listed: Collection[str] = ()
) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each number in `text` that could lead to a person.

    Args:
        text: what somebody wrote, in digits of any script.
        regions: ISO 3166 codes of the countries whose numbering plans are looked at for numbers
            without a country code.
        listed: digits of numbers that everybody may know, such as those of helplines.
    """
    checked = 0
    for match in _LONG.finditer(text):
        raw = match.group()
        groups = [_latin(group) for group in re.findall(r"\d+", raw)]
        digits = "".join(groups)
        if digits in listed or _is_ordinary(raw, groups) or _is_money(text, *match.span()):
            continue
        plain = len(digits) >= FEWEST_DIGITS or len(groups) == 1 or raw.startswith("+")
        kinds: set[int] = set()
        if len(digits) <= MOST_DIGITS and checked < MOST_CHECKED:
            checked += 1
            kinds = _telephone_kinds(raw, regions)
        if (plain or kinds) and PhoneNumberType.TOLL_FREE not in kinds:
            yield match.span()


def _latin(digits: str) -> str:
    return "".join(str(int(digit)) for digit in digits)


def _is_money(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 2) : start]
    return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(text, end))


def _is_ordinary(raw: str, groups: list[str]) -> bool:
    """Whether digits are years, a day, hours, round sums, or things counted up or down."""
    if raw.startswith("+"):
        return False
    spaced = " ".join(groups)
    if _HOURS_OR_DECIMAL.fullmatch(raw) or _YEARS_AND_DAYS.fullmatch(spaced):
        return True
    if _COUNTED.fullmatch(spaced):
        numbers = [int(group) for group in groups]
        return numbers in (sorted(set(numbers)), sorted(set(numbers), reverse=True))
    return bool(_ROUND_SUM.fullmatch(spaced))


def _telephone_kinds(raw: str, regions: Sequence[str]) -> set[int]:
    """The kinds of telephone number that this could be in the world and in these regions.

    Leniency VALID: a number that the plan of a country knows, written in whatever groups. Stricter
    ones ask for the groups of the country, which people do not keep to; the looser one takes every
    number of a likely length.
    """
    return {
        number_type(found.number)
        for region in (None, *regions)
        for found in PhoneNumberMatcher(raw, region, leniency=Leniency.VALID)
    }
