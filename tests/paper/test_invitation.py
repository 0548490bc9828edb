"""Posters and cards: a code that a phone can read, and not a word about the subject."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from pypdf import PdfReader

from app.paper import Invitation, print_cards, print_poster
from app.sealing import new_card_code

from .conftest import help_for, sample
from .reading import PageRead, read

LANGUAGES = ["en", "fr", "es", "ar"]
LONG = "https://a-rather-long-name.questions.example-organisation.org:8443"


def invitation(address: str = "https://questions.example.org") -> Invitation:
    return Invitation("Questions", address, "bcd2fg")


def poster(language: str = "en", *countries: str, address: str = "") -> bytes:
    listings = help_for(sample("internet-safer"), *countries).listings
    return print_poster(invitation(address) if address else invitation(), language, listings)


def decoded(pdf: bytes) -> list[list[str]]:
    """What a phone reads on each page, from a picture of it."""
    return [read_picture(page) for page in pypdfium2.PdfDocument(pdf)]


def read_picture(page: pypdfium2.PdfPage) -> list[str]:
    """What a phone reads on a page drawn in shades of grey, at 144 dots an inch."""
    drawn = page.render(scale=2.0, grayscale=True)
    shades = bytes(drawn.buffer)  # has to live for as long as it is looked at
    lum = zxingcpp.ImageFormat.Lum
    view = zxingcpp.ImageView(
        shades,  # type: ignore[arg-type]  # its types know arrays alone; it takes any buffer
        drawn.width,
        drawn.height,
        lum,
        drawn.stride,
    )
    return [code.text for code in zxingcpp.read_barcodes(view)]


def together(pages: list[PageRead]) -> str:
    return " ".join(page.text for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["https://questions.example.org", LONG])
def test_a_phone_reads_the_link_on_the_poster(language: str, address: str) -> None:
    pdf = poster(language, "GB", "FR", "JO", address=address)

    assert decoded(pdf) == [[f"{address}/bcd2fg"]]


def test_the_poster_says_the_address_and_the_code_in_large_letters() -> None:
    (page,) = read(poster())

    assert page.shows("questions.example.org")
    sizes = {"".join(piece.clusters): piece.size for piece in page.pieces}
    assert sizes["questions."] == 30
    assert sizes["bcd2fg"] == 48
    assert min(page.sizes) >= 16


def test_a_long_address_still_fits_on_the_poster() -> None:
    (page,) = read(poster(address=LONG))

    assert page.shows(LONG.removeprefix("https://"))


@pytest.mark.parametrize("countries", [(), ("GB",), ("GB", "FR", "JO")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poster_is_one_page(language: str, countries: tuple[str, ...]) -> None:
    assert len(read(poster(language, *countries))) == 1


@pytest.mark.parametrize("language", ["ne", "bn"])
def test_a_poster_is_one_page_in_taller_scripts(
    language: str, catalogue_of: Callable[[str], Path]
) -> None:
    listings = help_for(sample("children-know-better")).listings
    pdf = print_poster(invitation(), language, listings, catalogue_of(language))

    assert len(read(pdf)) == 1


def test_the_poster_shows_where_to_get_help() -> None:
    (page,) = read(poster("en", "GB"))
    assert page.shows("If you are in danger now: 999 112")
    assert page.shows("If you want to talk to someone now questions.example.org/support")

    (page,) = read(poster("en", "GB", "FR"))
    assert page.shows("United Kingdom. If you are in danger now: 999 112")


def test_numbers_of_many_countries_are_left_to_the_support_page() -> None:
    (page,) = read(poster("en", "GB", "FR", "JO", "CA"))

    assert page.shows("If you are in danger now, call the emergency number of your country")
    assert not page.shows("999")


def test_nothing_names_the_subject_or_who_asks() -> None:  # R9
    definition = sample("survivors-perspectives")
    listings = help_for(definition).listings
    i = Invitation(definition.public_name["en"], "https://questions.example.org", "bcd2fg")
    names = [service.name for listing in listings for service in listing.services]

    for pdf in (print_poster(i, "en", listings), print_cards(i, "en", ["bcd2fg"] * 3)):
        said = together(read(pdf)).lower()
        for word in ("survivor", "abuse", "sexual", "child", "alliance", "internet", "safe"):
            assert word not in said
        assert not any(name.replace(" ", "").lower() in said for name in names)
        metadata = PdfReader(io.BytesIO(pdf)).metadata
        assert metadata
        assert metadata.title == "Questions"


@pytest.mark.parametrize(("count", "pages"), [(1, [1]), (8, [8]), (11, [8, 3]), (16, [8, 8])])
def test_there_are_as_many_cards_as_asked_for(count: int, pages: list[int]) -> None:
    read_codes = decoded(print_cards(invitation(), "en", ["bcd2fg"] * count))

    assert [len(codes) for codes in read_codes] == pages
    assert {code for codes in read_codes for code in codes} == {
        "https://questions.example.org/bcd2fg"
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_says_address_and_code_to_type(language: str) -> None:
    (page,) = read(print_cards(invitation(LONG), language, ["bcd2fg"] * 2))

    letters = page.text
    assert letters.count("bcd2fg") == 2
    assert letters.count(LONG.removeprefix("https://")) == 2
    assert min(page.sizes) >= 11


WIDEST = "mmmm-mmmm-wwww-mmmm"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.requirement("R8")
def test_each_card_can_have_a_code_of_its_own(language: str) -> None:
    codes = [WIDEST, *(new_card_code() for _ in range(10))]

    pdf = print_cards(invitation(LONG), language, codes)

    assert [len(found) for found in decoded(pdf)] == [8, 3]
    assert {one for found in decoded(pdf) for one in found} == {f"{LONG}/{code}" for code in codes}
    pages = read(pdf)
    for code in codes:
        assert sum(page.text.count(code) for page in pages) == 1, code
    assert min(size for page in pages for size in page.sizes) >= 9


def test_the_widest_code_stays_on_its_two_lines() -> None:
    """A sign that fell to a third line would be typed in the wrong place."""
    (page,) = read(print_cards(invitation(LONG), "en", [WIDEST]))

    widest = [piece for piece in page.pieces if "mmmm" in "".join(piece.clusters)]
    assert len({round(piece.y) for piece in widest}) == 2
