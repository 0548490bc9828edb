"""`heard backup` and `heard restore`: from an instance to a file, and to another instance."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from app.consultation import Definition
from app.research import open_bundle
from app.sealing import KeyCost, write_key_pair
from app.storage import Storage, StoredDefinition, StoredResponse, open_storage
from tests.sealing.test_pairs import a_full_disk

from .test_bundles import PASSPHRASE, ROOT, definition, folder, heard, send, storage
from .test_retention import NAME, in_days, started
from .test_retention import send as send_marked

__all__ = ["definition", "folder", "storage"]


def backed_up(folder: Path, *more: str) -> Path:
    """A backup of the instance, sealed to asha."""
    path = folder / "one.backup"
    done = heard(folder, "backup", "--to", folder / "asha.pub", "-o", path, *more)
    assert done.exit_code == 0, done.output
    return path


def restored(folder: Path, *more: str | Path, name: str = "one.backup") -> Result:
    key = ("--key", folder / "asha.key", "--passphrase-file", folder / "passphrase")
    new = () if "--check" in more else ("--instance", folder / "new")
    return heard(folder, "restore", folder / name, *key, *new, *more)


def new_storage(folder: Path) -> Storage:
    return open_storage(
        *(f"sqlite:///{folder / 'new' / n}" for n in ("heard.sqlite3", "d.sqlite3"))
    )


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_was_sent_comes_back_with_the_key_that_signs(
    folder: Path, storage: Storage, definition: Definition
) -> None:
    responses = [send(storage, definition, folder, f"words {number}") for number in range(5)]
    heard(folder, "doctor")  # makes the key for signing
    path = backed_up(folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    storage.keep_response(definition.consultation, responses[0])
    whole = restored(folder, "--check", "--json")
    assert whole.exit_code == 0, whole.output
    assert json.loads(whole.output)["consultations"][definition.consultation]["responses"] == 5
    assert not (folder / "new").exists()

    done = restored(folder)

    assert done.exit_code == 0, done.output
    assert f"{definition.consultation}: 5 responses" in done.output
    assert "take it back once more" in done.output
    assert new_storage(folder).withdraw({definition.consultation: responses[0].withdrawal_tag})
    old, new = folder / "instance", folder / "new"
    assert (new / "signing-key").read_text() == (old / "signing-key").read_text()
    assert (new / "secret-key").read_text() != (old / "secret-key").read_text()
    for name in ("signing-key", "heard.sqlite3"):
        assert stat.S_IMODE((new / name).stat().st_mode) == 0o600
    assert not [name for each in (old, new) for name in files_in(each) if "backup" in name]
    bundle = folder / "after.heard"
    made = heard(folder, "export", definition.consultation, "-o", bundle, "--instance", new)
    assert made.exit_code == 0, made.output
    with open_bundle(bundle) as found:
        assert found.manifest.count == 4


def test_a_sealed_backup_shows_nothing_and_a_plain_one_has_no_key(
    folder: Path, storage: Storage, definition: Definition
) -> None:
    heard(folder, "doctor")
    response = send(storage, definition, folder, "words")
    sealed = backed_up(folder).read_bytes()
    done = heard(folder, "backup", "--plain", "-o", folder / "plain.backup")
    assert done.exit_code == 0, done.output
    assert "not encrypted" in done.output
    with tarfile.open(folder / "plain.backup") as archive:
        members = archive.getmembers()
    signing = (folder / "instance" / "signing-key").read_bytes().strip()
    secret = (folder / "instance" / "secret-key").read_bytes().strip()
    plain = (folder / "plain.backup").read_bytes()

    assert [member.name for member in members] == ["manifest.json", "responses.sqlite3"]
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname) for m in members} == {(0, 0, 0, "", "")}
    assert response.id in plain
    assert response.id not in sealed
    assert not [key for key in (signing, secret) if key in plain]
    assert restored(folder, name="plain.backup").exit_code == 0


def test_the_same_rows_are_the_same_bytes_whenever_they_are_backed_up(
    folder: Path, storage: Storage, definition: Definition
) -> None:
    """So a file holds no time, and nothing of the machine."""
    for number in range(3):
        send(storage, definition, folder, f"words {number}")
    for name in ("a", "b"):
        heard(folder, "backup", "--plain", "-o", folder / name)

    assert (folder / "a").read_bytes() == (folder / "b").read_bytes()


class TestWrongUse:
    def test_whose_key_has_to_be_said(self, folder: Path, storage: Storage) -> None:
        for words in ((), ("--plain", "--to", folder / "asha.pub")):
            done = heard(folder, "backup", *words, "-o", folder / "one.backup")
            assert done.exit_code == 2
            assert "--to KEY.pub" in done.output
        assert not (folder / "one.backup").exists()

    def test_a_private_key_is_refused(self, folder: Path, storage: Storage) -> None:
        done = heard(folder, "backup", "--to", folder / "asha.key", "-o", folder / "one.backup")
        assert done.exit_code == 2
        assert ".pub" in done.output

    def test_nothing_is_overwritten(
        self, folder: Path, storage: Storage, definition: Definition
    ) -> None:
        send(storage, definition, folder, "words")
        path = backed_up(folder)
        before = path.read_bytes()
        again = heard(folder, "backup", "--to", folder / "asha.pub", "-o", path)
        over = restored(folder, "--instance", folder / "instance")

        assert (again.exit_code, over.exit_code) == (2, 2)
        assert "never overwritten" in again.output
        assert "nothing is overwritten" in over.output
        assert path.read_bytes() == before
        assert storage.count(definition.consultation) == 1

    def test_nothing_there(self, folder: Path) -> None:
        done = heard(folder, "backup", "--plain", "-o", folder / "one.backup")
        assert done.exit_code == 2
        assert "Nothing was changed" in done.output
        assert not (folder / "one.backup").exists()

    def test_a_sealed_one_needs_its_key(self, folder: Path, storage: Storage) -> None:
        path = backed_up(folder)
        done = heard(folder, "restore", path, "--instance", folder / "new")
        assert done.exit_code == 2
        assert "--key" in done.output

        wrong = folder / "wrong"
        wrong.write_text("another passphrase\n")
        key = ("--key", folder / "asha.key", "--passphrase-file", wrong)
        done = heard(folder, "restore", path, *key, "--instance", folder / "new")
        assert done.exit_code == 2
        assert "Check the passphrase" in done.output

        write_key_pair(folder, "else", PASSPHRASE, KeyCost(8, 1, 1))
        done = restored(folder, "--key", folder / "else.key")
        assert done.exit_code == 1
        assert "sealed to" in done.output
        assert not (folder / "new").exists()

    def test_another_key_that_signs_is_not_taken_away(self, folder: Path, storage: Storage) -> None:
        heard(folder, "doctor")
        backed_up(folder)
        heard(folder, "doctor", "--instance", folder / "new")
        (folder / "new" / "heard.sqlite3").unlink()
        before = (folder / "new" / "signing-key").read_text()

        done = restored(folder)

        assert done.exit_code == 2
        assert "signing-key" in done.output
        assert (folder / "new" / "signing-key").read_text() == before
        assert not (folder / "new" / "heard.sqlite3").exists()


def damaged(content: bytes, how: str) -> bytes:
    middle = len(content) // 2
    return {
        "cut in the middle": content[:middle],
        "cut at the end": content[:-1],
        "one bit": content[:middle] + bytes((content[middle] ^ 1,)) + content[middle + 1 :],
        "more at the end": content + b"x",
        "nothing": b"",
        "another file": b"%PDF-1.7 " * 5000,
    }[how]


@pytest.mark.parametrize(
    "how",
    [
        "cut in the middle",
        "cut at the end",
        "one bit",
        "more at the end",
        "nothing",
        "another file",
    ],
)
@pytest.mark.parametrize("plain", [False, True], ids=["sealed", "plain"])
def test_a_damaged_backup_is_said_so_and_leaves_nothing(
    folder: Path, storage: Storage, definition: Definition, how: str, plain: bool
) -> None:
    if plain and "at the end" in how:
        how = "cut in the middle"  # an archive ends with zeros that say nothing
    for number in range(3):
        send(storage, definition, folder, f"words {number}")
    path = folder / "one.backup"
    to = ("--plain",) if plain else ("--to", folder / "asha.pub")
    heard(folder, "backup", *to, "-o", path)
    path.write_bytes(damaged(path.read_bytes(), how))

    for more in ((), ("--check",)):
        done = restored(folder, *more)
        assert done.exit_code == 1, done.output
        assert "Take another copy" in done.output or "Do not use it" in done.output
        assert "Traceback" not in done.output
    assert not (folder / "new").exists()


def test_a_full_disk_leaves_no_half_file(
    folder: Path, storage: Storage, definition: Definition
) -> None:
    for number in range(20):
        send(storage, definition, folder, f"words {number}")
    heard(folder, "sweep")
    path = backed_up(folder)
    whole = path.read_bytes()
    before = files_in(folder)
    for room in (100_000, len(whole) - 2_000):  # the copy does not fit, or only the file around it
        with a_full_disk(room):
            done = heard(folder, "backup", "--to", folder / "asha.pub", "-o", folder / "two")
        assert done.exit_code == 2, done.output
        assert ("Could not write" in done.output) == (room > 100_000)
        assert files_in(folder) == before
    with a_full_disk(100_000):
        back = restored(folder)
    assert back.exit_code == 2, back.output
    assert files_in(folder) == before
    assert path.read_bytes() == whole


@pytest.mark.requirement("R97")
def test_answers_whose_day_has_come_are_deleted_again(folder: Path) -> None:
    storage = started(folder, in_days(-3))
    send_marked(storage, 4)
    heard(folder, "doctor")
    path = backed_up(folder)

    done = restored(folder)

    assert done.exit_code == 0, done.output
    assert f"The answers of {NAME} are deleted again" in done.output
    assert new_storage(folder).count(NAME) == 0
    (record,) = new_storage(folder).retention.deletions(NAME)
    assert json.loads(record)["statement"]["responses"] == 4
    assert path.exists()


def test_a_definition_that_nobody_can_read_any_more_stops_no_backup(
    folder: Path, storage: Storage
) -> None:
    odd = StoredDefinition("sha256:odd", "odd", 1, "{}")
    storage.publish(odd, ["key"], {"oak": None})
    told = json.loads(heard(folder, "backup", "--plain", "-o", folder / "a", "--json").output)
    assert told["consultations"]["odd"]["delete_by"] is None

    back = restored(folder, name="a")

    assert back.exit_code == 1
    assert "Everything is restored" in back.output
    assert "Traceback" not in back.output
    assert new_storage(folder).definition("sha256:odd") == odd


@pytest.mark.requirement("R97")
def test_the_day_by_which_a_backup_has_to_go_is_told(folder: Path) -> None:
    storage = started(folder, in_days(40))
    send_marked(storage, 1)
    told = json.loads(heard(folder, "backup", "--plain", "-o", folder / "a", "--json").output)

    assert told["delete_by"] == in_days(40).isoformat()
    assert told["consultations"][NAME]["delete_by"] == in_days(40).isoformat()
    assert told["sealed_to"] == []
    said = heard(folder, "backup", "--plain", "-o", folder / "b").output
    assert f"Delete it by {in_days(40)}" in said


def test_one_that_was_killed_leaves_no_file_and_the_next_one_tidies_up(
    folder: Path, storage: Storage, definition: Definition
) -> None:
    left = folder / "instance" / ".backup"
    left.mkdir()
    (left / "responses.sqlite3").write_bytes(b"left by one that was killed")
    send(storage, definition, folder, "words")

    backed_up(folder)

    assert [*left.iterdir()] == []


def test_two_at_once_do_not_get_into_each_others_way(folder: Path, storage: Storage) -> None:
    from app.commands.backup import workshop  # noqa: PLC0415

    with workshop(folder / "instance"):
        done = heard(folder, "backup", "--plain", "-o", folder / "one.backup")

    assert done.exit_code == 2
    assert "Wait until it is done" in done.output
    assert not (folder / "one.backup").exists()


@pytest.mark.thorough
def test_killed_at_any_moment_it_left_nothing_half_and_can_be_run_again(
    folder: Path, storage: Storage, definition: Definition
) -> None:
    count = 400
    for _ in range(count):
        response = StoredResponse(os.urandom(16), os.urandom(5335), os.urandom(32))
        storage.keep_response(definition.consultation, response)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HEARD_")},
        "HEARD_INSTANCE": str(folder / "instance"),
        "HEARD_PASSPHRASE": PASSPHRASE,
    }
    path, new = folder / "one.backup", folder / "new"
    making = ("backup", "--to", folder / "asha.pub", "-o", path)
    putting = ("restore", path, "--key", folder / "asha.key", "--instance", new)
    for words, done in ((making, path.exists), (putting, lambda: count_in(new) == count)):
        seconds, killed = 0.5, 0
        while not done():
            command = [sys.executable, "-m", "app.commands", *map(str, words)]
            process = subprocess.Popen(command, cwd=ROOT, env=environment)
            try:
                assert process.wait(seconds) == 0
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
            assert done() or not path.exists() or count_in(new) == 0
            seconds += 0.05
        assert killed > 3
    assert restored(folder, "--check").exit_code == 0


def count_in(instance: Path) -> int:
    """How many responses an instance has, which may have been killed while it was made."""
    if not (instance / "heard.sqlite3").exists():
        return 0
    with closing(sqlite3.connect(instance / "heard.sqlite3")) as connection:
        try:
            found = connection.execute("SELECT count(*) FROM response").fetchone()
        except sqlite3.OperationalError:  # no tables yet
            return 0
    return int(found[0])
