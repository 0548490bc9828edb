from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.sealing import (
    KeyCost,
    KeyFileError,
    open_envelope,
    public_key_from_text,
    read_key_file,
    seal,
    unlock_private_key,
    write_key_pair,
)
from app.sealing.pairs import LONGEST_KEY_FILE, free_pair_paths, prove_key_pair

PASSPHRASE = "throw-away"


@contextmanager
def a_full_disk(room: int) -> Iterator[None]:
    """Let no file grow beyond `room` bytes: the system refuses as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


def test_the_two_files_belong_together(tmp_path: Path, cheap: KeyCost) -> None:
    private_path, public_path = write_key_pair(tmp_path, "asha", PASSPHRASE, cheap)

    assert sorted(tmp_path.iterdir()) == [tmp_path / "asha.key", tmp_path / "asha.pub"]
    public = public_key_from_text(read_key_file(public_path))
    private = unlock_private_key(read_key_file(private_path), PASSPHRASE)
    assert public.name == "asha"
    assert open_envelope(seal(b"hello", "c", [public]), "c", private) == b"hello"


def test_only_the_owner_reads_the_private_key(tmp_path: Path, cheap: KeyCost) -> None:
    """Given an umask that hides nothing, then the private key is hidden all the same."""
    with no_umask():
        private_path, public_path = write_key_pair(tmp_path, "asha", PASSPHRASE, cheap)

    assert stat.S_IMODE(private_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(public_path.stat().st_mode) == 0o644


@pytest.mark.parametrize("suffix", ["key", "pub"])
def test_nothing_is_ever_overwritten(tmp_path: Path, cheap: KeyCost, suffix: str) -> None:
    there = tmp_path / f"asha.{suffix}"
    there.write_text("a key of last year")

    with pytest.raises(KeyFileError, match=rf"asha\.{suffix} exists already"):
        write_key_pair(tmp_path, "asha", PASSPHRASE, cheap)

    assert there.read_text() == "a key of last year"
    assert list(tmp_path.iterdir()) == [there]


def test_nor_what_a_link_points_to(tmp_path: Path, cheap: KeyCost) -> None:
    (tmp_path / "asha.key").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(KeyFileError, match="exists already"):
        free_pair_paths(tmp_path, "asha")
    with pytest.raises(KeyFileError, match="exists already"):
        write_key_pair(tmp_path, "asha", PASSPHRASE, cheap)
    assert not (tmp_path / "elsewhere").exists()


def test_of_many_at_once_one_wins_and_its_pair_is_whole(tmp_path: Path, cheap: KeyCost) -> None:
    def attempt(number: int) -> str | None:
        try:
            write_key_pair(tmp_path, "asha", f"passphrase {number}", cheap)
        except KeyFileError:
            return None
        return f"passphrase {number}"

    with ThreadPoolExecutor(8) as pool:
        won = [passphrase for passphrase in pool.map(attempt, range(24)) if passphrase]

    assert len(won) == 1
    private = unlock_private_key(read_key_file(tmp_path / "asha.key"), won[0])
    assert public_key_from_text(read_key_file(tmp_path / "asha.pub")).key_id == private.key_id
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("room", [0, 100, 1000])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, cheap: KeyCost, room: int) -> None:
    with a_full_disk(room), pytest.raises(KeyFileError, match="Could not write a key"):
        write_key_pair(tmp_path, "asha", PASSPHRASE, cheap)

    assert list(tmp_path.iterdir()) == []


def test_files_that_do_not_belong_together_are_not_proven(tmp_path: Path, cheap: KeyCost) -> None:
    private_path, public_path = write_key_pair(tmp_path, "asha", PASSPHRASE, cheap)
    _, public_of_bina = write_key_pair(tmp_path, "bina", PASSPHRASE, cheap)

    prove_key_pair(private_path, public_path, PASSPHRASE)
    with pytest.raises(KeyFileError, match="did not open a test seal"):
        prove_key_pair(private_path, public_of_bina, PASSPHRASE)


# Run apart, because an audit hook stays for as long as its interpreter.
A_DISK_THAT_LIES = """
import sys
from pathlib import Path
from app.sealing import KeyCost, KeyFileError, PrivateKey, public_key_to_text, write_key_pair

other = public_key_to_text(PrivateKey.generate().public_key("asha"))

def give_back_other_bytes(event, arguments):
    if event == "open" and str(arguments[0]).endswith("/pub") and arguments[1] in ("r", "rb"):
        Path(arguments[0]).write_text(other)

sys.addaudithook(give_back_other_bytes)
try:
    write_key_pair(Path(sys.argv[1]), "asha", "throw-away", KeyCost(8, 1, 1))
except KeyFileError as error:
    print(error)
"""


def test_a_pair_that_the_disk_spoilt_is_not_declared_good(tmp_path: Path) -> None:
    command = [sys.executable, "-c", A_DISK_THAT_LIES, str(tmp_path)]

    run = subprocess.run(command, capture_output=True, text=True, check=True)

    assert run.stdout == "This key did not open a test seal. Do not use it.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, cheap: KeyCost) -> None:
    with pytest.raises(KeyFileError, match="nowhere"):
        write_key_pair(tmp_path / "nowhere", "asha", PASSPHRASE, cheap)


@pytest.mark.parametrize("name", ["../asha", "a/b", "a\\b", "C:asha", ".hidden", "", "a?", "a\0b"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, cheap: KeyCost, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()

    with pytest.raises(KeyFileError):
        write_key_pair(inside, name, PASSPHRASE, cheap)

    assert list(tmp_path.rglob("*")) == [inside]


def test_a_long_name_in_a_wide_script_is_still_a_file_name(tmp_path: Path, cheap: KeyCost) -> None:
    private_path, _ = write_key_pair(tmp_path, "\U00011013" * 60, PASSPHRASE, cheap)

    assert private_path.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a" * (LONGEST_KEY_FILE + 1)])
def test_what_cannot_be_a_key_file_is_not_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.pub"
    path.write_bytes(content)

    with pytest.raises(KeyFileError, match="is not a key file of Heard"):
        read_key_file(path)


def test_a_file_without_an_end_is_not_read_to_the_end() -> None:
    with pytest.raises(KeyFileError, match="is not a key file of Heard"):
        read_key_file(Path("/dev/zero"))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.pub", tmp_path):
        with pytest.raises(KeyFileError, match=path.name):
            read_key_file(path)
