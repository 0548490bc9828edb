"""A small disk of a server's own, which can be filled, locked and freed while the server runs.

It is a tmpfs in a mount namespace that only the server is in: nobody else sees it, and it goes when
the server ends. Root can make one, and so can anybody where user namespaces are allowed. Where
neither is, a full disk is played with a limit on what the server may write into a file, and a disk
for reading only with the rights of the folder; `PLAYED` says so, and the report of the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.away import gone, no_byte_more
from tests.promises.story import processes_of
from tests.server import Demo

PLAYED = (
    "Mounts cannot be made here: full and read-only disks are played with limits and rights. What "
    "the operator reads of a full disk is not looked at."
)
_MOUNT = """
for folder in "$1" "$2"; do mount -t tmpfs -o "mode=700,size=$3,nr_inodes=$4" heard "$folder"; done
shift 4
exec "$@"
"""
_READ_ONLY = """
mkdir -p "$1-read-only"
mount --bind "$1" "$1-read-only"
mount -o remount,bind,ro "$1-read-only"
mount --move "$1-read-only" "$1"
"""
_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""
_OBEYING = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
"""Root may write what nobody may write; a server that is tested as root must not."""


@cache
def ways() -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """How a program is started in a mount namespace of its own, and how one is entered."""
    for start, enter in ((("-m",), ("-m",)), (("-Urm",), ("-U", "-m", "--preserve-credentials"))):
        probe = ["unshare", *start, "mount", "-t", "tmpfs", "heard", "/mnt"]
        with suppress(OSError):
            if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
                return ("unshare", *start), ("nsenter", *enter)
    return None


@dataclass
class Disk:
    """One folder of a server that is a small disk."""

    folder: Path
    demo: Demo

    @property
    def inside(self) -> Path:
        """The folder as the server sees it."""
        return Path(f"/proc/{self.demo.process.pid}/root{self.folder}") if ways() else self.folder

    def full(self) -> AbstractContextManager[None]:
        """Not one more byte finds room."""
        return self._filled() if ways() else no_byte_more(self._processes())

    @contextmanager
    def _filled(self) -> Iterator[None]:
        filling = self.inside / "filling"
        try:
            with filling.open("wb", buffering=0) as file, suppress(OSError):
                for size in (2**16, 2**12, 1):
                    with suppress(OSError):
                        while file.write(bytes(size)):
                            pass
            yield
        finally:
            filling.unlink()

    def without_a_name_left(self) -> AbstractContextManager[None]:
        """There is room, and no file can be made (`df -i`)."""
        return self._without_names() if ways() else no_byte_more(self._processes())

    @contextmanager
    def _without_names(self) -> Iterator[None]:
        taken = self.inside / "taken"
        taken.mkdir()
        try:
            with suppress(OSError):
                for number in range(10_000):
                    (taken / str(number)).touch()
            yield
        finally:
            shutil.rmtree(taken)

    def read_only(self) -> AbstractContextManager[None]:
        """It is mounted for reading only, as a system does with a disk that has errors."""
        return self._mounted_read_only() if ways() else self.not_ours()

    @contextmanager
    def _mounted_read_only(self) -> Iterator[None]:
        # Made elsewhere and moved over it: what is open for writing forbids to change it in place.
        self._within(_READ_ONLY)
        try:
            yield
        finally:
            self._within('umount -l "$1"')

    @contextmanager
    def not_ours(self) -> Iterator[None]:
        """Neither the folder nor what is in it may be written."""
        paths = [self.inside, *self.inside.iterdir()]
        modes = [path.stat().st_mode for path in paths]
        for path in paths:
            path.chmod(0o500)
        try:
            yield
        finally:
            for path, mode in zip(paths, modes, strict=True):
                path.chmod(mode)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """The database is not there, as on a disk that is not mounted."""
        with gone(next(self.inside.glob("*.sqlite3"))):
            yield

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another program, which sees the disk as the server does, writes into the database."""
        path = str(self.folder / next(self.inside.glob("*.sqlite3")).name)
        command = self.command(sys.executable, "-c", _LOCK, path)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holding:
            assert holding.stdout is not None
            assert holding.stdout.readline() == b"locked\n"
            try:
                yield
            finally:
                holding.communicate()

    def copied_to(self, folder: Path) -> Path:
        """A copy of what is on the disk, which SQLite can open from outside."""
        copy = folder / f"copy of {self.folder.name}"
        shutil.rmtree(copy, ignore_errors=True)
        return shutil.copytree(self.inside, copy)

    def command(self, *words: str) -> tuple[str, ...]:
        """What runs a program where it sees this disk as the server does."""
        found = ways()
        if not found:
            return (*_obeying(), *words)
        return (*found[1], "-t", str(self.demo.process.pid), *words)

    def _processes(self) -> list[int]:
        return processes_of(self.demo.instance, self.demo.process.pid)

    def _within(self, command: str) -> None:
        words = ("sh", "-ec", command, "sh", str(self.folder))
        subprocess.run(self.command(*words), check=True)


def _obeying() -> tuple[str, ...]:
    """What root's programs are started with."""
    return _OBEYING if os.geteuid() == 0 else ()


def on_disks(answers: Path, drafts: Path, size: str = "8m", names: int = 60) -> tuple[str, ...]:
    """What stands before a server's program so that two of its folders are small disks.

    Args:
        answers, drafts: empty folders.
        size: of each, as tmpfs reads it.
        names: how many files each can hold.
    """
    found = ways()
    if not found:
        return _obeying()
    disks = ("sh", "-ec", _MOUNT, "sh", str(answers), str(drafts), size, str(names))
    return (*found[0], *disks, *_OBEYING)
