"""The directory that comes with Heard: what must be in it, and what must never be."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from app.support import Directory, Service, load_directory

FOLDER = Path(__file__).parents[2] / "surveys" / "support"

WHEN_IT_WAS_MADE = dt.date(2026, 11, 21)

NOT_GOOD_ENOUGH = {
    "0808 8010818": "GB, from memory",
    "800-656-4673": "US, from memory",
    "01800 911 1119": "MX, of 2012, with a prefix no longer dialled",
    "800 55 33 000": "MX, press of 2020",
    "55 5533 5533": "MX, press of 2020",
    "080 05 03 05": "BA, an old page",
    "+251 221 117575": "ET, one region, a temporary-looking page",
    "+233 545 957 408": "GH, two numbers on one page",
    "+233 55 000 6737": "GH, two numbers on one page",
    "+231 886 521 443": "LR, an old page",
    "+231 777 521 443": "LR, an old page",
    "80 00 11 32": "ML, of 2014",
    "0800 044 334": "NZ, label and link differed in the source",
    "0800 88 33 00": "NZ, label and link differed in the source",
    "0800 055 555": "ZA, not verified",
    "1800 66 66 66": "IE, not verified",
}


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(FOLDER)


def every_service(directory: Directory) -> list[Service]:
    in_countries = [s for country in directory.countries for s in directory.services_in(country)]
    return [*in_countries, *directory.global_entries()]


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def test_at_least_35_countries_show_a_service_and_two_directories_cover_the_rest(
    directory: Directory,
) -> None:
    shown = [
        country
        for country in directory.countries
        if directory.for_country(country, WHEN_IT_WAS_MADE).services
    ]

    assert len(shown) >= 35
    assert len(directory.global_entries(WHEN_IT_WAS_MADE)) == 2


@pytest.mark.requirement("R62")
def test_every_dialled_number_has_the_digits_that_are_shown(directory: Directory) -> None:
    links = [link for s in every_service(directory) for link in (*s.tel_links, *s.whatsapp_links)]
    for country in directory.countries:
        emergency = directory.emergency_in(country)
        assert emergency is not None, f"{country} has no emergency number"
        links += emergency.tel_links

    assert len(links) > 100
    for shown, href in links:
        assert digits(href) == digits(shown)


@pytest.mark.requirement("R60")
def test_every_entry_says_where_and_when_it_was_seen(directory: Directory) -> None:
    for service in every_service(directory):
        assert len(service.source) > 10, service.name
        assert service.last_seen <= WHEN_IT_WAS_MADE, service.name


@pytest.mark.parametrize("number", NOT_GOOD_ENOUGH)
def test_numbers_from_weak_sources_do_not_ship(number: str) -> None:
    for path in FOLDER.glob("*.yaml"):
        kept = [
            digits(shown) for shown in re.findall(r'"(\+?[0-9 ()-]+)"', path.read_text("utf-8"))
        ]
        assert digits(number) not in kept, path.name


def test_files_hold_no_dialling_address_of_their_own() -> None:
    for path in FOLDER.glob("*.yaml"):
        assert "tel:" not in path.read_text("utf-8"), path.name


@pytest.mark.parametrize("country", ["BA", "ET", "LR", "ML", "MX"])
@pytest.mark.requirement("R63", "R65")
def test_countries_without_a_good_source_say_so_and_still_give_emergency_numbers(
    directory: Directory, country: str
) -> None:
    listing = directory.for_country(country, WHEN_IT_WAS_MADE, 18)

    assert listing.none_known
    assert listing.services == ()
    assert listing.emergency is not None


def test_emergency_numbers_are_those_of_the_named_metadata(directory: Directory) -> None:
    phonenumbers = pytest.importorskip("phonenumbers")
    for country in directory.countries:
        emergency = directory.emergency_in(country)
        assert emergency is not None
        for number in emergency.numbers:
            known = phonenumbers.is_emergency_number(number, country)
            assert known or (country, number) == ("NG", "112"), (country, number)
