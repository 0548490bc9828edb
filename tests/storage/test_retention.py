"""Deleting all answers of a consultation: whole or not at all, and nothing of them stays."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.storage import Deleted, ExportedBundle, Storage, StorageUnavailable

from .conftest import bytes_in, make_definition, make_response, storage_in
from .test_files import MARK, marked

OURS, THEIRS = "internet-safer", "another-one"


def record(gone: Deleted) -> str:
    return f"{gone.responses} and {gone.kept_drafts}"


def fill(storage: Storage, envelope: bytes | None = None) -> None:
    """Two consultations, each with responses, kept drafts and cards."""
    for name, sealed in ((OURS, envelope), (THEIRS, None)):
        storage.publish(make_definition(consultation=name), ["key"], {f"code-{name}": None})
        for _ in range(7):
            storage.keep_response(name, make_response(sealed))
        tag = name.encode().ljust(32, b".")
        storage.kept_drafts.write(tag, name, sealed or b"locked")
        storage.cards.add(f"code-{name}", [tag])


@pytest.mark.requirement("R97")
def test_the_answers_of_one_consultation_go_and_all_else_stays(storage: Storage) -> None:
    fill(storage)
    storage.keep_reply(OURS, "what came of it")

    kept = storage.retention.delete_answers(OURS, record)

    assert kept == "7 and 1"
    assert storage.retention.deletions(OURS) == ["7 and 1"]
    assert (storage.count(OURS), storage.kept_drafts.count(OURS)) == (0, 0)
    assert (storage.count(THEIRS), storage.kept_drafts.count(THEIRS)) == (7, 1)
    assert storage.retention.deletions(THEIRS) == []
    # The results page needs these, and a card leads to it.
    assert storage.reply(OURS) == "what came of it"
    assert storage.definitions(OURS) == [make_definition()]
    card, other = (storage.cards.find(each.encode().ljust(32, b".")) for each in (OURS, THEIRS))
    assert card is not None
    assert other is not None
    assert (card.state, other.state) == ("used", "free")
    states = {one.consultation: one.state for one in storage.all_opened()}
    assert states == {OURS: "ended", THEIRS: "open"}


def test_what_fails_in_the_middle_loses_nothing_and_is_done_by_the_next(storage: Storage) -> None:
    fill(storage)
    before = sorted(each.id for each in storage.responses(OURS))

    def broken(_gone: Deleted) -> str:
        raise RuntimeError("the machine stops here")

    with pytest.raises(RuntimeError):
        storage.retention.delete_answers(OURS, broken)

    assert sorted(each.id for each in storage.responses(OURS)) == before
    assert storage.retention.deletions(OURS) == []
    opened = storage.opened(OURS)
    assert opened is not None
    assert opened.state == "open"
    assert storage.retention.delete_answers(OURS, record) == "7 and 1"


def test_a_second_deletion_has_a_record_of_its_own(storage: Storage) -> None:
    fill(storage)
    storage.retention.delete_answers(OURS, record)
    storage.keep_response(OURS, make_response())  # a backup that somebody put back

    storage.retention.delete_answers(OURS, record)

    assert storage.retention.deletions(OURS) == ["7 and 1", "1 and 0"]


@pytest.mark.parametrize("size", [5335, 60_000])
def test_nothing_of_them_stays_in_any_file(sqlite_storage: Storage, files: Path, size: int) -> None:
    fill(sqlite_storage, marked(size))
    ids = [each.id for each in sqlite_storage.responses(OURS)]
    tags = [each.withdrawal_tag for each in sqlite_storage.responses(OURS)]
    assert MARK in bytes_in(files)

    sqlite_storage.retention.delete_answers(OURS, record)

    left = bytes_in(files)
    assert MARK not in left
    assert not [each for each in (*ids, *tags) if each in left]
    sqlite_storage.compact()
    assert MARK not in bytes_in(files)


def test_the_log_is_emptied_although_a_connection_stays_open(
    sqlite_storage: Storage, files: Path
) -> None:
    holder = sqlite3.connect(files / "heard.sqlite3")
    holder.execute("SELECT count(*) FROM response").fetchall()
    fill(sqlite_storage, marked(5335))
    assert MARK in (files / "heard.sqlite3-wal").read_bytes()

    sqlite_storage.retention.delete_answers(OURS, record)

    assert MARK not in bytes_in(files)
    holder.close()


@pytest.mark.parametrize("addresses", ["postgresql"], indirect=True)
def test_on_postgresql_nothing_of_them_stays_in_the_tables(
    addresses: tuple[str, str], storage: Storage
) -> None:
    fill(storage, marked(5335))

    storage.retention.delete_answers(OURS, record)
    assert pieces(addresses[0], "kept_draft")
    storage.compact()

    assert not pieces(addresses[0], "kept_draft")
    assert not pieces(addresses[0], "response")


def pieces(url: str, table: str) -> int:
    """How many dead rows of a table its files still hold."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pgstattuple"))
        found: Any = connection.scalar(
            text(
                "SELECT sum(dead_tuple_count) FROM pg_class, LATERAL pgstattuple(oid) "
                "WHERE relkind = 'r' AND relname ~ :name"
            ),
            {"name": rf"^{table}(_\d\d)?$"},  # a table, or its partitions
        )
    engine.dispose()
    return int(found)


def test_somebody_reading_does_not_stop_it_and_the_log_goes_afterwards(files: Path) -> None:
    storage = storage_in(files, wait=0.1)
    fill(storage, marked(5335))
    reader = sqlite3.connect(files / "heard.sqlite3")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM response").fetchall()

    assert storage.retention.delete_answers(OURS, record) == "7 and 1"

    reader.close()
    storage.count(OURS)
    assert MARK not in bytes_in(files)


def test_a_locked_database_changes_nothing(files: Path) -> None:
    storage = storage_in(files, wait=0.1)
    fill(storage)
    with (
        storage_in(files)._responses.writing(),
        pytest.raises(StorageUnavailable),
    ):
        storage.retention.delete_answers(OURS, record)

    assert storage.count(OURS) == 7


def test_bundles_are_listed_in_their_order(storage: Storage) -> None:
    bundles = [
        ExportedBundle("b.heard", "first look", "under 10"),
        ExportedBundle("a.heard", "not said", "20 to 49"),
    ]
    for each in bundles:
        storage.retention.log_export(OURS, each)

    assert storage.retention.exported(OURS) == bundles
    assert storage.retention.exported(THEIRS) == []
