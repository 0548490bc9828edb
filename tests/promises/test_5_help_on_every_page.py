"""Promise 5: help is one step away on every page, with a date on every entry."""

from __future__ import annotations

import re

import pytest

from app.web.spoken import LANGUAGES
from tests.person import Page, Person
from tests.place import SAMPLES, Place
from tests.walks import step_of, walk


def offers_help(page: Page) -> bool:
    links = any(link.startswith("/support") for link in page.links)
    return links or any(value == "support" for form in page.forms for _, value, _ in form.buttons)


def entries(page: Page) -> list[str]:
    """The services on a support page, each with what is said of it up to the next."""
    main = page.body.partition("<main")[2].partition("</main>")[0]
    return main.split('<article class="service">')[1:]


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R59", "R66")
def test_every_step_offers_help(place: Place, consultation: str) -> None:  # R59, R66
    pages: list[Page] = []

    walk(place.person(consultation), look=pages.append)

    assert [step_of(page) for page in pages if not offers_help(page)] == []
    assert pages[-1].path == "/sent"


@pytest.mark.requirement("R6", "R66")
def test_every_page_around_the_questions_offers_help(place: Place) -> None:
    person = place.person()
    nobody = Person(place.demo.base)
    pages = [nobody.open("/"), nobody.open(f"/{place.code()}"), nobody.open("/withdraw")]
    pages += [nobody.open(f"/results/{place.code()}"), nobody.open("/nowhere/at/all")]
    pages += [person.open("/pause"), person.open("/"), person.post("/page/1", [])]
    person.open("/page/1")
    walk(person, until="consent")
    pages.append(person.press("decline"))
    stopping = place.person()
    walk(stopping, until="leave_out")
    pages.append(stopping.press("delete"))

    assert [page.path for page in pages if not offers_help(page)] == []


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("page:report_barriers", {"report_easier": "half a sent"}),
        ("page:last_page", {"one_change": "a word"}),
    ],
)
@pytest.mark.requirement("R59")
def test_looking_for_help_loses_no_word(place: Place, step: str, words: dict[str, str]) -> None:
    person = place.person()
    walk(person, until=step)

    helping = person.press("support", words)
    assert helping.path.startswith("/support")
    person.open("/support?country=GB")
    back = person.open(next(link for link in helping.links if link == "/back-to-questions"))

    assert step_of(back) == step
    assert words.items() <= dict(back.form.fields).items()


@pytest.mark.requirement("R31")
def test_a_pause_loses_no_word(place: Place) -> None:  # R31
    person = place.person()
    walk(person, until="page:last_page")

    pause = person.press("pause", {"one_change": "half a sent"})

    assert pause.path == "/pause"
    assert offers_help(pause)
    back = person.open("/back-to-questions")
    assert dict(back.form.fields)["one_change"] == "half a sent"


@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.requirement("R63")
def test_every_country_of_a_consultation_has_somebody_to_talk_to(
    place: Place, consultation: str
) -> None:  # R63
    person = place.person(consultation)
    everywhere = len(entries(person.open("/support")))
    assert everywhere >= 2

    for country in place.definition(consultation).support.countries:
        page = person.open(f"/support?country={country}")
        said_that_none_is_known = len(page.words) > 0 and len(entries(page)) == everywhere
        assert len(entries(page)) > everywhere or said_that_none_is_known, country
        for entry in entries(page):
            assert re.search(r'href="(tel:|sms:|https://|mailto:)', entry), country
            assert re.search(r"\b202\d\b", entry), "an entry without a date"


@pytest.mark.requirement("R62")
def test_the_number_that_is_dialled_is_the_number_that_is_shown(place: Place) -> None:  # R62
    page = Person(place.demo.base).open("/support?country=GB")

    numbers = re.findall(r'href="tel:([^"]+)"[^>]*><bdi>([^<]+)</bdi>', page.body)
    assert len(numbers) >= 2
    for dialled, shown in numbers:
        assert re.sub(r"\D", "", dialled) == re.sub(r"\D", "", shown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.requirement("R6", "R68")
def test_help_speaks_every_language_without_a_session(place: Place, language: str) -> None:  # R6
    page = Person(place.demo.base).open(f"/support?country=LB&language={language}")

    assert page.status == 200
    assert f'<html lang="{language}"' in page.body
    assert "Set-Cookie" not in page.headers


@pytest.mark.requirement("R64")
def test_the_country_is_chosen_and_never_guessed_nor_kept(place: Place) -> None:  # R64
    person = place.person()
    walk(person, until="page:getting_help")

    first = person.open("/support")
    assert "selected" not in first.body
    before = place.draft_of(person)
    person.open("/support?country=GB")

    assert place.draft_of(person) == before
    assert "selected" not in person.open("/support").body


@pytest.mark.requirement("R67")
def test_links_to_helpers_tell_them_nothing(place: Place) -> None:  # R67
    page = Person(place.demo.base).open("/support?country=GB")

    outward = re.findall(r'<a [^>]*href="https://[^>]*>', page.body)
    assert len(outward) >= 3
    for link in outward:
        assert "noreferrer" in link
        assert "utm_" not in link
