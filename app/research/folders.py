"""Folders that hold answers in the clear: only their owner reads them, and they appear whole."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, TextIO

OWNER_ONLY: Final = 0o600


class FolderTaken(Exception):
    """The folder that was to be made has something in it."""


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a hidden folder (mode 0700) beside `folder`; it gets that name when all went well.

    Args:
        folder: must not exist, or be empty.

    Raises:
        FolderTaken: there is something in it.
        OSError: it cannot be written.
    """
    folder = folder.resolve()
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise FolderTaken(f"{folder} is not empty, and nothing is overwritten. Name a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    half_made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))  # mode 0700
    try:
        yield half_made
        for file in half_made.iterdir():
            file.chmod(OWNER_ONLY)
        if folder.is_dir():
            folder.rmdir()  # it is empty; not every system renames onto a folder
        half_made.rename(folder)
    except BaseException:
        shutil.rmtree(half_made, ignore_errors=True)
        raise


@contextmanager
def new_file(path: Path, encoding: str = "utf-8", newline: str = "") -> Iterator[TextIO]:
    """Open a file that does not exist yet, for its owner only, to write text into."""
    with path.open("x", encoding=encoding, newline=newline) as file:
        path.chmod(OWNER_ONLY)
        yield file


@contextmanager
def new_binary_file(path: Path) -> Iterator[BinaryIO]:
    """The same, to write bytes into."""
    with path.open("xb") as file:
        path.chmod(OWNER_ONLY)
        yield file


def give_name(part: Path, path: Path) -> None:
    """Rename a finished file, never over another one, and have the new name on the disk.

    An empty file holds the name meanwhile, so that this works without hard links too.

    Raises:
        FileExistsError: there is something of that name.
        OSError: it cannot be written.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    part.replace(path)
    if os.name == "posix":
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_text(path: Path, text: str) -> None:
    """Write a new file, for its owner only."""
    with new_file(path) as file:
        file.write(text)


def write_json(path: Path, content: object) -> None:
    """Write JSON that people can read too."""
    with new_file(path) as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")


def csv_line() -> Callable[[Sequence[str]], str]:
    """Return what makes a line of a CSV file, with its end, of cells (RFC 4180)."""
    make: Callable[[Sequence[str]], str] = csv.writer(_Given()).writerow

    def line(cells: Sequence[str]) -> str:
        """Most lines are names and numbers: nothing in them needs quotes."""
        joined = ",".join(cells)
        plain = joined.count(",") == len(cells) - 1 and joined
        if not plain or '"' in joined or "\n" in joined or "\r" in joined:
            return make(cells)
        return joined + "\r\n"

    return line


class _Given:
    """A file whose writer gives back what it would write."""

    def write(self, line: str) -> str:
        return line
