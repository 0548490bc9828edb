"""Drafts that are kept for later: until they are opened or their consultation closes (R33)."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path

import pytest

from app.storage import Storage, open_storage

from .conftest import bytes_in, make_definition, sqlite_addresses
from .test_files import MARK, marked

pytestmark = pytest.mark.requirement("R33")

GROUP = "internet-safer"


def test_a_kept_draft_is_read_back_until_it_is_deleted(storage: Storage) -> None:
    kept = os.urandom(32)
    storage.kept_drafts.write(kept, GROUP, b"first")
    storage.kept_drafts.write(kept, GROUP, b"second")

    assert storage.kept_drafts.read(kept) == b"second"
    assert storage.kept_drafts.read(os.urandom(32)) is None
    assert [storage.kept_drafts.delete(kept) for _ in range(2)] == [True, False]
    assert storage.kept_drafts.read(kept) is None


def test_kept_drafts_outlive_idle_time_and_go_with_their_consultation(storage: Storage) -> None:
    kept = [os.urandom(32) for _ in range(3)]
    for one, consultation in zip(kept, (GROUP, GROUP, "other"), strict=True):
        storage.kept_drafts.write(one, consultation, b"words")
    for _ in range(20):
        storage.age_drafts(0)
    storage.compact()
    assert storage.kept_drafts.count(GROUP) == 2

    assert [storage.kept_drafts.delete_all(GROUP) for _ in range(2)] == [True, False]

    assert [storage.kept_drafts.read(one) for one in kept] == [None, None, b"words"]


@pytest.mark.parametrize("size", [4124, 70_000])
def test_a_deleted_one_is_in_no_file(sqlite_storage: Storage, files: Path, size: int) -> None:
    one, kept = os.urandom(32), sqlite_storage.kept_drafts
    for all_of_them in (False, True):
        kept.write(os.urandom(32), "other", os.urandom(size))
        kept.write(one, GROUP, marked(size))
        assert MARK in bytes_in(files)

        if all_of_them:
            kept.delete_all(GROUP)
        else:
            kept.delete(one)

        assert MARK not in bytes_in(files)
        assert one not in bytes_in(files)


def test_a_deleted_one_leaves_the_log_although_a_connection_stays_open(
    sqlite_storage: Storage, files: Path
) -> None:
    holder = sqlite3.connect(files / "heard.sqlite3")
    holder.execute("SELECT count(*) FROM kept_draft").fetchall()
    one = os.urandom(32)
    sqlite_storage.kept_drafts.write(one, GROUP, marked(4124))
    assert MARK in (files / "heard.sqlite3-wal").read_bytes()

    sqlite_storage.kept_drafts.delete(one)

    assert MARK not in bytes_in(files)
    holder.close()


def test_after_compacting_the_file_does_not_tell_the_order_of_keeping(tmp_path: Path) -> None:
    kept = [(os.urandom(32), os.urandom(4124)) for _ in range(40)]
    images = []
    for name in ("one", "two"):
        storage = open_storage(*sqlite_addresses(tmp_path / name))
        storage.publish(make_definition(), ["key"], {"tree": None})
        for one, ciphertext in random.sample(kept, 40):
            storage.kept_drafts.write(one, GROUP, ciphertext)

        storage.compact()

        image = (tmp_path / name / "heard.sqlite3").read_bytes()
        images.append(image[:24] + image[28:92] + image[96:])

    assert images[0] == images[1]
