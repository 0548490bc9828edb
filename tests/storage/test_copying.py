"""Copies for backups: all of it at one instant, in no order of arrival, and put back whole."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from app.storage import (
    CopyRefused,
    Counted,
    Entry,
    ExportedBundle,
    FoundCard,
    Storage,
    StorageUnavailable,
    StoredResponse,
    holds_nothing,
    open_storage,
    put_back,
    read_copy,
    upgrade,
    write_copy,
)
from tests.postgresql import new_database
from tests.sealing.test_pairs import a_full_disk

from .conftest import make_definition, make_response

NAME, OTHER = "internet-safer", "another-one"
FREE, HELD, USED = (bytes((letter,)) * 32 for letter in b"fhu")


def fill(storage: Storage) -> list[StoredResponse]:
    """Something in every table."""
    for name in (NAME, OTHER):
        storage.publish(make_definition(consultation=name), ["key", "second"], {f"c-{name}": "x"})
    storage.publish(make_definition(2), ["key"], {"tree": None})
    storage.set_state(OTHER, "paused")
    storage.keep_reply(NAME, "what came of it")
    responses = [make_response(os.urandom(size)) for size in (5335, 9431, 70_000) * 9]
    for response in responses:
        storage.keep_response(NAME, response)
    storage.cards.add(f"c-{NAME}", [FREE, HELD, USED])
    assert storage.cards.take(HELD)
    storage.cards._turn([USED], "used")
    storage.kept_drafts.write(b"k" * 32, NAME, b"words that were not sent")
    storage.retention.log_export(NAME, ExportedBundle("a.heard", "a first look", "20 to 49"))
    storage.retention.delete_answers(OTHER, lambda gone: f"record of {gone.responses}")
    return responses


def everything(storage: Storage) -> list[object]:
    """What a server reads of both consultations."""
    kept = storage.retention
    return [
        (
            *(sorted(storage.responses(name), key=lambda each: each.id), storage.opened(name)),
            *(storage.definitions(name), storage.entries(name), storage.recipients(name)),
            *(storage.reply(name), storage.cards.counts(name)[0]),
            *(kept.exported(name), kept.deletions(name)),
        )
        for name in (NAME, OTHER)
    ]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which nothing is yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'restored' / 'heard.sqlite3'}"
    return new_database(request.getfixturevalue("postgresql_server"))


@pytest.mark.parametrize(
    ("addresses", "empty"),
    [
        ("sqlite", "postgresql"),
        ("postgresql", "sqlite"),
        pytest.param("sqlite", "sqlite", marks=pytest.mark.thorough),
        pytest.param("postgresql", "postgresql", marks=pytest.mark.thorough),
    ],
    indirect=True,
)
def test_what_was_copied_from_either_database_is_put_back_into_either(
    addresses: tuple[str, str], storage: Storage, empty: str, tmp_path: Path
) -> None:
    responses, before = fill(storage), everything(storage)
    copy = tmp_path / "copy"
    write_copy(addresses[0], copy)
    copied = read_copy(copy)
    assert {name: each.responses for name, each in copied.consultations.items()} == {
        NAME: len(responses),
        OTHER: 0,
    }
    assert holds_nothing(empty)
    assert b"words that were not sent" not in copy.read_bytes()
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy"]

    put_back(copy, empty, copied.consultations, lambda: None)

    restored = open_storage(empty, empty)
    assert everything(restored) == before
    assert not holds_nothing(empty)
    # What was not sent is not in it, and no card tells that somebody was answering.
    assert restored.kept_drafts.count(NAME) == 0
    assert [restored.cards.find(tag) for tag in (FREE, HELD, USED)] == [
        FoundCard(Entry(f"c-{NAME}", NAME, "x"), state) for state in ("free", "free", "used")
    ]
    assert storage.cards.find(HELD) == FoundCard(Entry(f"c-{NAME}", NAME, "x"), "held")
    assert restored.withdraw({NAME: responses[0].withdrawal_tag}) == NAME
    assert not restored.keep_response(NAME, responses[1])
    restored.close()


@pytest.mark.requirement("R56")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_copy_does_not_tell_the_order_of_arrival(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """A dump of PostgreSQL would, and so do the pages of a SQLite file."""
    responses = [make_response(os.urandom(size)) for size in (5335, 9431, 70_000) * 4]
    tags = [os.urandom(32) for _ in range(10)]
    images = []
    for number in range(2):
        url = f"sqlite:///{tmp_path / str(number) / 'heard.sqlite3'}"
        if kind == "postgresql":
            url = new_database(request.getfixturevalue("postgresql_server"))
        drafts = url.replace("heard.sqlite3", "drafts.sqlite3")
        upgrade(url, drafts)
        storage = open_storage(url, drafts)
        storage.publish(make_definition(), ["key"], {"tree": None})
        random.shuffle(responses)
        random.shuffle(tags)
        for response in responses:
            storage.keep_response(NAME, response)
        for tag in tags:
            storage.cards.add("tree", [tag])
        write_copy(url, tmp_path / f"copy{number}")
        images.append((tmp_path / f"copy{number}").read_bytes())
        storage.close()

    assert len(images[0]) > 300_000
    assert images[0] == images[1]


def test_a_copy_is_of_one_instant_while_people_send(
    addresses: tuple[str, str], storage: Storage, tmp_path: Path
) -> None:
    """Each person's second response is sent after the first: no copy has the second alone."""
    storage.publish(make_definition(), ["key"], {"tree": None})
    begun, done, pairs = threading.Event(), threading.Event(), []

    def send() -> None:
        while not done.is_set():
            first, second = make_response(), make_response()
            storage.keep_response(NAME, first)
            storage.keep_response(NAME, second)
            pairs.append((first.id, second.id))
            begun.set()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    begun.wait()
    counts = []
    for number in range(2):
        before = len(pairs)
        write_copy(addresses[0], tmp_path / f"copy{number}")
        with closing(sqlite3.connect(tmp_path / f"copy{number}")) as copy:
            ids = {bytes(one) for (one,) in copy.execute("SELECT id FROM response")}
        assert {each for pair in pairs[:before] for each in pair} <= ids
        counts.append((before, ids))
    done.set()
    for thread in threads:
        thread.join()

    for _, ids in counts:
        assert not [first for first, second in pairs if second in ids and first not in ids]
    assert len(counts[-1][1]) > len(counts[0][1])


@pytest.mark.in_turn(2)
def test_nothing_is_put_back_over_anything(
    addresses: tuple[str, str], storage: Storage, tmp_path: Path
) -> None:
    fill(storage)
    before = everything(storage)
    write_copy(addresses[0], tmp_path / "copy")
    copied = read_copy(tmp_path / "copy")

    with pytest.raises(CopyRefused, match="nothing is overwritten"):
        put_back(tmp_path / "copy", addresses[0], copied.consultations, lambda: None)

    assert everything(storage) == before


@pytest.mark.in_turn(5)
@pytest.mark.parametrize("trouble", ["one is missing", "another one", "the end fails"])
def test_what_fails_at_the_last_moment_leaves_nothing(
    sqlite_storage: Storage, files: Path, empty: str, tmp_path: Path, trouble: str
) -> None:
    fill(sqlite_storage)
    write_copy(f"sqlite:///{files / 'heard.sqlite3'}", tmp_path / "copy")
    expected = dict(read_copy(tmp_path / "copy").consultations)
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        if trouble == "one is missing":
            copy.execute("DELETE FROM response WHERE id = (SELECT min(id) FROM response)")
        if trouble == "another one":
            first = "(SELECT min(id) FROM response)"
            copy.execute(f"UPDATE response SET envelope = x'00' WHERE id = {first}")  # noqa: S608
        copy.commit()

    def finish() -> None:
        if trouble == "the end fails":
            raise CopyRefused("the disk is full")

    with pytest.raises(CopyRefused):
        put_back(tmp_path / "copy", empty, expected, finish)

    assert holds_nothing(empty)
    assert not [*(tmp_path / "restored").glob("*")]


def test_one_response_that_is_exchanged_changes_the_digest(
    sqlite_storage: Storage, files: Path, tmp_path: Path
) -> None:
    sqlite_storage.publish(make_definition(), ["key"], {})
    url, found = f"sqlite:///{files / 'heard.sqlite3'}", list[Counted]()
    response = make_response()
    changed = StoredResponse(response.id, response.envelope, os.urandom(32))
    for number, each in enumerate((response, changed)):
        sqlite_storage.keep_response(NAME, each)
        write_copy(url, tmp_path / str(number))
        found.append(read_copy(tmp_path / str(number)).consultations[NAME])
        sqlite_storage.withdraw({NAME: each.withdrawal_tag})

    assert [each.responses for each in found] == [1, 1]
    assert found[0].digest != found[1].digest


def test_what_is_no_copy_or_of_a_newer_heard_is_refused(
    sqlite_storage: Storage, files: Path, tmp_path: Path
) -> None:
    fill(sqlite_storage)
    url = f"sqlite:///{files / 'heard.sqlite3'}"
    write_copy(url, tmp_path / "copy")
    content = (tmp_path / "copy").read_bytes()
    for name, bad in (
        ("cut", content[:200_000]),
        ("holed", content[:200_000] + bytes(200_000) + content[400_000:]),
        ("no database", b"x" * 100_000),
        ("nothing", b""),
    ):
        (tmp_path / name).write_bytes(bad)
        with pytest.raises(CopyRefused):
            read_copy(tmp_path / name)
    with closing(sqlite3.connect(files / "heard.sqlite3")) as newer:
        newer.execute("UPDATE responses_version SET version_num = 'r9999'")
        newer.commit()
    with pytest.raises(CopyRefused, match="newer"):
        write_copy(url, tmp_path / "later")
    assert not [*tmp_path.glob("later*")]


@pytest.mark.in_turn(2)
def test_a_full_disk_leaves_no_copy(
    addresses: tuple[str, str], storage: Storage, tmp_path: Path
) -> None:
    fill(storage)
    before = everything(storage)
    with a_full_disk(300_000), pytest.raises(StorageUnavailable):
        write_copy(addresses[0], tmp_path / "copy")

    assert not [*tmp_path.glob("copy*")]
    assert everything(storage) == before


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        write_copy(f"sqlite:///{tmp_path / 'missing'}", tmp_path / "copy")
    assert not [*tmp_path.iterdir()]
