"""From every revision that ever was to today's, with everything in its place, on both databases."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from app.storage import (
    Entry,
    ExportedBundle,
    FoundCard,
    Opened,
    Storage,
    StoredDefinition,
    StoredResponse,
    open_storage,
    put_back,
    read_copy,
    upgrade,
    write_copy,
)
from app.storage.engines import Database
from app.storage.migrate import FIRST, NEWEST, _config, _make_missing_file, _upgrade
from tests.postgresql import new_database

NAME = "internet-safer"
RESPONSES = [StoredResponse(os.urandom(16), os.urandom(5335), os.urandom(32)) for _ in range(40)]
DEFINITION = StoredDefinition("sha256:one", NAME, 1, '{"version":1}')
TAG, KEPT, DRAFT = b"t" * 32, b"k" * 32, b"d" * 32

Rows = list[tuple[str, dict[str, Any]]]
ROWS: dict[str, Rows] = {
    "r0001": [
        (
            "INSERT INTO definition (digest, consultation, version, document) "
            "VALUES ('sha256:one', :name, 1, :document)",
            {"name": NAME, "document": DEFINITION.document},
        ),
        ("INSERT INTO opened VALUES (:name, 'paused', 'sha256:one')", {"name": NAME}),
        ("INSERT INTO recipient VALUES (:name, 0, 'key')", {"name": NAME}),
        ("INSERT INTO entry VALUES ('tree', :name, 'nepal')", {"name": NAME}),
        *(
            (
                "INSERT INTO response (consultation, id, envelope, withdrawal_tag) "
                "VALUES (:name, :id, :envelope, :tag)",
                {"name": NAME, "id": r.id, "envelope": r.envelope, "tag": r.withdrawal_tag},
            )
            for r in RESPONSES
        ),
    ],
    "r0002": [("INSERT INTO reply VALUES (:name, 'what came of it')", {"name": NAME})],
    "r0003": [
        ("INSERT INTO card VALUES (:tag, 'tree', 'used')", {"tag": TAG}),
        (
            "INSERT INTO kept_draft VALUES (:id, :name, :words)",
            {"id": KEPT, "name": NAME, "words": b"locked"},
        ),
    ],
    "r0004": [
        (
            "INSERT INTO exported VALUES (:name, 1, 'a.heard', 'a first look', 'under 10')",
            {"name": NAME},
        ),
        ("INSERT INTO deletion VALUES (:name, 1, 'a record')", {"name": NAME}),
    ],
    "r0005": [],
    "d0001": [("INSERT INTO draft VALUES (:id, :words, 2)", {"id": DRAFT, "words": b"words"})],
    "d0002": [("INSERT INTO sweep VALUES (1, :mark)", {"mark": b"m" * 16})],
    "d0003": [("INSERT INTO held_card VALUES (:tag, 1, 0)", {"tag": TAG})],
}
"""What is put into the tables that a revision brought, in plain SQL."""


def revisions(branch: str) -> list[str]:
    found = ScriptDirectory.from_config(_config(branch)).walk_revisions()
    return [each.revision for each in found][::-1]


@pytest.mark.parametrize("branch", NEWEST)
def test_what_counts_as_newest_is_the_newest(branch: str) -> None:
    assert revisions(branch)[-1] == NEWEST[branch]


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The addresses of two databases in which there is not even a table."""
    if request.param == "sqlite":
        first, second = (tmp_path / "old" / f"{name}.sqlite3" for name in ("heard", "drafts"))
        return f"sqlite:///{first}", f"sqlite:///{second}"
    url = new_database(request.getfixturevalue("postgresql_server"))
    return url, url


def make_old(url: str, branch: str, revision: str) -> list[str]:
    """A database as it was at a revision, with something in every table; the revisions so far."""
    _make_missing_file(Database.at(url, ()), FIRST if branch == "responses" else ())
    past = revisions(branch)[: revisions(branch).index(revision) + 1]
    for each in past:
        _upgrade(Database.at(url, ()), branch, each)
        engine = create_engine(url)
        with engine.begin() as connection:
            for statement, values in ROWS[each]:
                connection.execute(text(statement), values)
        engine.dispose()
    return past


def holds(storage: Storage, past: list[str], *, kept: bool = True) -> None:
    """Everything that was put in at these revisions is read by today's program."""
    by_id = sorted(RESPONSES, key=lambda each: each.id)
    assert list(storage.responses(NAME)) == by_id
    assert storage.definitions(NAME) == [DEFINITION]
    assert storage.opened(NAME) == Opened(NAME, "paused", "sha256:one")
    assert storage.entries(NAME) == [Entry("tree", NAME, "nepal")]
    assert storage.recipients(NAME) == ["key"]
    assert storage.reply(NAME) == ("what came of it" if "r0002" in past else None)
    card = FoundCard(Entry("tree", NAME, "nepal"), "used") if "r0003" in past else None
    assert storage.cards.find(TAG) == card
    assert storage.kept_drafts.read(KEPT) == (b"locked" if kept and "r0003" in past else None)
    bundle = ExportedBundle("a.heard", "a first look", "under 10")
    assert storage.retention.exported(NAME) == ([bundle] if "r0004" in past else [])
    assert storage.retention.deletions(NAME) == (["a record"] if "r0004" in past else [])
    # What it does goes on from there.
    assert not storage.keep_response(NAME, RESPONSES[0])
    assert storage.withdraw({NAME: RESPONSES[0].withdrawal_tag}) == NAME
    assert storage.count(NAME) == len(RESPONSES) - 1


@pytest.mark.in_turn(3)
@pytest.mark.parametrize("revision", revisions("responses"))
def test_responses_of_every_revision_are_there_after_the_upgrade(
    urls: tuple[str, str], revision: str
) -> None:
    past = make_old(urls[0], "responses", revision)

    upgrade(*urls)

    with closing(open_storage(*urls)) as storage:
        holds(storage, past)


@pytest.mark.in_turn(3)
@pytest.mark.parametrize("revision", revisions("drafts"))
def test_drafts_of_every_revision_are_there_after_the_upgrade(
    urls: tuple[str, str], revision: str
) -> None:
    past = make_old(urls[1], "drafts", revision)

    upgrade(*urls)

    with closing(open_storage(*urls)) as storage:
        assert storage.read_draft(DRAFT) == b"words"
        assert storage.last_sweep() == (b"m" * 16 if "d0002" in past else None)
        assert storage.cards._hold(TAG) != ("d0003" in past)


@pytest.mark.in_turn(3)
@pytest.mark.parametrize("revision", ["r0001", "r0004"])
def test_a_backup_of_an_older_revision_is_brought_up_to_date(
    urls: tuple[str, str], tmp_path: Path, revision: str
) -> None:
    past = make_old(urls[0], "responses", revision)
    copy, new = tmp_path / "copy", f"sqlite:///{tmp_path / 'new' / 'heard.sqlite3'}"
    write_copy(urls[0], copy)
    copied = read_copy(copy)
    assert copied.revision == revision

    put_back(copy, new, copied.consultations, lambda: None)

    with closing(open_storage(new, new)) as storage:
        holds(storage, past, kept=False)
    engine = create_engine(urls[0])
    with engine.connect() as connection:  # making a backup upgrades nothing
        found = connection.scalar(text("SELECT version_num FROM responses_version"))
    engine.dispose()
    assert found == revision


@pytest.mark.parametrize("urls", ["postgresql"], indirect=True)
def test_responses_move_into_partitions_of_about_the_same_size(urls: tuple[str, str]) -> None:
    make_old(urls[0], "responses", "r0004")

    upgrade(*urls)

    engine = create_engine(urls[0])
    with engine.connect() as connection:
        counts = [
            connection.scalar(text(f"SELECT count(*) FROM response_{number:02}"))  # noqa: S608
            for number in range(16)
        ]
        names = connection.scalars(text("SELECT tablename FROM pg_tables")).all()
    engine.dispose()
    assert sum(counts) == len(RESPONSES)
    assert max(counts) < 20
    assert "response_before" not in names


def test_every_revision_has_rows_of_its_own_here() -> None:
    """Whoever adds a revision adds what stands in its tables."""
    assert sorted(ROWS) == sorted([*revisions("responses"), *revisions("drafts")])
