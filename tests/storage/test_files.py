"""What a copy of the files would show: read as bytes, not through the storage."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path

import pytest

from app.storage import Storage, open_storage

from .conftest import (
    bytes_in,
    make_definition,
    make_response,
    sqlite_addresses,
    storage_in,
)

MARK = b"a marked value that no file may keep"


def marked(size: int) -> bytes:
    """Bytes that carry the mark at every 256 bytes, so that any left-over piece shows it."""
    return (MARK.ljust(256, b"-") * (size // 256 + 1))[:size]


def test_files_are_for_their_owner_alone(files: Path) -> None:
    holder = sqlite3.connect(files / "heard.sqlite3")
    holder.execute("BEGIN").fetchall()
    holder.execute("SELECT * FROM response").fetchall()  # keeps the log and its index in place
    storage = storage_in(files)
    storage.keep_response("internet-safer", make_response())
    storage.write_draft(b"d" * 32, b"words")

    modes = {path.name: path.stat().st_mode & 0o777 for path in files.iterdir()}

    holder.close()
    assert files.stat().st_mode & 0o777 == 0o700
    assert modes == {
        "drafts.sqlite3": 0o600,
        "drafts.sqlite3-journal": 0o600,
        "heard.sqlite3": 0o600,
        "heard.sqlite3-shm": 0o600,
        "heard.sqlite3-wal": 0o600,
    }


def test_a_file_that_others_could_read_is_closed_to_them(files: Path) -> None:
    (files / "heard.sqlite3").chmod(0o644)

    sqlite_addresses(files)

    assert (files / "heard.sqlite3").stat().st_mode & 0o777 == 0o600


def test_the_file_is_set_for_durable_concurrent_writing(files: Path) -> None:
    connection = sqlite3.connect(files / "heard.sqlite3")

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA page_size").fetchone() == (65536,)


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        ("_responses", {"synchronous": 2, "secure_delete": 1, "trusted_schema": 0}),
        ("_drafts_database", {"journal_mode": "truncate", "secure_delete": 1, "temp_store": 2}),
    ],
)
def test_every_connection_is_prepared(
    sqlite_storage: Storage, database: str, expected: dict[str, object]
) -> None:
    with getattr(sqlite_storage, database).reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected
        }

    assert found == expected


def test_nothing_but_four_columns_is_kept_of_a_response(files: Path) -> None:
    connection = sqlite3.connect(files / "heard.sqlite3")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(response)")]

    assert columns == ["consultation", "id", "envelope", "withdrawal_tag"]
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        connection.execute("SELECT rowid FROM response")


def test_no_table_has_a_column_for_a_time(files: Path) -> None:
    columns = set()
    for name in ("heard.sqlite3", "drafts.sqlite3"):
        connection = sqlite3.connect(files / name)
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
            columns |= {
                f"{table}.{row[1]}" for row in connection.execute(f"PRAGMA table_info({table})")
            }

    assert columns == {
        "card.entry",
        "card.state",
        "card.tag",
        "definition.consultation",
        "definition.digest",
        "definition.document",
        "definition.version",
        "deletion.consultation",
        "deletion.document",
        "deletion.number",
        "draft.ciphertext",
        "draft.id",
        "draft.idle",
        "drafts_version.version_num",
        "entry.code",
        "entry.collector",
        "entry.consultation",
        "exported.bundle",
        "exported.consultation",
        "exported.number",
        "exported.purpose",
        "exported.responses",
        "held_card.done",
        "held_card.idle",
        "held_card.tag",
        "kept_draft.ciphertext",
        "kept_draft.consultation",
        "kept_draft.id",
        "opened.consultation",
        "opened.digest",
        "opened.state",
        "recipient.consultation",
        "recipient.place",
        "recipient.public_key",
        "reply.consultation",
        "reply.document",
        "response.consultation",
        "response.envelope",
        "response.id",
        "response.withdrawal_tag",
        "responses_version.version_num",
        "sweep.id",
        "sweep.mark",
    }


def test_when_idle_no_log_shows_the_order_of_the_newest_responses(
    sqlite_storage: Storage, files: Path
) -> None:
    for _ in range(5):
        sqlite_storage.keep_response("internet-safer", make_response())

    left = {path.name for path in files.iterdir() if path.stat().st_size}
    assert left == {"drafts.sqlite3", "heard.sqlite3"}


@pytest.mark.parametrize("size", [5335, 60_000])
def test_a_withdrawn_response_is_in_no_file(
    sqlite_storage: Storage, files: Path, size: int
) -> None:
    response = make_response(marked(size))
    for _ in range(8):
        sqlite_storage.keep_response("internet-safer", make_response())
    sqlite_storage.keep_response("internet-safer", response)
    assert MARK in bytes_in(files)

    sqlite_storage.withdraw({"internet-safer": response.withdrawal_tag})

    left = bytes_in(files)
    assert MARK not in left
    assert response.id not in left
    assert response.withdrawal_tag not in left


def test_a_withdrawn_response_leaves_the_log_although_a_connection_stays_open(
    sqlite_storage: Storage, files: Path
) -> None:
    holder = sqlite3.connect(files / "heard.sqlite3")
    holder.execute("SELECT count(*) FROM response").fetchall()
    response = make_response(marked(5335))
    sqlite_storage.keep_response("internet-safer", response)
    assert MARK in (files / "heard.sqlite3-wal").read_bytes()

    sqlite_storage.withdraw({"internet-safer": response.withdrawal_tag})

    assert MARK not in bytes_in(files)
    holder.close()


def test_a_withdrawal_succeeds_while_somebody_reads_and_the_log_goes_afterwards(
    files: Path,
) -> None:
    storage = storage_in(files, wait=0.1)
    response = make_response(marked(5335))
    storage.keep_response("internet-safer", response)
    reader = sqlite3.connect(files / "heard.sqlite3")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM response").fetchall()

    assert storage.withdraw({"internet-safer": response.withdrawal_tag}) == "internet-safer"

    reader.close()
    storage.count("internet-safer")
    assert MARK not in bytes_in(files)


@pytest.mark.parametrize("size", [4096, 262_144])
def test_a_deleted_draft_is_in_no_file(sqlite_storage: Storage, files: Path, size: int) -> None:
    sqlite_storage.write_draft(b"e" * 32, os.urandom(4096))
    sqlite_storage.write_draft(b"d" * 32, marked(size))
    assert MARK in bytes_in(files)

    sqlite_storage.delete_draft(b"d" * 32)

    assert MARK not in bytes_in(files)
    assert b"d" * 32 not in bytes_in(files)


def test_a_rewritten_or_aged_draft_is_in_no_file(sqlite_storage: Storage, files: Path) -> None:
    sqlite_storage.write_draft(b"d" * 32, marked(8192))
    sqlite_storage.write_draft(b"d" * 32, os.urandom(4096))
    assert MARK not in bytes_in(files)

    sqlite_storage.write_draft(b"e" * 32, marked(8192))
    sqlite_storage.age_drafts(0)
    assert MARK not in bytes_in(files)


def without_counters(image: bytes) -> bytes:
    """Blank the two counters of the header: how often the first page was written, not what.

    Offsets 24 and 92, four bytes each (sqlite.org/fileformat2.html, "The Database Header").
    """
    blank = bytes(4)
    return image[:24] + blank + image[28:92] + blank + image[96:]


def test_after_compacting_the_files_do_not_tell_the_order_of_arrival(tmp_path: Path) -> None:
    # The longest ones do not fit into a page, so this covers overflow pages too.
    responses = [make_response(os.urandom(size)) for size in (5335, 9431, 70_000) * 20]
    images = []
    for name in ("one", "two"):
        random.shuffle(responses)
        storage = open_storage(*sqlite_addresses(tmp_path / name))
        storage.publish(make_definition(), ["key"], {"tree": None})
        for response in responses:
            storage.keep_response("internet-safer", response)

        storage.compact()

        images.append(without_counters((tmp_path / name / "heard.sqlite3").read_bytes()))

    assert len(images[0]) > 1_000_000
    assert images[0] == images[1]


@pytest.mark.parametrize(("size", "recipients"), [(4096, 10), (8192, 6)])
def test_an_envelope_stays_inside_its_page(
    sqlite_storage: Storage, files: Path, size: int, recipients: int
) -> None:
    longest_id = "c" * 60
    envelope = 7 + recipients * 1184 + 32 + size + 16
    for _ in range(20):
        sqlite_storage.keep_response(longest_id, make_response(os.urandom(envelope)))

    connection = sqlite3.connect(files / "heard.sqlite3")
    try:
        kinds = connection.execute("SELECT DISTINCT pagetype FROM dbstat WHERE name = 'response'")
    except sqlite3.OperationalError:
        pytest.skip("this SQLite was built without dbstat")
    assert {kind for (kind,) in kinds} == {"internal", "leaf"}


def test_files_are_made_once_by_several_processes(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                sqlite_addresses(folder)
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(child)

    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    assert storage_in(folder).count("internet-safer") == 0


def test_a_folder_with_unusual_signs_in_its_name_works(tmp_path: Path) -> None:
    folder = tmp_path / "a folder # 100% of it"
    sqlite_addresses(folder)

    assert storage_in(folder).keep_response("internet-safer", make_response())
