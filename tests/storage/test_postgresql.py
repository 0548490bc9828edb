"""What only a database server can do: many processes at once, limits, and starting again."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from app.commands.deployment.postgresql import postgresql_notes
from app.storage import Storage, StorageUnavailable, open_storage
from app.storage.engines import LIMITS, MOST_OPEN
from tests.postgresql import control, plain

from .conftest import CHILD_ENVIRONMENT, make_definition, make_response

pytestmark = pytest.mark.parametrize("addresses", ["postgresql"], indirect=True)

NAME = "internet-safer"
CARDS = [bytes((number,)) * 32 for number in range(12)]
PROCESSES = 2

# Waits for the word to begin; then eight threads grab all that they can, and each prints its luck
# in one piece.
GRABBER = """
import random, sys
from concurrent.futures import ThreadPoolExecutor
from app.storage import StoredResponse, open_storage

storage = open_storage(sys.argv[1], sys.argv[1])
tags = [bytes.fromhex(tag) for tag in sys.argv[2].split()]
cards = [bytes((number,)) * 32 for number in range(12)]
same = StoredResponse(b"i" * 16, b"envelope", b"w" * 32)

def grab(seed):
    mine = random.Random(seed)
    for card in mine.sample(cards, len(cards)):
        if storage.cards.take(card):
            print(f"card {card[0]}\\n", end="")
    for tag in mine.sample(tags, len(tags)):
        if storage.withdraw({"internet-safer": tag}):
            print(f"withdrawn {tag.hex()}\\n", end="")
    if storage.keep_response("internet-safer", same):
        print("kept\\n", end="")

storage.count("internet-safer")
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(grab, range(8)))
"""


def test_what_can_be_had_once_is_had_once_whoever_grabs(
    addresses: tuple[str, str], storage: Storage
) -> None:
    storage.publish(make_definition(), ["key"], {"tree": None})
    storage.cards.add("tree", CARDS)
    responses = [make_response(b"short") for _ in range(20)]
    for response in responses:
        storage.keep_response(NAME, response)
    tags = [response.withdrawal_tag.hex() for response in responses[:12]]
    grabbers = [
        subprocess.Popen(
            [sys.executable, "-c", GRABBER, addresses[0], " ".join(tags)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=CHILD_ENVIRONMENT,
        )
        for _ in range(PROCESSES)
    ]
    for grabber in grabbers:
        assert grabber.stdout is not None
        assert grabber.stdout.readline() == "ready\n"

    luck = [line for each in begin(grabbers) for line in each.splitlines()]

    expected = [f"card {card[0]}" for card in CARDS] + [f"withdrawn {tag}" for tag in tags]
    assert sorted(luck) == sorted([*expected, "kept"])
    assert storage.count(NAME) == len(responses) - len(tags) + 1


def begin(grabbers: list[subprocess.Popen[str]]) -> list[str]:
    """Let all of them go at once; what they printed."""
    with ThreadPoolExecutor(len(grabbers)) as pool:
        return list(pool.map(lambda grabber: grabber.communicate("go\n", timeout=60)[0], grabbers))


def test_a_process_has_few_connections_each_with_limits(
    addresses: tuple[str, str], storage: Storage
) -> None:
    databases = storage._responses, storage._drafts_database  # both in one: they share them

    def use(number: int) -> None:
        with databases[number % 2].reading() as connection:
            connection.execute(text("SELECT pg_sleep(0.1)"))

    found: list[int] = []
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    counting = f"SELECT count(*) FROM pg_stat_activity WHERE {others}"  # noqa: S608
    with (
        psycopg.connect(plain(addresses[0]), autocommit=True) as watcher,
        ThreadPoolExecutor(24) as pool,
    ):
        used = [pool.submit(use, number) for number in range(40)]
        while not all(each.done() for each in used):
            found += watcher.execute(counting.encode()).fetchone() or ()
    assert [each.exception() for each in used] == [None] * 40
    assert max(found) == MOST_OPEN
    with storage._responses.reading() as connection:
        for name, seconds in LIMITS.items():
            assert connection.scalar(text(f"SHOW {name}")) == f"{seconds}s"
    with storage._responses.writing(patiently=True) as connection:
        assert {connection.scalar(text(f"SHOW {name}")) for name in LIMITS} == {"0"}


def test_a_long_look_sees_one_instant_and_changes_nothing(storage: Storage) -> None:
    """What a backup reads, table after table, while people go on."""
    storage.keep_response(NAME, make_response())
    counting = text("SELECT count(*) FROM response")
    with storage._responses.at_one_instant() as connection:
        assert connection.scalar(counting) == 1
        storage.keep_response(NAME, make_response())
        assert connection.scalar(counting) == 1
        with pytest.raises(DBAPIError, match="read-only"):
            connection.execute(text("DELETE FROM response"))
    assert storage.count(NAME) == 2


def test_nobody_waits_for_ever_behind_a_lock(
    addresses: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "lock_timeout", 1)
    impatient = open_storage(*addresses)
    with psycopg.connect(plain(addresses[0])) as other:
        other.execute("LOCK TABLE response")
        with pytest.raises(StorageUnavailable) as refusal:
            impatient.keep_response(NAME, make_response())
    assert refusal.value.cause == "55P03"  # lock_not_available
    assert impatient.keep_response(NAME, make_response())
    impatient.close()


@pytest.mark.in_turn(2)
@pytest.mark.parametrize("way", ["immediate", "fast"])
def test_when_the_server_starts_again_all_goes_on(
    addresses: tuple[str, str], storage: Storage, postgresql_server: Path, way: str
) -> None:
    """As after an update, or a crash: then drafts and holds are gone, for they have no log."""
    storage.publish(make_definition(), ["key"], {"tree": None})
    storage.cards.add("tree", CARDS)
    sent = [make_response() for _ in range(10)]
    for response in sent:
        storage.keep_response(NAME, response)
    storage.write_draft(b"d" * 32, b"words")
    assert storage.cards.take(CARDS[0])
    control(postgresql_server, "-m", "fast", "stop")
    control(postgresql_server, "start")
    assert storage.count(NAME) == len(sent)  # nobody who came afterwards notices
    control(postgresql_server, "-m", way, "stop")
    try:
        for call in (
            lambda: storage.read_draft(b"d" * 32),
            lambda: storage.keep_response(NAME, make_response()),
        ):
            with pytest.raises(StorageUnavailable):
                call()
    finally:
        control(postgresql_server, "start")

    assert {each.id for each in storage.responses(NAME)} == {each.id for each in sent}
    assert storage.read_draft(b"d" * 32) == (b"words" if way == "fast" else None)
    storage.write_draft(b"d" * 32, b"words")
    assert storage.keep_response(NAME, make_response())
    storage.cards.settle(13)
    card = storage.cards.find(CARDS[0])
    assert card is not None
    assert card.state == ("held" if way == "fast" else "free")


def test_an_operator_is_told_when_the_server_writes_down_who_did_what_when(
    addresses: tuple[str, str], storage: Storage
) -> None:
    assert [note.state for note in postgresql_notes(storage)] == ["well"]
    storage.close()
    name = make_url(addresses[0]).database
    with psycopg.connect(plain(addresses[0]), autocommit=True) as other:
        for setting in ("log_statement = 'all'", "log_min_duration_statement = 5"):
            other.execute(f"ALTER DATABASE {name} SET {setting}".encode())

    notes = list(postgresql_notes(storage))

    assert [note.state for note in notes] == ["wrong", "wrong"]
    assert "log_statement = all" in notes[0].message
    assert "Set it to none" in notes[0].message
    assert "log_min_duration_statement = 5" in notes[1].message


def test_a_server_that_does_not_answer_is_given_up(addresses: tuple[str, str]) -> None:
    url = addresses[0].replace("?host=", "?connect_timeout=2&host=/nowhere/")
    nowhere = open_storage(url, url)
    with pytest.raises(StorageUnavailable):
        nowhere.count(NAME)
