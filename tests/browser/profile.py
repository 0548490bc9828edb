"""What a browser has on the disk after it was closed: every byte of its profile, unpacked.

Firefox packs its sessions with LZ4, behind a head of its own (the LZ4 block format,
github.com/lz4/lz4, doc/lz4_Block_format.md). Chromium encrypts the values of its cookies; their
names are read from its database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from tests.promises.scan import Anything, Search, is_database

MOZILLA = b"mozLz40\0"
SIZE_BYTES = 4
LONG = 15
LEAST = 4


def lz4(packed: bytes) -> bytes:
    """Unpack one LZ4 block; as much as can be read."""
    out, at = bytearray(), 0
    with suppress(IndexError):
        while at < len(packed):
            token, at = packed[at], at + 1
            length, at = _length(packed, at, token >> 4)
            out += packed[at : at + length]
            at += length
            if at >= len(packed):
                break
            back = packed[at] | packed[at + 1] << 8
            length, at = _length(packed, at + 2, token & LONG)
            start = len(out) - back
            for place in range(start, start + length + LEAST):
                out.append(out[place])
    return bytes(out)


def _length(packed: bytes, at: int, length: int) -> tuple[int, int]:
    """A length of LZ4: fifteen goes on in the bytes behind, until one is less than 255."""
    if length == LONG:
        while True:
            more, at = packed[at], at + 1
            length += more
            if more != 0xFF:
                break
    return length, at


def search_profile(folder: Path, values: Iterable[Anything]) -> dict[str, set[str]]:
    """Every value that a profile holds, by its name: the files in which it is."""
    looking = Search(values)
    looking.folder(folder)
    for path in folder.rglob("*"):
        if path.is_file() and path.read_bytes()[: len(MOZILLA)] == MOZILLA:
            data = path.read_bytes()[len(MOZILLA) + SIZE_BYTES :]
            looking.bytes_of(str(path.relative_to(folder)), lz4(data))
    found: dict[str, set[str]] = {}
    for one in looking.found:
        found.setdefault(one.name, set()).add(one.place.partition(",")[0])
    return found


def rows_of(folder: Path, pattern: str, select: str) -> Iterator[tuple[str, ...]]:
    """What a question to the databases of a profile answers."""
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and is_database(path):
            with closing(sqlite3.connect(path)) as connection:
                yield from connection.execute(select)
