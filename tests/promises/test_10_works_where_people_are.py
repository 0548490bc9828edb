"""Promise 10: it works where people are: no JavaScript, tens of kilobytes, right to left."""

from __future__ import annotations

import http.client
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tests.person import Page, Person
from tests.place import SAMPLES, Place
from tests.walks import step_of, walk

LANGUAGES = [("internet-safer", language) for language in ("en", "fr", "ar")]
LANGUAGES += [("survivors-perspectives", language) for language in ("en", "es")]

FIRST_PAGE = 14 * 1024
"""Bytes over the wire, headers not counted: what fits into the first answer of a server, ten
packets of about 1,460 bytes (RFC 6928), so that a slow line waits once."""
QUESTION_PAGE = 8 * 1024
WHOLE_PAGE = 50 * 1024


class _Loaded(HTMLParser):
    """What a browser fetches by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts_inside = 0
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.handlers += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.addresses.append(given.get("href") or "")
        if tag in ("script", "img", "audio", "video", "iframe", "source", "embed", "object"):
            self.addresses.append(given.get("src") or "inline")
            self.scripts_inside += tag == "script" and "src" not in given


def loaded(page: Page) -> _Loaded:
    reader = _Loaded()
    reader.feed(page.body)
    return reader


def wire_bytes(person: Person, path: str, encoding: str) -> int:
    """Bytes of the answer's body as they travel."""
    connection = http.client.HTTPConnection(person.host, timeout=60)
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    connection.request("GET", path, headers={"Accept-Encoding": encoding, "Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, path
    connection.close()
    return len(body)


@pytest.mark.parametrize(("consultation", "language"), LANGUAGES)
@pytest.mark.requirement("R82")
def test_everything_can_be_answered_and_sent_without_a_script(
    place: Place, consultation: str, language: str
) -> None:  # R82
    person = place.person(consultation, language)
    seen: list[Page] = []

    (document,) = place.sent_by(
        lambda: walk(person, lambda name: f"{name}: نعم oui 👍", look=seen.append), consultation
    )

    definition = place.definition(consultation)
    asked = [question.name for question in definition.asked]
    shown = [name for name in asked if name not in document["not_shown"]]
    assert list(document["answers"]) == shown
    assert document["language"] == language
    assert document["definition"] == definition.digest
    direction = "rtl" if language == "ar" else "ltr"
    for page in seen:
        assert f'<html lang="{language}" dir="{direction}"' in page.body, step_of(page)
        assert page.title == definition.public_name[language]  # R9


@pytest.mark.parametrize("encoding", ["gzip", "br"])
@pytest.mark.requirement("R82")
def test_the_first_page_with_all_it_loads_is_light(place: Place, encoding: str) -> None:
    nobody = Person(place.demo.base)
    page = nobody.open(f"/{place.code()}")

    addresses = {*loaded(page).addresses, f"/{place.code()}"}

    assert len(addresses) >= 4
    assert sum(wire_bytes(nobody, address, encoding) for address in addresses) <= FIRST_PAGE


@pytest.mark.parametrize(("consultation", "language"), LANGUAGES)
@pytest.mark.requirement("R82")
def test_every_question_page_is_light(place: Place, consultation: str, language: str) -> None:
    person = place.person(consultation, language)
    seen: list[Page] = []
    walk(person, until="check", look=seen.append)

    for number, page in enumerate(seen, 1):
        assert len(page.body.encode()) <= WHOLE_PAGE
        assert wire_bytes(person, f"/page/{number}", "gzip") <= QUESTION_PAGE, step_of(page)


@pytest.mark.requirement("R88")
def test_no_page_loads_anything_from_elsewhere_or_holds_a_script_inside(place: Place) -> None:
    seen: list[Page] = []  # R88
    walk(place.person(), look=seen.append)
    nobody = Person(place.demo.base)
    seen += [nobody.open(path) for path in ("/", "/support?country=GB", "/withdraw", "/no/where")]
    seen.append(nobody.open(f"/results/{place.code()}"))

    for page in seen:
        found = loaded(page)
        assert found.scripts_inside == 0
        assert found.handlers == []
        for address in found.addresses:
            assert urlsplit(address).netloc == ""
            assert re.fullmatch(r"/static/[0-9a-f]{16}\.(css|js|svg)", address), address


@pytest.mark.parametrize("consultation", SAMPLES)
def test_every_page_has_one_heading_of_the_first_rank_and_one_main_part(
    place: Place, consultation: str
) -> None:
    seen: list[Page] = []
    walk(place.person(consultation), look=seen.append)

    for page in seen:
        assert page.body.count("<main") == 1, step_of(page)
        assert page.body.count("<h1") == 1, step_of(page)


@pytest.mark.requirement("R80")
def test_the_language_can_be_changed_on_every_step_without_losing_a_word(place: Place) -> None:
    person = place.person()  # R80
    walk(person, until="page:last_page")

    for language in ("ar", "fr", "en"):
        person.press(f"language:{language}", {"one_change": "half a sent"})

        assert step_of(person.seen) == "page:last_page"
        assert f'<html lang="{language}"' in person.seen.body
        assert dict(person.seen.form.fields)["one_change"] == "half a sent"


@pytest.mark.requirement("R87")
def test_a_box_for_writing_sends_its_words_nowhere_else(place: Place) -> None:  # R87
    seen: list[Page] = []
    walk(place.person(), look=seen.append)

    boxes = re.findall(r"<textarea[^>]*>", "".join(page.body for page in seen))
    assert len(boxes) >= 2
    for box in boxes:
        assert 'autocomplete="off"' in box
        assert 'spellcheck="false"' in box
        assert 'dir="auto"' in box
