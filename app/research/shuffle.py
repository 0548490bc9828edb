"""A random order that nobody can lead back to what was before, in bounded memory.

Each record goes into one of some heaps, chosen at random; later each heap is put in random order
in memory, and one follows the other. So every order of all records is as likely as any other
(C. R. Rao, Sankhyā A 23, 1961; M. Sandelius, Journal of the Royal Statistical Society B 24, 1962).

What lies on the disk meanwhile is encrypted with a key that is in memory alone, in pieces whose
length says little of what is in them. Several processes can write, each into a file of its own.
"""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from struct import Struct
from typing import IO, Final, TypeAlias

from app.sealing import ScratchKey

from .folders import OWNER_ONLY

Ends: TypeAlias = tuple[tuple[int, int], ...]
"""Where the last piece of each heap begins in a file, and how many bytes it has; 0 of none."""

_RECORDS_IN_A_HEAP: Final = 1_000
_MOST_HEAPS: Final = 256
_WHOLE: Final = 1024  # bytes: the length of a piece is so many times a whole number
_HEAD: Final = Struct(">QII")  # the piece before: where and how long; bytes of records in this one
_LENGTH: Final = Struct(">I")


def heaps_for(records: int) -> int:
    """How many heaps so many records take: a power of two."""
    return 1 << min(records // _RECORDS_IN_A_HEAP, _MOST_HEAPS - 1).bit_length()


class Heaps:
    """What one process puts on the heaps, in a file that only its owner reads."""

    def __init__(self, path: Path, key: ScratchKey, number: int) -> None:
        self.path = path
        self._key = key
        self._number = number  # a power of two: so the bits of random bytes choose evenly
        self._ends: list[tuple[int, int]] = [(0, 0)] * number
        self._at = 0
        self._file: IO[bytes] = path.open("xb", buffering=0)
        path.chmod(OWNER_ONLY)

    def add(self, records: Sequence[bytes]) -> Ends:
        """Put each record on a heap chosen at random; where the heaps now end."""
        chosen: dict[int, list[bytes]] = {}
        dice = array("H", secrets.token_bytes(2 * len(records)))
        for record, thrown in zip(records, dice, strict=True):
            chosen.setdefault(thrown % self._number, []).append(record)
        pieces: list[bytes] = []
        for heap, some in chosen.items():
            piece = self._key.encrypt(_packed(self._ends[heap], some))
            self._ends[heap] = (self._at, len(piece))
            self._at += len(piece)
            pieces.append(piece)
        _write_all(self._file, b"".join(pieces))
        return tuple(self._ends)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def in_random_order(files: Mapping[Path, Ends], key: ScratchKey) -> Iterator[bytes]:
    """Stream all records, every order as likely as any other.

    Args:
        files: that `Heaps` wrote, each with what the last `add` returned.
        key: theirs.

    Raises:
        SealError: a file was changed meanwhile.
    """
    opened = [(path.open("rb"), ends) for path, ends in files.items()]
    try:
        for ends in zip(*(ends for _, ends in opened), strict=True):
            files_of_heap = zip((file for file, _ in opened), ends, strict=True)
            heap = [record for file, end in files_of_heap for record in _records(file, end, key)]
            yield from _mixed(heap)
    finally:
        for file, _ in opened:
            file.close()


def _mixed(records: Sequence[bytes]) -> list[bytes]:
    """The records by random numbers of which no two are alike: so no order is likelier."""
    numbers = array("Q")
    while len(set(numbers)) < len(records):
        numbers = array("Q", secrets.token_bytes(8 * len(records)))
    return [record for _, record in sorted(zip(numbers, records, strict=True))]


def _packed(before: tuple[int, int], records: Iterable[bytes]) -> bytes:
    content = b"".join(part for each in records for part in (_LENGTH.pack(len(each)), each))
    filled = -(_HEAD.size + len(content)) % _WHOLE
    return _HEAD.pack(*before, len(content)) + content + bytes(filled)


def _records(file: IO[bytes], end: tuple[int, int], key: ScratchKey) -> Iterator[bytes]:
    """The records of a heap in one file, from its last piece to its first."""
    place, length = end
    while length:
        file.seek(place)
        piece = key.decrypt(file.read(length))
        place, length, filled = _HEAD.unpack_from(piece)
        at, last = _HEAD.size, _HEAD.size + filled
        while at < last:
            begins = at + _LENGTH.size
            at = begins + _LENGTH.unpack_from(piece, at)[0]
            yield piece[begins:at]


def _write_all(file: IO[bytes], content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]
