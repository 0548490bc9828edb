"""Full, locked, read-only, missing, damaged: each is StorageUnavailable, and loses nothing."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.storage import StorageUnavailable, open_storage, upgrade

from .conftest import CHILD_ENVIRONMENT, make_response, sqlite_addresses, storage_in

NOBODY = 65534


def test_a_missing_file_is_an_error_and_is_not_made_anew(files: Path) -> None:
    storage = storage_in(files)
    for path in files.iterdir():
        path.unlink()

    with pytest.raises(StorageUnavailable, match="SQLITE_CANTOPEN"):
        storage.keep_response("internet-safer", make_response())
    with pytest.raises(StorageUnavailable):
        storage.write_draft(b"d" * 32, b"words")

    assert list(files.iterdir()) == []


def test_a_file_without_tables_is_an_error(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}" for name in ("a", "b")]
    for name in ("a", "b"):
        (tmp_path / name).touch()

    with pytest.raises(StorageUnavailable):
        open_storage(*urls).count("internet-safer")


def test_a_locked_database_is_an_error_after_the_wait_and_works_again(files: Path) -> None:
    storage = storage_in(files, wait=0.05)
    writer = sqlite3.connect(files / "heard.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageUnavailable, match="SQLITE_BUSY"):
        storage.keep_response("internet-safer", make_response())
    writer.execute("ROLLBACK")

    assert storage.keep_response("internet-safer", make_response())


def test_a_draft_can_be_read_while_nothing_can_be_written(files: Path) -> None:
    storage = storage_in(files, wait=0.05)
    storage.write_draft(b"d" * 32, b"words")
    storage.age_drafts(13)  # being read makes it fresh again, which has to be written
    writer = sqlite3.connect(files / "drafts.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    assert storage.read_draft(b"d" * 32) == b"words"
    with pytest.raises(StorageUnavailable, match=r"of drafts \(HEARD_DRAFTS_URL\) is held"):
        storage.prove_usable()
    writer.execute("ROLLBACK")


def test_a_damaged_file_is_an_error(files: Path) -> None:
    (files / "heard.sqlite3").write_bytes(b"not a database " * 10_000)

    with pytest.raises(StorageUnavailable, match="SQLITE_NOTADB"):
        storage_in(files).all_opened()


@contextmanager
def no_privileges() -> Iterator[None]:
    """Root may write everything; for a while, be somebody who may not."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder with databases that everybody can read and only their owner can write."""
    folder = Path(tempfile.mkdtemp(prefix="heard-"))
    sqlite_addresses(folder)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_read_only_database_is_an_error(open_folder: Path) -> None:
    storage = storage_in(open_folder)

    with no_privileges():
        with pytest.raises(StorageUnavailable):
            storage.keep_response("internet-safer", make_response())
        with pytest.raises(StorageUnavailable, match=r"SQLITE_READONLY|SQLITE_CANTOPEN"):
            storage.write_draft(b"d" * 32, b"words")

    assert storage.count("internet-safer") == 0


def test_a_folder_that_cannot_be_made_is_an_error(open_folder: Path) -> None:
    with no_privileges(), pytest.raises(StorageUnavailable, match="PermissionError"):
        sqlite_addresses(open_folder / "below")


FILL = """
import os, resource, sys
from app.storage import StorageUnavailable, StoredResponse, open_storage

folder, limit, kept = sys.argv[1], int(sys.argv[2]), []
storage = open_storage(f"sqlite:///{folder}/heard.sqlite3", f"sqlite:///{folder}/drafts.sqlite3")
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for _ in range(1000):
    response = StoredResponse(os.urandom(16), os.urandom(5335), os.urandom(32))
    try:
        storage.keep_response("internet-safer", response)
    except StorageUnavailable as error:
        print(error.cause)
        break
    kept.append(response.id.hex())
print(" ".join(kept))
"""


def test_a_full_disk_is_an_error_and_what_was_acknowledged_is_there(files: Path) -> None:
    limit = (files / "heard.sqlite3").stat().st_size + 1_000_000

    child = subprocess.run(
        [sys.executable, "-c", FILL, str(files), str(limit)],
        capture_output=True,
        text=True,
        check=True,
        env=CHILD_ENVIRONMENT,
    )

    cause, kept = child.stdout.splitlines()
    assert cause in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")
    storage = storage_in(files)
    assert sorted(kept.split()) == [row.id.hex() for row in storage.responses("internet-safer")]
    assert len(kept.split()) > 20
    assert storage.keep_response("internet-safer", make_response()), "space came back"


def test_no_error_shows_what_was_to_be_stored(files: Path) -> None:
    response = make_response(b"sealed words")
    storage = storage_in(files)
    with sqlite3.connect(files / "heard.sqlite3") as connection:
        connection.execute("DROP TABLE response")

    with pytest.raises(StorageUnavailable) as raised:
        storage.keep_response("internet-safer", response)

    shown = "".join(traceback.format_exception(raised.value))
    assert "SQLITE_ERROR" in shown
    for secret in ("sealed words", "INSERT", repr(response.id), response.id.hex()):
        assert secret not in shown


def test_an_upgrade_that_cannot_connect_is_an_error(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    nowhere = f"postgresql+psycopg://heard@/heard?host={tmp_path}"

    with pytest.raises(StorageUnavailable):
        upgrade(nowhere, nowhere)


def test_the_limit_on_files_is_the_childs_alone() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
