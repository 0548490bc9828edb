"""Support services of the countries that are admitted: R60 to R63."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator

from ..findings import Path
from .registry import Spot, rule
from .sheet import ADULT_AGE, Sheet
from .surroundings import CountrySupport, Listing

MONTHS_FRESH = 12
"""A number that nobody has called for a year may be dead (R61)."""


def _countries(sheet: Sheet) -> Iterator[tuple[Path, str, CountrySupport]]:
    for index, code in enumerate(sheet.definition.support.countries):
        known = (sheet.around.support or {}).get(code)
        if known:
            yield ("support", "countries", index), code, known


def _names(listings: list[Listing]) -> str:
    return ", ".join(listing.name for listing in listings)


@rule(
    "support-details",
    "advice",
    "R60",
    "A person can see hours, languages, cost, and if a name is asked.",
)
def _details(sheet: Sheet) -> Iterator[Spot]:
    listings = [each for _, _, known in _countries(sheet) for each in known.listings]
    bare = [each for each in listings if each.unknown]
    if bare:
        missing = sorted({word for each in bare for word in each.unknown})
        yield (
            ("support", "countries"),
            f"{len(bare)} of {len(listings)} support entries do not say all of: "
            f"{', '.join(missing)}. Ask the services, and write it into surveys/support/.",
        )


@rule(
    *("support-checked", "gate", "R61"),
    "Somebody called every number in the last 12 months, and signed.",
    in_demo="advice",
    firm=True,
)
def _checked(sheet: Sheet) -> Iterator[Spot]:
    today = sheet.around.today
    stale: dict[int, list[Listing]] = {}
    for path, code, known in _countries(sheet):
        unchecked = [each for each in known.listings if not each.checked_on]
        old = [each for each in known.listings if each.checked_on and not _fresh(each, today)]
        stale[int(path[-1])] = unchecked + old
        if sheet.definition.demo:
            continue
        if unchecked:
            yield (
                path,
                f"{code}: nobody has checked {_names(unchecked)}. Call or write to them, and sign "
                f"in {known.file}: checked: {{by: your name, date: {today}}}.",
            )
        if old:
            yield (
                path,
                f"{code}: {_names(old)} was checked more than {MONTHS_FRESH} months ago. Call "
                f"again, and change the date in {known.file}.",
            )
    if sheet.definition.demo and any(stale.values()):
        count = sum(len(listings) for listings in stale.values())
        yield (
            ("support", "countries"),
            f"{count} support entries are not checked by a person within {MONTHS_FRESH} months. "
            "Before real use, each has to be called and signed in surveys/support/.",
        )


def _fresh(listing: Listing, today: dt.date) -> bool:
    seen = listing.checked_on
    if seen is None:
        return False
    months = (today.year - seen.year) * 12 + today.month - seen.month
    return (months, today.day) <= (MONTHS_FRESH, seen.day)


@rule("support-dials", "gate", "R62", "What is dialled is what is shown.", firm=True)
def _dials(sheet: Sheet) -> Iterator[Spot]:
    for path, code, known in _countries(sheet):
        for listing in known.listings:
            for shown, address in listing.dialled:
                if _digits(shown) != _digits(address.split("?")[0]):
                    yield (
                        path,
                        f"{code}: {listing.name} shows {shown} and dials {address}. Correct it in "
                        f"{known.file}.",
                    )


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


@rule(
    "support-for-all",
    "gate",
    "R63",
    "Every country has help for the ages that are invited.",
    firm=True,
)
def _for_all(sheet: Sheet) -> Iterator[Spot]:
    if sheet.around.support is None:
        return
    for index, code in enumerate(sheet.definition.support.countries):
        known = sheet.around.support.get(code)
        for message in _lacks(sheet, code, known):
            yield ("support", "countries", index), message


def _lacks(sheet: Sheet, code: str, known: CountrySupport | None) -> Iterator[str]:
    if known is None:
        yield (
            f"{code} has no file in surveys/support/. Write {code.lower()}.yaml with a service, or "
            "with “none_known: true”."
        )
        return
    if known.none_known:
        return
    shown = [listing for listing in known.listings if not listing.hidden]
    said = sheet.definition.support.none_known
    ages = sheet.definition.audience
    last = math.inf if ages.to_age is None else ages.to_age
    wanted = (
        (sheet.for_children, "children", (ages.from_age, min(last, ADULT_AGE - 1)), said.children),
        (sheet.for_adults, "adults", (max(ages.from_age, ADULT_AGE), last), said.adults),
    )
    for invited, group, (low, high), none_known in wanted:
        there = any(listing.is_for(low, high) for listing in shown)
        if invited and not there and code not in none_known:
            yield (
                f"{code} has no support service for {group}. Add one to {known.file}; if you "
                f"looked and found none, add “none_known: {{{group}: [{code}]}}” under support."
            )
