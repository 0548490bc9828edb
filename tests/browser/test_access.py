"""Everybody can use every page and state: small, large, spaced, in few colours, by keyboard, read
aloud (R49, R50, R52, R59, R75, R79-R81, R83, R85)."""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.server import Demo

from .browsers import Mode
from .inspection import IN_EVERY_COLOUR, LOOKED_AT_CLOSELY, Inspection
from .outlines import KEPT, kept_outlines, read_outlines
from .walking import Walker

pytestmark = pytest.mark.browser

Way = tuple[str, str]
Inspected = Callable[[Way], Inspection]

CHROMIUM = Mode("chromium", javascript=True)
TOURS = (
    ("internet-safer", "en"),
    ("internet-safer", "ar"),
    ("internet-safer", "fr"),
    ("survivors-perspectives", "es"),
    ("children-know-better", "ne"),
    ("children-know-better", "bn"),
    ("every-kind", "en"),
    *(("", language) for language in ("ar", "fr", "es", "ne", "bn", "pt", "sw")),
)
"""Each language of the samples, and each kind of question; and the pages without a session in
each of the other languages that the interface speaks."""
THOROUGH = {
    *(("internet-safer", "fr"), ("survivors-perspectives", "es"), ("every-kind", "en")),
    *(("children-know-better", "ne"), ("children-know-better", "bn")),
    *(("", language) for language in ("fr", "es", "ne", "bn", "pt", "sw")),
    ("internet-safer", "ar"),
}
"""Whole tours of which each change takes the short form below."""
FEWEST_STATES, FEWEST_WITHOUT_SESSION = 30, 10
IN_SENTENCES = {"/withdraw"}
"""Where links inside a sentence lead, which may be as low as its line (WCAG 2.2, 2.5.8)."""


def ways(*wanted: Way) -> pytest.MarkDecorator:
    """Tests for some tours; those of one tour run in the same process, which takes it once."""
    return pytest.mark.parametrize(
        "way",
        [
            pytest.param(
                way,
                id="-".join(filter(None, way)),
                marks=pytest.mark.thorough if way in THOROUGH else (),
            )
            for way in wanted
        ],
    )


every_way = ways(*TOURS)
close_ways = ways(*(way for way in TOURS if way[1] in LOOKED_AT_CLOSELY))
colourful_ways = ways(*(way for way in TOURS if way in KEPT and way[1] in IN_EVERY_COLOUR))


def walked(driver: WebDriver, demo: Demo, way: Way, *, everywhere: bool = False) -> Inspection:
    """Take a tour, and look at each page and state."""
    person = Walker(driver, demo.base)
    person.fresh_tab()
    inspection = Inspection(person, demo, *way, everywhere)
    inspection.walk()
    return inspection


@pytest.fixture(scope="session")
def inspected(browsers: Callable[[Mode], WebDriver], demo: Demo) -> Callable[[Way], Inspection]:
    """Gives what was found on a tour; each is taken once, when the first test asks for it."""
    taken: dict[Way, Inspection | Exception] = {}

    def take(way: Way) -> Inspection:
        return walked(browsers(CHROMIUM), demo, way)

    def found(way: Way) -> Inspection:
        if way not in taken:
            try:
                taken[way] = take(way)
            except Exception as error:
                taken[way] = error
        outcome = taken[way]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return found


def expect_none(inspection: Inspection, *checks: str) -> None:
    """These checks were made, and found no fault on any page or state."""
    assert set(checks) <= inspection.made
    faults = [fault for check in checks for fault in inspection.found[check]]
    assert not faults, "\n".join(faults)


@every_way
def test_the_tour_sees_every_page_and_state(inspected: Inspected, way: Way) -> None:
    """So that no test below passes because nothing was there."""
    consultation, _language = way
    fewest = FEWEST_STATES if consultation else FEWEST_WITHOUT_SESSION
    assert len(inspected(way).outlines) >= fewest


@every_way
def test_r81_axe_finds_nothing(inspected: Inspected, way: Way) -> None:
    """WCAG 2.0 to 2.2, A and AA, and best practice; narrow and wide, light and dark, on paper."""
    expect_none(inspected(way), "axe")


@every_way
def test_r81_a_screen_reader_is_told_names_and_structure(inspected: Inspected, way: Way) -> None:
    """From the accessibility tree: every control and group named, one main part, headings in
    steps."""
    expect_none(inspected(way), "tree", "names")


@every_way
def test_r75_r79_r80_each_language_is_whole_marked_and_offered(
    inspected: Inspected, way: Way
) -> None:
    """No words of another script without saying so; each language under its own name."""
    expect_none(inspected(way), "languages", "sides")


@every_way
def test_r59_the_way_to_support_has_its_place(inspected: Inspected, way: Way) -> None:
    """In the foot of every page, before the languages (WCAG 2.2, 3.2.6)."""
    expect_none(inspected(way), "support")


@every_way
def test_r49_r50_r52_the_exit_comes_first_and_covers_nothing(
    inspected: Inspected, way: Way
) -> None:
    """Tab begins at the exit, goes on as the eye does, and shows where it is; the exit is in sight
    wherever one scrolls, at 320 by 256 pixels too, which is 400 % on a computer."""
    expect_none(inspected(way), "exit", "order", "focus")


@every_way
def test_r83_targets_are_large_and_apart(inspected: Inspected, way: Way) -> None:
    """44 pixels both ways, for all but links inside a sentence."""
    expect_none(inspected(way), "targets", "overlaps")
    links = {link.partition("?")[0] for link in inspected(way).sentence_links}
    assert links <= IN_SENTENCES


@every_way
def test_r81_nothing_is_cut_or_has_to_be_scrolled_sideways(inspected: Inspected, way: Way) -> None:
    """At 320 pixels; and, in languages looked at closely, set apart (WCAG 2.2, 1.4.12) and at twice
    the text (1.4.4)."""
    expect_none(inspected(way), "fits")


@close_ways
def test_r81_r85_what_people_ask_of_their_device_is_kept(inspected: Inspected, way: Way) -> None:
    """Forced colours leave lines to see by; who wants no movement gets none."""
    expect_none(inspected(way), "lines", "still")


@colourful_ways
def test_r81_r85_more_contrast_for_who_asks_for_it(inspected: Inspected, way: Way) -> None:
    """Seven to one, light and dark."""
    expect_none(inspected(way), "contrast")


@ways(*KEPT)
def test_r81_pages_are_told_as_they_were_written_down(inspected: Inspected, way: Way) -> None:
    """Name, role and order of everything on the key pages; `make outlines` writes them anew."""
    expected, found = read_outlines(*way), kept_outlines(inspected(way))
    assert not list(unified_diff(expected.splitlines(), found.splitlines(), lineterm="", n=2))


@pytest.mark.thorough
@close_ways
@pytest.mark.requirement("R49", "R50", "R52", "R81", "R83", "R85")
def test_a_part_that_was_seen_before_is_right_on_every_other_page_too(
    browsers: Callable[[Mode], WebDriver], demo: Demo, way: Way
) -> None:
    """Above, only a page with a part of a new kind is seen in every size, colour and by real Tabs;
    every page is seen small, by axe and by all measures."""
    inspection = walked(browsers(CHROMIUM), demo, way, everywhere=True)
    expect_none(inspection, *inspection.made)
