"""Cards of closed groups: one code, one response, and no voice lost on the way (R8)."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.storage import Entry, FoundCard, Storage, StorageUnavailable, open_storage

from .conftest import make_definition, make_response, sqlite_addresses, storage_in

LIMIT = 13
GROUP = "internet-safer"
ENTRY = Entry("tree", GROUP, "nepal")

pytestmark = pytest.mark.requirement("R8")


@pytest.fixture
def card(storage: Storage) -> bytes:
    """A free card."""
    return cards_in(storage, 1)[0]


def cards_in(storage: Storage, number: int) -> list[bytes]:
    storage.publish(make_definition(), ["key"], {ENTRY.code: ENTRY.collector})
    tags = [os.urandom(32) for _ in range(number)]
    storage.cards.add(ENTRY.code, tags)
    return tags


def state(storage: Storage, card: bytes) -> str:
    found = storage.cards.find(card)
    assert found is not None
    return found.state


def an_hour_without_a_press(storage: Storage) -> None:
    for _ in range(LIMIT + 1):
        storage.age_drafts(LIMIT)
    storage.cards.settle(LIMIT)


class TestMaking:
    def test_a_card_leads_where_the_code_of_its_collector_leads(
        self, storage: Storage, card: bytes
    ) -> None:
        assert storage.cards.find(card) == FoundCard(ENTRY, "free")
        assert storage.cards.find(os.urandom(32)) is None

    def test_more_can_be_made_and_all_are_counted(self, storage: Storage) -> None:
        tags = cards_in(storage, 1200)
        storage.cards.add(ENTRY.code, [os.urandom(32)])
        storage.cards.take(tags[0])

        assert storage.cards.counts(GROUP) == (1201, 1)
        assert storage.cards.counts("elsewhere") == (0, 0)

    def test_at_the_end_none_tells_whether_it_was_used(self, storage: Storage) -> None:
        tags = cards_in(storage, 3)
        storage.publish(make_definition(consultation="other"), ["key"], {"lake": None})
        other = os.urandom(32)
        storage.cards.add("lake", [other])
        storage.cards.take(tags[0])

        storage.cards.close(GROUP)

        assert [state(storage, card) for card in tags] == ["used"] * 3
        assert state(storage, other) == "free"
        storage.cards.settle(LIMIT)
        an_hour_without_a_press(storage)
        assert not storage.cards.take(tags[1])


class TestOneSession:
    def test_a_card_is_taken_once(self, storage: Storage, card: bytes) -> None:
        assert storage.cards.take(card)
        assert not storage.cards.take(card)
        assert state(storage, card) == "held"

    def test_whoever_is_refused_takes_nothing_from_whoever_has_it(
        self, storage: Storage, card: bytes
    ) -> None:
        storage.cards.take(card)

        for _ in range(3):
            storage.cards.take(card)
            storage.cards.settle(LIMIT)

        assert state(storage, card) == "held"

    def test_a_card_that_is_not_there_cannot_be_taken(self, storage: Storage) -> None:
        assert not storage.cards.take(os.urandom(32))

    def test_of_fifty_who_try_one_card_at_once_one_gets_it(
        self, storage: Storage, card: bytes
    ) -> None:
        with ThreadPoolExecutor(50) as pool:
            taken = list(pool.map(lambda _: storage.cards.take(card), range(50)))

        assert sorted(taken) == [False] * 49 + [True]

    def test_what_ends_with_nothing_gives_the_card_back_at_once(
        self, storage: Storage, card: bytes
    ) -> None:
        storage.cards.take(card)

        storage.cards.free(card)

        assert storage.cards.take(card)

    def test_what_is_left_in_a_hurry_gives_it_back_with_the_next_sweep(
        self, storage: Storage, card: bytes
    ) -> None:
        storage.cards.take(card)

        storage.cards.let_go(card)

        assert not storage.cards.take(card)
        assert storage.cards.settle(LIMIT) == 1
        assert storage.cards.take(card)

    def test_what_ends_with_a_response_uses_it_up(self, storage: Storage, card: bytes) -> None:
        storage.cards.take(card)

        storage.cards.done(card)

        assert not storage.cards.take(card)
        storage.cards.settle(LIMIT)
        assert state(storage, card) == "used"
        an_hour_without_a_press(storage)
        assert not storage.cards.take(card)

    def test_a_session_that_nobody_touches_gives_it_back_after_the_hour(
        self, storage: Storage, card: bytes
    ) -> None:
        """A browser that was closed, a phone that died, an answer that never reached it."""
        storage.cards.take(card)
        for _ in range(LIMIT):
            storage.age_drafts(LIMIT)
            storage.cards.settle(LIMIT)
        assert not storage.cards.take(card)

        storage.age_drafts(LIMIT)
        storage.cards.settle(LIMIT)

        assert storage.cards.take(card)

    def test_a_touch_starts_the_hour_again(self, storage: Storage, card: bytes) -> None:
        storage.cards.take(card)
        for _ in range(3):
            for _ in range(LIMIT):
                storage.age_drafts(LIMIT)
            storage.cards.touch(card)

        storage.cards.settle(LIMIT)

        assert state(storage, card) == "held"

    def test_the_card_of_a_draft_that_was_kept_is_used_and_comes_back_with_it(
        self, storage: Storage, card: bytes
    ) -> None:
        """Given it is opened before or after the next sweep, then it can be given back."""
        for sweeps in (0, 1, 20):
            assert storage.cards.take(card)
            storage.cards.done(card)
            for _ in range(sweeps):
                storage.age_drafts(LIMIT)
                storage.cards.settle(LIMIT)
            assert not storage.cards.take(card)

            storage.cards.take_again(card)

            assert not storage.cards.take(card)
            storage.cards.settle(LIMIT)
            storage.cards.free(card)


class TestTrouble:
    def test_a_machine_that_was_switched_off_loses_no_card(
        self, storage: Storage, addresses: tuple[str, str]
    ) -> None:
        """Holds and drafts are in memory; what was sent before the last sweep stays used."""
        tags = cards_in(storage, 3)
        answering, sent, _free = tags
        storage.cards.take(answering)
        storage.cards.take(sent)
        storage.cards.done(sent)
        storage.cards.settle(LIMIT)
        engine = create_engine(addresses[1])
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM held_card"))
        engine.dispose()

        storage.cards.settle(LIMIT)

        assert [state(storage, card) for card in tags] == ["free", "used", "free"]

    @pytest.mark.parametrize("broken", ["responses", "drafts"])
    def test_a_card_that_cannot_be_taken_now_can_be_taken_later(
        self, addresses: tuple[str, str], storage: Storage, card: bytes, broken: str
    ) -> None:
        with refusing(addresses, broken), pytest.raises(StorageUnavailable):
            storage.cards.take(card)

        assert storage.cards.take(card)

    @pytest.mark.parametrize("step", [0, 1, 2])
    def test_what_was_cut_off_between_two_writes_is_mended_by_sweeping(
        self, storage: Storage, card: bytes, step: int
    ) -> None:
        """A process that is killed while somebody starts, or between that and the draft."""
        if step == 0:
            storage.cards._hold(card)
        elif step == 1:
            storage.cards.take(card)
        else:
            storage.cards.take(card)
            storage.cards._turn([card], "free")

        an_hour_without_a_press(storage)

        assert storage.cards.take(card)

    def test_sweeps_and_people_at_once_never_lend_a_card_twice(self, storage: Storage) -> None:
        tags = cards_in(storage, 6)
        out: set[bytes] = set()

        def someone(number: int) -> list[str]:
            chance, problems = random.Random(number), []  # noqa: S311
            for _ in range(40):
                tag = chance.choice(tags)
                if not storage.cards.take(tag):
                    continue
                if tag in out:
                    problems.append("lent twice")
                out.add(tag)
                state_then = state(storage, tag)
                if state_then != "held":
                    problems.append(state_then)
                out.remove(tag)
                (storage.cards.free if chance.random() < 0.5 else storage.cards.let_go)(tag)
            return problems

        def sweeper(_number: int) -> list[str]:
            for _ in range(30):
                storage.cards.settle(LIMIT)
            return []

        with ThreadPoolExecutor(8) as pool:
            running = [pool.submit(someone, number) for number in range(6)]
            running += [pool.submit(sweeper, number) for number in range(2)]
            problems = [problem for one in running for problem in one.result()]

        assert problems == []
        storage.cards.settle(LIMIT)
        assert storage.cards.counts(GROUP) == (6, 0)


class refusing:
    """A database that reads and does not write, by a rule of its own."""

    def __init__(self, addresses: tuple[str, str], which: str) -> None:
        self.url = addresses[0] if which == "responses" else addresses[1]
        self.table = "card" if which == "responses" else "held_card"

    def _run(self, *statements: str) -> None:
        engine = create_engine(self.url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def __enter__(self) -> None:
        act = "UPDATE" if self.table == "card" else "INSERT"
        if self.url.startswith("sqlite"):
            self._run(
                f"CREATE TRIGGER no BEFORE {act} ON {self.table} "
                "BEGIN SELECT RAISE(FAIL, 'full'); END"
            )
            return
        self._run(
            "CREATE OR REPLACE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'full'; END $$",
            f"CREATE TRIGGER no BEFORE {act} ON {self.table} FOR EACH ROW EXECUTE FUNCTION no()",
        )

    def __exit__(self, *_error: object) -> None:
        on = "" if self.url.startswith("sqlite") else f" ON {self.table}"
        self._run(f"DROP TRIGGER no{on}")


class TestInTheFiles:
    def test_nothing_joins_a_card_to_a_response(self, files: Path) -> None:
        """The tables share no column but the consultation's, through the code of the collector."""
        with sqlite3.connect(files / "heard.sqlite3") as connection:
            columns = {
                table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                for table in ("card", "response", "kept_draft")
            }
            keys = [
                connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()
                for table in columns
            ]
            for table in columns:
                with pytest.raises(sqlite3.OperationalError, match="rowid"):
                    connection.execute(f"SELECT rowid FROM {table}")  # noqa: S608

        assert columns["card"] == ["tag", "entry", "state"]
        assert columns["kept_draft"] == ["id", "consultation", "ciphertext"]
        assert keys == [[], [], []]

    @pytest.mark.parametrize("compacted", [True, False])
    def test_the_file_does_not_tell_in_which_order_cards_were_used(
        self, tmp_path: Path, compacted: bool
    ) -> None:
        """Even before it is rewritten: a state is written over the one before."""
        tags = [os.urandom(32) for _ in range(60)]
        images = []
        for name in ("one", "two"):
            storage = open_storage(*sqlite_addresses(tmp_path / name))
            storage.publish(make_definition(), ["key"], {ENTRY.code: None})
            storage.cards.add(ENTRY.code, tags)
            for tag in random.sample(tags, 60):
                storage.cards.take(tag)
                storage.cards.done(tag)
                if random.random() < 0.2:  # noqa: S311
                    storage.cards.settle(LIMIT)
            storage.cards.settle(LIMIT)
            if compacted:
                storage.compact()
            image = (tmp_path / name / "heard.sqlite3").read_bytes()
            images.append(image[:24] + image[28:92] + image[96:])  # counters of writes

        assert images[0] == images[1]
        assert all(tag in images[0] for tag in tags)

    def test_the_file_does_not_tell_in_which_order_cards_were_printed(self, tmp_path: Path) -> None:
        tags = [os.urandom(32) for _ in range(60)]
        images = []
        for name in ("one", "two"):
            storage = open_storage(*sqlite_addresses(tmp_path / name))
            storage.publish(make_definition(), ["key"], {ENTRY.code: None})
            storage.cards.add(ENTRY.code, random.sample(tags, 60))
            image = (tmp_path / name / "heard.sqlite3").read_bytes()
            images.append(image[:24] + image[28:92] + image[96:])  # counters of writes

        assert images[0] == images[1]

    def test_a_card_that_was_let_go_is_in_no_file_of_the_drafts(
        self, sqlite_storage: Storage, files: Path
    ) -> None:
        (card,) = cards_in(sqlite_storage, 1)
        sqlite_storage.cards.take(card)
        drafts = files / "drafts.sqlite3"
        assert card in drafts.read_bytes()

        sqlite_storage.cards.let_go(card)

        assert card not in drafts.read_bytes()


@pytest.mark.parametrize("addresses", ["postgresql"], indirect=True)
class TestOnPostgreSQL:
    def test_holds_are_in_no_log(self, addresses: tuple[str, str]) -> None:
        kind = "SELECT relpersistence FROM pg_class WHERE relname = 'held_card'"
        assert list(column(addresses[1], kind)) == ["u"]

    @pytest.mark.parametrize("table", ["card", "kept_draft"])
    def test_after_compacting_transaction_numbers_join_no_row_to_a_response(
        self, addresses: tuple[str, str], storage: Storage, table: str
    ) -> None:
        for tag in cards_in(storage, 20):
            storage.cards.take(tag)
            storage.keep_response(GROUP, make_response())
            storage.kept_drafts.write(os.urandom(32), GROUP, b"sealed")
            storage.cards.done(tag)
        storage.cards.settle(LIMIT)

        storage.compact()

        both = f"SELECT xmin::text FROM {table} UNION SELECT xmin::text FROM response"  # noqa: S608
        assert len(list(column(addresses[0], both))) == 1
        key = "tag" if table == "card" else "id"
        lying = f"SELECT {key} FROM {table} ORDER BY ctid"  # noqa: S608
        in_place = list(column(addresses[0], lying))
        assert len(in_place) == 20
        assert in_place == sorted(in_place)


def column(url: str, statement: str) -> Iterator[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        yield from connection.execute(text(statement)).scalars()
    engine.dispose()


def test_a_storage_of_before_gets_its_tables(tmp_path: Path) -> None:
    """An upgrade of an instance that has responses keeps them."""
    urls = sqlite_addresses(tmp_path / "instance")
    response = make_response()
    storage_in(tmp_path / "instance").keep_response(GROUP, response)
    with sqlite3.connect(tmp_path / "instance" / "heard.sqlite3") as connection:
        for table in ("card", "kept_draft", "exported", "deletion"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE responses_version SET version_num = 'r0002'")
    connection.close()

    storage = open_storage(*sqlite_addresses(tmp_path / "instance"))

    assert urls
    assert list(storage.responses(GROUP)) == [response]
    assert storage.cards.counts(GROUP) == (0, 0)
