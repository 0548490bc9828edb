"""Promise 1 on PostgreSQL: its files, its write-ahead log, and its log with everything switched on.

The same story, on a server that logs every statement with its values, as somebody may let it do who
looks for a mistake. At the end Heard is killed, and PostgreSQL is stopped as if the power went.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from app.sealing import open_envelope
from tests.place import sample_surveys, unlocked
from tests.postgresql import control, new_database, plain, running_postgresql
from tests.server import Demo, running_demo
from tests.walks import walk

from .crashing import kill_all
from .rows import ServerRows, response_ids
from .scan import Found, Marked, search
from .story import (
    CONSULTATION,
    Story,
    back_up,
    begin,
    code_on_screen,
    person_in,
    processes_of,
    tell,
    together,
    words_of,
)

EVERYTHING = {
    **{"log_statement": "all", "log_min_messages": "info", "log_connections": "on"},
    **{"log_min_duration_statement": "0", "log_parameter_max_length_on_error": "300"},
    **{"log_error_verbosity": "verbose", "log_disconnections": "on", "log_lock_waits": "on"},
    # The beginning of each value: otherwise most of the log is ciphertext.
    **{"log_parameter_max_length": "300"},
    **{"fsync": "off", "full_page_writes": "on", "autovacuum": "off"},
}
"""What PostgreSQL can log; it does not wait for the disk, which costs time and proves nothing."""
ARRIVALS = 6
HERE = "page:last_page"


@dataclass
class Kept:
    """What was left in a database server."""

    story: Story
    folder: Path
    address: str
    found: dict[str, list[Found]] = field(default_factory=dict)
    documents: list[bytes] = field(default_factory=list)
    restored: list[bytes] = field(default_factory=list)
    words: str = ""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("postgresql")
    with running_postgresql(EVERYTHING) as server:
        url = new_database(server)
        env = {"HEARD_DATABASE_URL": url, "HEARD_DRAFTS_URL": url}
        with running_demo(folder, surveys=sample_surveys(folder), env=env) as demo:
            story = tell(demo, ServerRows(plain(url)), ARRIVALS)
            told = Kept(story, server, plain(url))
            family = processes_of(demo.instance, demo.process.pid)
            told.found["while it ran"] = search(folder, story.marks, family)
            bundle = demo.heard("export", CONSULTATION, "-o", str(folder / "bundle.heard"))
            assert bundle.returncode == 0, bundle.stderr
            back_up(demo, folder)
            told.restored = response_ids(folder / "restored" / "heard.sqlite3")
            code = demo.codes(CONSULTATION)[0]
            told.words = while_it_starts_again(story, demo, server)
            together(story, demo, code, meanwhile=lambda: kill_all(demo))
        dump(told.address, folder)
        told.found["after it was killed"] = search(folder, story.marks, (), server)
        key = unlocked(story.key.read_text(encoding="utf-8"))
        with psycopg.connect(told.address) as connection:
            rows = connection.execute("SELECT envelope FROM response").fetchall()
        told.documents = [open_envelope(bytes(row[0]), CONSULTATION, key) for row in rows]
        yield told


def while_it_starts_again(story: Story, demo: Demo, server: Path) -> str:
    """Somebody answers while PostgreSQL starts again; returns the words, which are sent."""
    person = person_in(story, demo, "while it starts again", 21)
    begin(story, person, "while it starts again", demo.codes(CONSULTATION)[0])
    words = words_of(story, "while it starts again")
    walk(person, words.__getitem__, until=HERE)
    typed = {"one_change": words["one_change"]}
    control(server, "-m", "fast", "stop")
    try:
        page = person.press("continue", typed)
        assert page.status == 503
        assert typed.items() <= dict(page.form.fields).items()
    finally:
        control(server, "start")
    person.press()
    walk(person, words.__getitem__)
    code_on_screen(story, person, "while it starts again")
    return typed["one_change"]


def dump(address: str, folder: Path) -> None:
    """Write what every table holds, also what no disk has yet, beside all that is searched."""
    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            with connection.cursor().copy(f"COPY (TABLE {table}) TO STDOUT".encode()) as rows:
                (folder / f"table {table}").write_bytes(b"".join(rows))


@pytest.mark.requirement("R56", "R86")
@pytest.mark.parametrize("when", ["while it ran", "after it was killed"])
def test_nothing_of_anybody_is_in_the_server_or_its_log(kept: Kept, when: str) -> None:
    assert kept.found[when] == []
    assert len(kept.story.marks) > 500


def test_what_was_typed_did_arrive_there(kept: Kept) -> None:
    """Otherwise the search would prove nothing."""
    everything = b"\n".join(kept.documents)
    sent = [words for name, words in kept.story.typed.items() if name.startswith("sender")]
    assert len(sent) >= 2
    assert all(words.encode() in everything for words in sent)
    assert kept.words.encode() in everything  # typed while PostgreSQL started again
    log = (kept.folder / "log").read_text(encoding="utf-8", errors="replace")
    assert log.count("INSERT INTO response") > ARRIVALS
    assert "parameters: $1" in log.lower()
    assert 'relation "draft" does not exist' in log
    assert set(kept.story.arrivals) < set(kept.restored)


PLANTED = {
    "a row": ("INSERT INTO kept_draft VALUES (sha256('a'), 'x', convert_to('{}', 'UTF8'))", "base"),
    "a row that was deleted": (
        "INSERT INTO kept_draft VALUES (sha256('b'), 'x', convert_to('{}', 'UTF8'));"
        "DELETE FROM kept_draft WHERE id = sha256('b')",
        "base",
    ),
    "the write-ahead log": ("SELECT pg_logical_emit_message(true, 'note', '{}')", "pg_wal"),
    "the log": ("DO $$ BEGIN RAISE WARNING '{}'; END $$", "log"),
}


def test_one_planted_mark_would_be_found_in_each_place(kept: Kept) -> None:
    marks = {place: Marked(place, f"zq{secrets.token_hex(8)}") for place in PLANTED}
    with psycopg.connect(kept.address, autocommit=True) as connection:
        connection.execute("SET log_statement = none")
        connection.execute("SET log_min_duration_statement = -1")
        for place, (statements, _) in PLANTED.items():
            connection.execute(statements.format(marks[place].value).encode())
        connection.execute("CHECKPOINT")

    found = search(kept.folder, marks.values())

    for place, (_, where) in PLANTED.items():
        parts = {part for one in found if one.name == place for part in one.place.split("/")}
        assert where in parts, place
