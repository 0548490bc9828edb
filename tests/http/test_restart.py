"""The server stops, or is killed, while people answer: they go on as if nothing had been."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from functools import partial
from threading import Thread

import pytest

from tests.away import locked
from tests.person import Person
from tests.short import ShortSite, short_site
from tests.walks import step_of, walk

WORDS = {"words": "typed before the server stopped", "colour": "blue"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShortSite]:
    with short_site(tmp_path_factory.mktemp("restart")) as running:
        yield running


def someone(site: ShortSite, until: str) -> Person:
    person = Person(site.line.base)
    person.start(site.code)
    walk(person, lambda _name: "12", until=until)
    return person


def press_unheard(person: Person, action: str, answers: Mapping[str, str]) -> Thread:
    """Press a button in a thread of its own; whether an answer comes does not matter."""
    twin = Person(f"http://{person.host}")
    twin.cookies, twin.page = dict(person.cookies), person.page

    def press() -> None:
        with suppress(OSError):
            twin.press(action, answers)

    thread = Thread(target=press)
    thread.start()
    return thread


def idle_drafts(site: ShortSite) -> int:
    """How many drafts were not read since the last sweep."""
    with closing(sqlite3.connect(f"file:{site.drafts}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT count(*) FROM draft WHERE idle > 0").fetchone()
    return int(found[0])


def wait_for(condition: Callable[[], bool], thread: Thread) -> None:
    """Wait until something is true that a thread brings about."""
    while not condition():
        assert thread.is_alive()
        thread.join(0.01)


@pytest.mark.in_turn(2)
@pytest.mark.requirement("R28", "R35")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["stop", "kill"])
def test_whoever_answers_while_the_server_starts_again_loses_nothing(
    site: ShortSite, number: signal.Signals
) -> None:
    """One person between two pages, one whose page is being stored, one who is sending."""
    between, storing = someone(site, "page:first"), someone(site, "page:first")
    sending = someone(site, "check")
    rows = site.place.rows("small")
    with closing(site.storage) as storage:
        storage.age_drafts(100)
    idle = idle_drafts(site)
    with locked(site.demo.instance / "heard.sqlite3"):
        send = press_unheard(sending, "send", {})
        wait_for(lambda: idle_drafts(site) < idle, send)  # the draft was read; now it is sent
        with locked(site.drafts):
            store = press_unheard(storing, "continue", WORDS)
            wait_for(lambda: site.line.busy == 2, store)
            site.signal(number)
    send.join()
    store.join()
    site.demo.process.wait()

    site.start_again()

    for person in (between, storing):
        person.press("continue", WORDS)
        assert step_of(person.seen) == "page:second"
        (document,) = site.place.sent_by(partial(walk, person), "small")
        assert WORDS.items() <= document["answers"].items()
    sending.press("send")
    assert "code" in sending.seen.body
    assert sending.seen.path == "/sent"
    assert len(site.place.rows("small")) == len(rows) + 3
