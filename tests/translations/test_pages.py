"""A person's pages in each language: nothing falls back to English on the way (R75, R80)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from app.web.languages import direction
from tests.person import Page, Person
from tests.server import Demo, running_demo

TRANSLATIONS = Path(__file__).parents[2] / "app" / "translations"
CONSULTATIONS = {
    "fr": "internet-safer",
    "es": "survivors-perspectives",
    "ar": "internet-safer",
    "ne": "children-know-better",
    "bn": "children-know-better",
}
WORDS_OF_SERVICES = {
    "fr": ("tchat, ", "avril 2026", "aymara"),
    "es": ("chat, ", "abril de 2026", "aimara"),
    "ar": ("دردشة، ", "أبريل 2026", "الأيمارا"),
    "ne": ("च्याट, ", "2026 अप्रिल", "ऐमारा"),
    "bn": ("চ্যাট, ", "এপ্রিল 2026", "আয়মারা"),
}
"""A channel with the comma of a list, a month, and a language without a name of its own."""
FEW_WORDS = 3
"""English sentences shorter than this could also be words of another language."""
EXIT = "https://weather.example/today"
NEVER_SEEN = "a-code-that-nobody-has"


def folder(tag: str) -> Path:
    return TRANSLATIONS / tag / "LC_MESSAGES"


def sentences(catalogue: Catalog) -> Iterator[tuple[str, object]]:
    for message in catalogue:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            string = message.string or ""
            yield first, string if isinstance(string, str) else list(string)


@pytest.mark.parametrize("tag", CONSULTATIONS)
def test_the_compiled_catalogue_is_made_of_the_present_one(tag: str) -> None:
    """When this fails, run `pybabel compile -d app/translations`."""
    with (folder(tag) / "messages.po").open("rb") as file:
        written = dict(sentences(read_po(file, locale=tag)))
    with (folder(tag) / "messages.mo").open("rb") as file:
        compiled = dict(sentences(read_mo(file)))
    assert compiled == written


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo"), exit_to=EXIT) as running:
        yield running


@pytest.fixture(scope="module")
def english() -> list[str]:
    """The interface's English sentences, as they would stand in a page."""
    with (folder("fr") / "messages.po").open("rb") as file:
        found = [first for first, _string in sentences(read_po(file, locale="fr"))]
    return [
        sentence
        for sentence in found
        if "%(" not in sentence and len(sentence.split()) >= FEW_WORDS
    ]


class Reader(Person):
    """A person who looks at every page on the way: its language, its direction, its sentences."""

    def __init__(self, demo: Demo, tag: str, english: list[str]) -> None:
        # The browser speaks another language than the person chose: only the choice may count.
        super().__init__(demo.base, {"Accept-Language": "de, en;q=0.5"})
        self.demo, self.tag, self.english = demo, tag, english
        self.code = demo.codes(CONSULTATIONS[tag])[0]

    def begin(self) -> Page:
        return self.start(self.code, self.tag)

    def _follow(self, page: Page) -> Page:
        page = super()._follow(page)
        if page.headers.get_content_type() == "text/html":
            self.look(page)
        return page

    def look(self, page: Page) -> None:
        where = f"{page.path} {page.title}"
        opening = re.search("<html[^>]*>", page.body)
        assert opening is not None, where
        wanted = f'<html lang="{self.tag}" dir="{direction(self.tag)}"'
        assert opening[0].startswith(wanted), (where, opening[0])
        assert [sentence for sentence in self.english if sentence in page.words] == [], where


@pytest.fixture(params=CONSULTATIONS)
def reader(request: pytest.FixtureRequest, demo: Demo, english: list[str]) -> Reader:
    return Reader(demo, request.param, english)


def step(page: Page) -> str:
    return dict(page.form.fields).get("step", "")


def walk_to(reader: Reader, wanted: str) -> Page:
    """Go on until a step; questions are skipped, the take_part statement is given."""
    page = reader.begin()
    for _ in range(40):
        if step(page).startswith(wanted):
            return page
        answers = {"take_part": "yes"} if step(page) == "consent" else {}
        button = "skip" if step(page).startswith("page:") else "continue"
        page = reader.press(button, answers)
    raise AssertionError(wanted)


@pytest.mark.in_turn(2)
def test_a_whole_journey(reader: Reader) -> None:
    walk_to(reader, "check")
    page = reader.press("send")
    assert page.path == "/sent"


def test_help_on_the_way(reader: Reader) -> None:
    walk_to(reader, "page:")
    for address in ("/pause", "/support", "/support?country=GB", f"/{reader.code}"):
        assert reader.open(address).status == 200


def test_the_words_of_services(reader: Reader) -> None:
    query = f"?language={reader.tag}"
    britain = reader.open(f"/support{query}&country=GB").words
    peru = reader.open(f"/support{query}&country=PE").words

    chat, month, aymara = WORDS_OF_SERVICES[reader.tag]
    assert chat in britain
    assert month in britain
    assert aymara in peru


def test_the_safety_page_names_the_site_that_exit_opens(reader: Reader) -> None:
    page = walk_to(reader, "safety")
    assert f" {urlsplit(EXIT).hostname} " in page.words
    assert reader.request("GET", "/leave").headers["Location"] == EXIT


def test_saying_no(reader: Reader) -> None:
    walk_to(reader, "consent")
    reader.press("continue")
    page = reader.press("decline")
    assert not page.forms


def test_stopping_and_deleting(reader: Reader) -> None:
    page = walk_to(reader, "page:")
    page = reader.post("/stop", [*page.form.fields, ("action", "delete")])
    assert page.status == 200
    assert not reader.cookies


def test_a_code_that_is_missing_or_mistyped(reader: Reader) -> None:
    reader.open(f"/?language={reader.tag}")
    reader.press()
    reader.press("", {"code": NEVER_SEEN})
    assert NEVER_SEEN in reader.seen.body


def test_pages_without_a_session(reader: Reader) -> None:
    query = f"?language={reader.tag}"
    for address in ("/support", "/withdraw", f"/results/{reader.code}", "/nowhere/at/all"):
        reader.open(f"{address}{query}")
    reader.open(f"/withdraw{query}")
    reader.press("", {"code": "six words that nobody was given"})
    reader.press("", {"code": ""})
