"""What an operator is told when a database or a key is gone or broken, and that nothing is made."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands import main
from app.commands.deployment import machine
from app.commands.opening import publish
from app.consultation import load_definition
from app.sealing import PrivateKey
from app.storage import open_storage
from tests.away import locked
from tests.definitions import SMALLEST

LOOKING = (["status"], ["doctor"], ["serve"], ["sweep"], ["pause", "small"], ["deletions"])


def heard(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def notes() -> tuple[int, list[str]]:
    """How `heard doctor` ended, and what it says is wrong."""
    result = heard("doctor", "--json")
    found = json.loads(result.output)
    assert any(note["state"] == "waits" for note in found), "it goes on to what needs no database"
    return result.exit_code, [note["message"] for note in found if note["state"] == "wrong"]


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance with a consultation, that has been looked over once."""
    folder = tmp_path / "instance"
    answers = f"sqlite:///{folder / 'heard.sqlite3'}?timeout=0.1"
    drafts = f"sqlite:///{folder / 'drafts.sqlite3'}?timeout=0.1"
    monkeypatch.setenv("HEARD_INSTANCE", str(folder))
    monkeypatch.setenv("HEARD_DATABASE_URL", answers)
    monkeypatch.setenv("HEARD_DRAFTS_URL", drafts)
    monkeypatch.setenv("HEARD_EXIT_TO", "https://weather.example/")  # a name that never resolves
    assert notes() == (0, [])
    with closing(open_storage(answers, drafts)) as storage:
        key = PrivateKey.generate().public_key("team")
        publish(storage, load_definition(SMALLEST, "small.yaml"), [key])
    return folder


def test_no_command_makes_an_empty_database_where_one_with_answers_was(instance: Path) -> None:
    """Such as on a disk that is not mounted: the running server would take it for the real one."""
    gone = instance / "heard.sqlite3"
    gone.unlink()

    for words in LOOKING:
        result = heard(*words)
        assert result.exit_code == 1, words
        for told in (f"{gone} is not there", "Mount its disk", "heard restore", "heard db upgrade"):
            assert told in result.output
        assert not gone.exists()

    assert heard("db", "upgrade").exit_code == 0
    assert "No consultation was started yet" in heard("status").output


def rubbish(instance: Path) -> None:
    (instance / "heard.sqlite3").write_bytes(b"rubbish " * 4096)


def without_a_table(instance: Path) -> None:
    with closing(sqlite3.connect(instance / "heard.sqlite3")) as connection:
        connection.execute("DROP TABLE opened")


def rubbish_for_drafts(instance: Path) -> None:
    (instance / "drafts.sqlite3").write_bytes(b"rubbish " * 4096)


BROKEN: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "answers damaged": (rubbish, "of answers (HEARD_DATABASE_URL) is damaged", "heard restore"),
    "a table gone": (
        without_a_table,
        "of answers (HEARD_DATABASE_URL) does not have the tables",
        "heard db upgrade",
    ),
    "drafts damaged": (
        rubbish_for_drafts,
        "of drafts (HEARD_DRAFTS_URL) is damaged",
        "move the file away",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_is_named_with_what_to_do(instance: Path, broken: str) -> None:
    break_it, what, to_do = BROKEN[broken]
    break_it(instance)

    shown, (status, wrong) = heard("status"), notes()

    assert shown.exit_code in (1, 2)
    assert not isinstance(shown.exception, sqlite3.Error)
    assert status == 1
    for told in (shown.output, "\n".join(wrong)):
        assert what in told
        assert to_do in told


def test_a_database_that_is_held_by_somebody_is_told(instance: Path) -> None:
    with locked(instance / "heard.sqlite3"):
        assert "is held by another program (SQLITE_BUSY" in heard("status").output
        status, (wrong,) = notes()
        assert status == 1
        assert "is held by another program" in wrong
    assert notes() == (0, [])


def test_a_disk_that_is_almost_full_is_told_before_anybody_notices(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "LITTLE", 2**62)
    status, wrong = notes()
    assert status == 1
    for path in ("heard.sqlite3", "drafts.sqlite3"):
        assert any(f"The disk of {instance / path} has " in each for each in wrong)
    assert all("Make room there" in each for each in wrong)


@pytest.mark.parametrize("name", ["secret-key", "signing-key"])
def test_a_key_file_that_cannot_be_read_is_named_with_what_to_do(instance: Path, name: str) -> None:
    key = instance / name
    key.unlink()
    key.mkdir()  # not even root reads that
    (key / "something").touch()

    result = heard("doctor")

    assert result.exit_code in (1, 2)
    assert str(key) in result.output
    assert "Is a directory" in result.output
