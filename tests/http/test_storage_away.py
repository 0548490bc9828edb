"""A database that is gone, locked, damaged or full: a kind page, and afterwards all goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.away import gone, locked, no_byte_more
from tests.person import Page, Person
from tests.place import Place, code_on, sample_surveys
from tests.promises.story import processes_of
from tests.server import running_demo
from tests.walks import step_of, walk

HERE = "page:last_page"
WORDS = {"one_change": "words typed at a bad moment"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server of this module's own, that waits only a second for a lock."""
    folder = tmp_path_factory.mktemp("away")
    database = folder / "instance" / "heard.sqlite3"
    env = {"HEARD_DATABASE_URL": f"sqlite:///{database}?timeout=1"}
    with running_demo(folder, surveys=sample_surveys(folder), env=env) as demo:
        yield Place(demo)


@contextmanager
def damaged(path: Path) -> Iterator[None]:
    """Rubbish stands in the place of the file for a while."""
    with gone(path):
        path.write_bytes(b"rubbish " * 4096)
        yield


@contextmanager
def full(place: Place) -> Iterator[None]:
    """No process of the server can add a byte to any file: as on a full disk."""
    with no_byte_more(processes_of(place.demo.instance, place.demo.process.pid)):
        yield


def drafts(place: Place) -> Path:
    return place.demo.drafts / "drafts.sqlite3"


def responses(place: Place) -> Path:
    return place.demo.instance / "heard.sqlite3"


AWAY: dict[str, Callable[[Place], AbstractContextManager[None]]] = {
    "gone": lambda place: gone(drafts(place)),
    "damaged": lambda place: damaged(drafts(place)),
}
NO_WRITING: dict[str, Callable[[Place], AbstractContextManager[None]]] = {
    **AWAY,
    "full": full,
}
NO_SENDING: dict[str, Callable[[Place], AbstractContextManager[None]]] = {
    "locked": lambda place: locked(responses(place)),
    "gone": lambda place: gone(responses(place)),
    "damaged": lambda place: damaged(responses(place)),
    "full": full,
}


def assert_kind(page: Page) -> None:
    assert page.status == 503
    assert page.links[0] == "/leave"
    assert len(page.words.split()) > 8
    assert "sqlite" not in page.body.lower()
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.in_turn(3)
@pytest.mark.parametrize("trouble", AWAY.values(), ids=AWAY)
@pytest.mark.parametrize("path", ["/page/3", "/page/15", "/pause", "/sent", "/back-to-questions"])
def test_a_page_that_cannot_be_read_says_so_and_the_session_stays(
    place: Place, trouble: Callable[[Place], AbstractContextManager[None]], path: str
) -> None:
    person = place.person()
    walk(person, until=HERE)
    with trouble(place):
        assert_kind(person.open(path))
        assert person.cookies

    assert step_of(person.open("/back-to-questions")) == HERE
    assert "report_easier" in place.draft_of(person).answers


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("trouble", NO_WRITING.values(), ids=NO_WRITING)
@pytest.mark.parametrize("action", ["continue", "support", "pause", "back"])
@pytest.mark.requirement("R84")
def test_words_that_cannot_be_kept_stay_in_the_page_and_can_be_sent_once_more(
    place: Place, trouble: Callable[[Place], AbstractContextManager[None]], action: str
) -> None:
    person = place.person()
    walk(person, until=HERE)
    with trouble(place):
        page = person.press(action, WORDS)
        assert_kind(page)
        assert person.cookies
    assert WORDS.items() <= dict(page.form.fields).items()

    person.press()

    assert person.seen.status == 200
    assert WORDS.items() <= dict(place.draft_of(person).answers).items()


@pytest.mark.parametrize("trouble", NO_WRITING.values(), ids=NO_WRITING)
@pytest.mark.requirement("R40", "R41")
def test_leaving_always_works(
    place: Place, trouble: Callable[[Place], AbstractContextManager[None]]
) -> None:  # R41
    person = place.person()
    walk(person, until=HERE)
    with trouble(place):
        left = person.request("GET", "/leave")

    assert left.status == 303
    assert left.headers["Location"] == "http://127.0.0.1:9/"
    assert "Clear-Site-Data" in left.headers
    assert person.cookies == {}


@pytest.mark.parametrize("trouble", NO_WRITING.values(), ids=NO_WRITING)
@pytest.mark.requirement("R6")
def test_help_is_always_there(
    place: Place, trouble: Callable[[Place], AbstractContextManager[None]]
) -> None:
    person = place.person()
    with trouble(place):
        for somebody in (person, Person(place.demo.base)):
            page = somebody.open("/support?country=GB")
            assert page.status == 200
            assert 'href="tel:' in page.body
    assert person.cookies
    assert step_of(person.open("/back-to-questions")) == "about"


@pytest.mark.parametrize("trouble", NO_WRITING.values(), ids=NO_WRITING)
def test_nobody_can_begin_meanwhile_and_everybody_afterwards(
    place: Place, trouble: Callable[[Place], AbstractContextManager[None]]
) -> None:
    person = Person(place.demo.base)
    person.open(f"/{place.code()}")
    with trouble(place):
        assert_kind(person.press())
        assert person.cookies == {}

    person.press()

    assert step_of(person.seen) == "about"


@pytest.mark.parametrize("trouble", NO_SENDING.values(), ids=NO_SENDING)
def test_nobody_is_told_that_something_was_sent_that_is_not_stored(
    place: Place, trouble: Callable[[Place], AbstractContextManager[None]]
) -> None:
    person = place.person()
    walk(person, lambda name: f"words for {name}", until="check")
    before = place.rows()
    with trouble(place):
        page = person.press("send")
        assert_kind(page)
    assert place.rows() == before

    (document,) = place.sent_by(person.press)

    assert person.seen.path == "/sent"
    assert document["answers"]["report_easier"] == "words for report_easier"


@pytest.mark.parametrize("trouble", NO_SENDING.values(), ids=NO_SENDING)
def test_taking_back_waits_for_storage_too(
    place: Place, trouble: Callable[[Place], AbstractContextManager[None]]
) -> None:
    person = place.person()
    before = place.rows()
    walk(person)
    code, nobody = code_on(person.seen), Person(place.demo.base)
    with trouble(place):
        assert_kind(nobody.post("/withdraw", [("code", code)]))
    assert len(place.rows()) == len(before) + 1

    nobody.press()

    assert place.rows() == before


def test_the_operators_page_does_not_wait_for_a_database_that_hangs(place: Place) -> None:
    """Drafts are locked for as long as the page takes; a person would wait ten seconds."""
    with locked(drafts(place)):
        during = Person(place.demo.base).open("/healthz")

    assert (during.status, during.body) == (503, "not now\n")
    # What hung has to end before it is asked again, in each of the processes that answer.
    while {Person(place.demo.base).open("/healthz").status for _ in range(8)} != {200}:
        pass


@pytest.mark.parametrize("trouble", ["gone", "damaged", "full"])
def test_the_operators_page_tells_when_storage_does_not_answer(place: Place, trouble: str) -> None:
    with NO_SENDING[trouble](place):
        during = Person(place.demo.base).open("/healthz")

    assert (during.status, during.body) == (503, "not now\n")
    assert Person(place.demo.base).open("/healthz").status == 200


@pytest.mark.requirement("R84", "R86")
def test_what_a_person_can_quote_is_what_the_operator_finds(place: Place) -> None:
    """The letters on the page are in one line of the log, and another time they are others."""
    person = place.person()
    walk(person, until=HERE)
    with gone(drafts(place)):
        seen = [person.press("continue", WORDS).body, person.press().body]
        seen.append(person.open("/page/3").body)

    quoted = [body.partition('translate="no">')[2].partition("</bdi>")[0] for body in seen]

    assert len({*quoted, ""}) == 4
    for reference in quoted:
        (line,) = [line for line in place.demo.printed.splitlines() if reference in line]
        assert re.fullmatch(
            r"ERROR app: The database of drafts \(HEARD_DRAFTS_URL\) cannot be opened "
            r"\(SQLITE_CANTOPEN, FileNotFoundError\)\. Nothing was changed\. [\w ,.()-]+ "
            r"app\.storage\.failures\.StorageUnavailable at [\w./:<>, -]+"
            rf"( from [\w.]+ at [\w./:<>, -]+)* \(worker \d+, reference {reference}\)",
            line,
        )


@pytest.mark.requirement("R86")
def test_the_log_tells_of_no_person_and_no_word(place: Place) -> None:
    for line in place.demo.printed.splitlines():
        assert WORDS["one_change"] not in line
        assert "/page/" not in line
