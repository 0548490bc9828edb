"""Promise 1: two databases filled in opposite orders look alike, and nothing in them joins.

The same people come to two sites, in one order to the first and in the other to the second, each
with a card of their own and with more to say than the one before. After `heard sweep`, whoever has
both databases, and knows both orders, finds no measure that leans one way.
"""

from __future__ import annotations

import csv
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text
from werkzeug.serving import WSGIRequestHandler, make_server

from app.commands import main
from app.commands.opening import publish
from app.factory import make_app
from app.sealing import KeyCost, card_tag, new_card_code, public_key_from_text, write_key_pair
from app.storage import Storage, open_storage, upgrade
from config import read_config
from tests.closed_groups import CLOSED_GROUP, GROUP, LIMIT, closed_group_surveys
from tests.definitions import load
from tests.person import Person
from tests.postgresql import new_database, running_postgresql
from tests.walks import walk

from .test_1_nothing_identifies import spearman

pytestmark = pytest.mark.requirement("R8", "R86", "R89")

PEOPLE = 20
BOUND = 0.8
"""The mean of two rank correlations of 20 random values has a standard deviation of 0.162: this is
nearly five of them. An order of arrival has a mean of 1."""
SHORT = CLOSED_GROUP.partition("topics:")[0] + (
    "pages: [{name: end, questions: [{name: last_words, type: text, label: What else?}]}]\n"
    "access: single_use_code\nexpected_responses: 100\n"
)
PIECE = 8
HEADER_BYTES = 5 + 1 + 1 + 16
PASSPHRASE = "kettle orbit violin meadow"


@dataclass
class Partition:
    """Where each row lies, and its id, in the order in which they lie."""

    places: list[str] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)


@dataclass
class Filled:
    """A database, and who came when."""

    url: str
    folder: Path
    cards: list[bytes] = field(default_factory=list)
    """By person, not by arrival; so are all below."""
    ids: list[bytes] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a site on this database."""
        on_files = self.url.startswith("sqlite")
        drafts = f"sqlite:///{self.folder / 'drafts.sqlite3'}" if on_files else self.url
        surveys = str(self.folder.parent / "surveys")
        return {
            **{"HEARD_INSTANCE": str(self.folder), "HEARD_SURVEYS": surveys},
            **{"HEARD_DATABASE_URL": self.url, "HEARD_DRAFTS_URL": drafts},
        }

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """What a question to the database of responses answers."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(select))]
        engine.dispose()
        return found

    @property
    def partitions(self) -> list[Partition]:
        """On PostgreSQL: the parts of the table of responses."""
        found: dict[str, Partition] = defaultdict(Partition)
        lie = "SELECT tableoid::text, ctid::text, id FROM response ORDER BY tableoid, ctid"
        for name, place, number in self.rows(lie):
            found[name].places.append(place)
            found[name].ids.append(bytes(number))
        return list(found.values())

    def heard(self, *words: str | Path) -> None:
        """Run a command on this site."""
        done = CliRunner().invoke(main, [str(word) for word in words], env=self.settings)
        assert done.exit_code == 0, done.output


class Silent(WSGIRequestHandler):
    """Prints nothing."""

    def log(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def served(filled: Filled) -> Iterator[str]:
    """The site in this process, at an address of its own."""
    app = make_app(read_config(filled.settings))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fill(filled: Filled, order: list[int], researcher: Path) -> None:
    """Let everybody come in this order, and sweep."""
    config = read_config(filled.settings)
    upgrade(config.database_url, config.drafts_url)
    storage = open_storage(config.database_url, config.drafts_url)
    key = public_key_from_text((researcher / "asha.pub").read_text(encoding="utf-8"))
    publish(storage, load(SHORT), [key])
    codes = [new_card_code() for _ in range(PEOPLE)]
    filled.cards = [card_tag(code) or b"" for code in codes]
    storage.cards.add(storage.entries(GROUP)[0].code, filled.cards)
    came: dict[int, bytes] = {}
    with served(filled) as base:
        for number in order:
            person = Person(base)
            person.start(codes[number])
            walk(person, until="page:end")
            person.press("send", {"last_words": f"person {number}. " + "more " * number})
            (came[number],) = new_ids(storage) - set(came.values())
    storage.cards.settle(LIMIT)
    storage.close()
    filled.ids = [came[number] for number in range(PEOPLE)]
    filled.arrivals = [order.index(number) for number in range(PEOPLE)]
    filled.heard("sweep")


def new_ids(storage: Storage) -> set[bytes]:
    return {response.id for response in storage.responses(GROUP)}


@dataclass
class Pair:
    """Two databases with the same people, who came in opposite orders."""

    one: Filled
    other: Filled
    researcher: Path

    @property
    def on_files(self) -> bool:
        """On SQLite, as opposed to PostgreSQL."""
        return self.one.url.startswith("sqlite")

    def lean(self, measure: Callable[[Filled], list[Any]]) -> float:
        """How far a measure, by person, runs with the order of arrival in both."""
        return sum(
            spearman([measured for _, measured in sorted(zip(each.arrivals, values, strict=True))])
            for each in (self.one, self.other)
            for values in (ranked(measure(each)),)
        ) / len((self.one, self.other))


def ranked(values: list[Any]) -> list[int]:
    """The place of each value among all; equal values have the same."""
    return [sorted(values).index(value) for value in values]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)]
)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    closed_group_surveys(folder)
    write_key_pair(folder, "asha", PASSPHRASE, KeyCost(8, 1, 1))
    (folder / "passphrase").write_text(PASSPHRASE + "\n")
    if request.param == "sqlite":
        yield filled_pair(folder, *(f"sqlite:///{folder / n / 'heard.sqlite3'}" for n in "ab"))
        return
    with running_postgresql({"fsync": "off", "autovacuum": "off"}) as server:
        yield filled_pair(folder, new_database(server), new_database(server))


def filled_pair(folder: Path, one: str, other: str) -> Pair:
    pair = Pair(Filled(one, folder / "a"), Filled(other, folder / "b"), folder)
    fill(pair.one, list(range(PEOPLE)), folder)
    fill(pair.other, list(reversed(range(PEOPLE))), folder)
    return pair


# No measure of a row leans


def of_rows(column: str) -> Callable[[Filled], list[Any]]:
    """A part of each person's response."""

    def measure(filled: Filled) -> list[Any]:
        found = dict(filled.rows(f"SELECT id, {column} FROM response"))  # noqa: S608
        return [bytes(found[one]) for one in filled.ids]

    return measure


def place_in(table: str, column: str, of: Callable[[Filled], list[bytes]]) -> Any:
    """Where each person's row comes when the whole table is asked for."""

    def measure(filled: Filled) -> list[Any]:
        listed = [bytes(one) for (one,) in filled.rows(f"SELECT {column} FROM {table}")]  # noqa: S608
        return [listed.index(one) for one in of(filled)]

    return measure


def place_in_file(filled: Filled) -> list[Any]:
    """Where each person's response lies in the file, or in PostgreSQL's table."""
    if filled.url.startswith("sqlite"):
        image = Path(filled.url.removeprefix("sqlite:///")).read_bytes()
        return [image.index(one) for one in filled.ids]
    found = {bytes(one): str(place) for one, place in filled.rows("SELECT id, ctid FROM response")}
    return [tuple(int(n) for n in found[one].strip("()").split(",")) for one in filled.ids]


MEASURES: dict[str, Callable[[Filled], list[Any]]] = {
    "the id": lambda filled: filled.ids,
    "the end of the id": lambda filled: [one[::-1] for one in filled.ids],
    "the withdrawal tag": of_rows("withdrawal_tag"),
    "the envelope": of_rows("envelope"),
    "the end of the envelope": lambda filled: [one[::-1] for one in of_rows("envelope")(filled)],
    "the length": lambda filled: [len(one) for one in of_rows("envelope")(filled)],
    "the order of the table": place_in("response", "id", lambda filled: filled.ids),
    "the order of the cards": place_in("card", "tag", lambda filled: filled.cards),
    "the place in the file": place_in_file,
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_nothing_tells_which_was_filled_forwards(
    pair: Pair, measure: Callable[[Filled], list[Any]]
) -> None:
    assert abs(pair.lean(measure)) < BOUND


def test_an_order_of_arrival_would_be_seen(pair: Pair) -> None:
    """A counter, a clock, and a place at the end of a table."""
    assert pair.lean(lambda filled: list(filled.arrivals)) == pytest.approx(1)
    assert pair.lean(lambda filled: [1795255200 + n // 3 for n in filled.arrivals]) > BOUND
    assert pair.lean(lambda filled: [-number for number in filled.arrivals]) < -BOUND


def test_more_words_are_no_longer_envelope_and_both_are_laid_out_alike(pair: Pair) -> None:
    lengths = {len(one) for each in (pair.one, pair.other) for one in of_rows("envelope")(each)}
    assert len(lengths) == 1
    if pair.on_files:
        sizes = {(each.folder / "heard.sqlite3").stat().st_size for each in (pair.one, pair.other)}
        assert len(sizes) == 1
        return
    # Which partition a response is in follows from its random id; there it has the next place.
    places = [partition.places for each in (pair.one, pair.other) for partition in each.partitions]
    longest = max(places, key=len)
    assert all(some == longest[: len(some)] for some in places)
    for each in (pair.one, pair.other):
        assert all(partition.ids == sorted(partition.ids) for partition in each.partitions)
        numbers = each.rows("SELECT xmin::text FROM response UNION SELECT xmin::text FROM card")
        assert len(numbers) == 1
        assert len(each.rows("SELECT DISTINCT xmin::text FROM draft")) <= 1


# Nothing joins


def test_no_two_rows_share_a_piece(pair: Pair) -> None:
    """Eight bytes of an id, a tag, an envelope or a card are in no other, but for the beginning
    that all envelopes share: the version, and the key that they are sealed to."""
    for each in (pair.one, pair.other):
        found = each.rows("SELECT id, withdrawal_tag, envelope FROM response")
        rows = [tuple(map(bytes, row)) for row in found]
        assert len({envelope[:HEADER_BYTES] for *_, envelope in rows}) == 1
        parts = [(one, tag, envelope[HEADER_BYTES:]) for one, tag, envelope in rows]
        seen: set[bytes] = set()
        for part in (*chain(*parts), *each.cards):
            pieces = {part[at : at + PIECE] for at in range(len(part) - PIECE + 1)}
            assert not pieces & seen
            seen |= pieces


def test_a_used_card_is_in_one_place_and_in_no_deleted_row(pair: Pair) -> None:
    for each in (pair.one, pair.other):
        assert each.rows("SELECT count(*), state FROM card GROUP BY state") == [(PEOPLE, "used")]
        if pair.on_files:
            image = (each.folder / "drafts.sqlite3").read_bytes()
            assert not any(card in image for card in each.cards)
        else:  # rows that were deleted stay in a table of PostgreSQL until it is written anew
            assert each.rows("SELECT pg_relation_size('held_card')") == [(0,)]


# What a researcher takes away


def test_the_bundle_and_the_table_are_in_random_order(pair: Pair) -> None:
    bundle = pair.researcher / f"{'on-files' if pair.on_files else 'on-a-server'}.heard"
    pair.one.heard("export", GROUP, "-o", bundle)
    orders = []
    for number in range(2):
        output = bundle.with_suffix(f".{number}")
        key = ("--key", pair.researcher / "asha.key")
        passphrase = ("--passphrase-file", pair.researcher / "passphrase")
        together = ("--with-text", "--reason", "to see the order of the rows")
        pair.one.heard("unseal", bundle, *key, *passphrase, *together, "-o", output)
        with (output / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
            said = [row["last_words"] for row in csv.DictReader(file)]
        orders.append([int(words.split()[1].rstrip(".")) for words in said])

    assert sorted(orders[0]) == list(range(PEOPLE))
    assert orders[0] != orders[1]
    assert abs(sum(spearman(order) for order in orders)) / 2 < BOUND
