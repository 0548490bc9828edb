"""Two servers that share a PostgreSQL and nothing else, and it stops while people answer.

With one server, in short, the promises tell of the same: tests/promises/test_1_on_postgresql.py.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.sealing import open_envelope
from tests.person import Page, Person
from tests.place import unlocked, write_surveys
from tests.postgresql import control, new_database, plain, running_postgresql
from tests.server import Demo, running_demo
from tests.short import SHORT
from tests.walks import step_of, walk

WORDS = {"words": "typed while the database was away", "colour": "blue"}


pytestmark = pytest.mark.thorough


def number(_name: str) -> str:
    """What can be typed into every box of the short consultation."""
    return "12"


@dataclass
class Pair:
    """Two servers on one database."""

    demos: tuple[Demo, Demo]
    address: str
    database: Path

    def person(self, until: str) -> Person:
        """Somebody who came to the first server, and has walked from server to server since."""
        person = Person(self.demos[0].base)
        person.start(self.demos[0].codes("small")[0])
        walk(person, number, until=until, look=lambda _page: self.to_the_other(person))
        return person

    def to_the_other(self, person: Person) -> None:
        """The next request goes to the other server, as behind one that shares them out."""
        first, second = (demo.base.removeprefix("http://") for demo in self.demos)
        person.host = second if person.host == first else first

    def documents(self) -> list[dict[str, Any]]:
        """What was sent, opened with the researcher's key."""
        key = unlocked(self.demos[0].key.read_text(encoding="utf-8"))
        with psycopg.connect(self.address) as connection:
            rows = connection.execute("SELECT envelope FROM response").fetchall()
        return [json.loads(open_envelope(bytes(envelope), "small", key)) for (envelope,) in rows]

    @contextmanager
    def away(self, way: str) -> Iterator[None]:
        """PostgreSQL is stopped, in order or as by a crash, and starts again."""
        control(self.database, "-m", way, "stop")
        try:
            yield
        finally:
            control(self.database, "start")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    surveys = write_surveys(folder, small=SHORT)
    with ExitStack() as running:
        server = running.enter_context(running_postgresql())
        url = new_database(server)
        env = {"HEARD_DATABASE_URL": url, "HEARD_DRAFTS_URL": url}
        env["HEARD_SECRET_KEY"] = secrets.token_hex(32)
        demos = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            demo = running_demo(folder / name, surveys=surveys, env=env)
            demos.append(running.enter_context(demo))
        yield Pair((demos[0], demos[1]), plain(url), server)


def assert_kind(page: Page) -> None:
    assert page.status == 503
    assert page.links[0] == "/leave"
    for word in ("psycopg", "postgres", "traceback", "socket"):
        assert word not in page.body.lower()


def test_each_step_can_be_answered_by_another_server(pair: Pair) -> None:
    person = pair.person("page:first")
    visited: set[str] = set()
    before = len(pair.documents())

    def look(_page: Page) -> None:
        visited.add(person.host)
        pair.to_the_other(person)

    walk(person, lambda name: "12" if name == "number" else f"words for {name}", look=look)

    assert len(visited) == 2
    documents = pair.documents()
    assert len(documents) == before + 1
    assert "words for words" in [each["answers"].get("words") for each in documents]


def test_while_postgresql_starts_again_words_stay_in_the_page_and_go_on(pair: Pair) -> None:
    person, sender = pair.person("page:first"), pair.person("check")
    nobody = Person(pair.demos[0].base)
    before = len(pair.documents())
    with pair.away("fast"):
        assert_kind(person.press("continue", WORDS))
        assert WORDS.items() <= dict(person.seen.form.fields).items()
        assert_kind(sender.press("send"))
        assert_kind(nobody.open(f"/{pair.demos[0].codes('small')[0]}"))
        assert nobody.open("/support?country=GB").status == 200

    for each in (person, sender):
        pair.to_the_other(each)
        each.press()
    assert step_of(person.seen) == "page:second"
    assert sender.seen.path == "/sent"
    walk(person, number)
    documents = pair.documents()
    assert len(documents) == before + 2
    assert [each for each in documents if WORDS.items() <= each["answers"].items()]


def test_after_a_crash_of_postgresql_what_was_sent_is_there_and_words_are_kept(pair: Pair) -> None:
    """Its drafts have no log, so a crash takes them; whoever was answering begins again."""
    pair.person("check").press("send")
    person = pair.person("page:first")
    before = pair.documents()
    with pair.away("immediate"):
        assert_kind(person.press("continue", WORDS))
        assert WORDS.items() <= dict(person.seen.form.fields).items()

    page = person.press()
    assert page.status < 500
    assert pair.documents() == before
    assert WORDS["words"] in person.seen.body
    person.press()  # start again and keep this
    walk(person, number, until="page:first", look=lambda _page: pair.to_the_other(person))
    assert WORDS["words"] in person.seen.body

    pair.to_the_other(person)
    kept = dict(person.seen.form.fields)
    walk(person, lambda name: kept.get(name) or "12")
    assert WORDS["words"] in [each["answers"].get("words") for each in pair.documents()]
