"""A search of everything that a server has left, for values that must be nowhere in it.

What is searched: the bytes of every file under a folder (databases, write-ahead logs, temporary
files, captured output), the names of files and folders, every value of every SQLite database read
through SQLite, what is inside compressed streams, and for a running process its arguments, its
environment and the files it holds open, deleted ones included. In each, a value is searched as it
is and in the forms a program may have given it.

Not searched: the memory of the process, free blocks of the disk, and the times that the file
system itself keeps of files.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
import json
import re
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import brotli
import numpy as np
import numpy.typing as npt

DEEPEST = 3
"""Compressed streams inside compressed streams."""
LONGEST_STREAM = 8 * 1024 * 1024
MIDDLE = 6
PIECE = 1024 * 1024

GZIP = re.compile(rb"\x1f\x8b\x08")
ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


@dataclass(frozen=True, order=True)
class Found:
    """A marked value that was left somewhere."""

    place: str
    name: str
    form: str


@dataclass(frozen=True)
class Marked:
    """A value to search for; `name` says where it was put in, and stands in messages."""

    name: str
    value: str

    def forms(self) -> Iterator[tuple[str, bytes]]:
        """The value in every form in which it may have been kept."""
        raw = self.value.encode()
        yield from forms_of(raw)
        yield "UTF-16 little endian", self.value.encode("utf-16-le")
        yield "UTF-16 big endian", self.value.encode("utf-16-be")
        yield "UTF-32", self.value.encode("utf-32-le")
        yield "URL", quote(self.value, safe="").encode()
        yield "form", quote_plus(self.value).encode()
        yield "URL, every byte", "".join(f"%{byte:02X}" for byte in raw).encode()
        yield "URL, every byte, small", "".join(f"%{byte:02x}" for byte in raw).encode()
        yield "JSON", json.dumps(self.value)[1:-1].encode()
        yield "Python", ascii(self.value)[1:-1].encode()
        yield "HTML", self.value.encode("ascii", "xmlcharrefreplace")
        yield "backwards", self.value[::-1].encode()
        for name in ("md5", "sha1", "sha256", "sha512"):
            for form, digest in forms_of(hashlib.new(name, raw, usedforsecurity=False).digest()):
                yield f"{name}, {form}", digest
        yield "CRC-32", f"{zlib.crc32(raw):08x}".encode()
        yield from _address_forms(self.value)


@dataclass(frozen=True)
class MarkedBytes:
    """Bytes to search for, such as a key."""

    name: str
    value: bytes

    def forms(self) -> Iterator[tuple[str, bytes]]:
        """The bytes in every form in which they may have been kept."""
        return forms_of(self.value)


def forms_of(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Bytes as they are, in base64 wherever they begin in it, in base32, and in hexadecimal."""
    yield "plain", raw
    yield "hex", binascii.hexlify(raw)
    yield "HEX", binascii.hexlify(raw).upper()
    yield "hex with colons", binascii.hexlify(raw, ":")
    for alignment in range(3):
        encoded = base64.b64encode(bytes(alignment) + raw)
        # Only the signs that these bytes alone decide: what stands before and behind is unknown.
        first = -(-alignment * 8 // 6)
        last = (alignment + len(raw)) * 8 // 6
        yield f"base64 at {alignment}", encoded[first:last]
        yield (
            f"base64 for URLs at {alignment}",
            encoded[first:last].translate(bytes.maketrans(b"+/", b"-_")),
        )
    yield "base32", base64.b32encode(raw).rstrip(b"=")


def _address_forms(value: str) -> Iterator[tuple[str, bytes]]:
    """The forms of an internet address."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return
    yield "address as a number", str(int(address)).encode()
    yield "address, dashed", value.replace(".", "-").encode()
    yield "address, hex", address.packed.hex().encode()


Anything = Marked | MarkedBytes
Flags = npt.NDArray[np.bool_]


class Search:
    """One search for many values; forms are made once.

    Capitals make no difference. A form is looked for where its middle six bytes occur at all, so
    that many thousand forms cost one pass over the bytes.
    """

    def __init__(self, values: Iterable[Anything]) -> None:
        self.by_middle: dict[bytes, dict[bytes, tuple[str, str]]] = {}
        for value in values:
            for form, shape in value.forms():
                small = shape.lower()
                start = (len(small) - MIDDLE) // 2
                if start >= 0:
                    forms = self.by_middle.setdefault(small[start : start + MIDDLE], {})
                    forms.setdefault(small, (value.name, form))
        self._first, self._second = _tables(self.by_middle)
        self.found: set[Found] = set()
        self._looked_at: set[bytes] = set()

    def bytes_of(self, place: str, data: bytes, depth: int = 0) -> None:
        """Search bytes, and what is compressed or in base64 inside them."""
        small = data.lower()
        for piece in range(0, len(small) - MIDDLE + 1, PIECE):
            end = piece + PIECE + MIDDLE - 1
            for middle in self._middles(small[piece:end]):
                for shape, (name, form) in self.by_middle.get(middle, {}).items():
                    if small.find(shape, max(0, piece - len(shape)), end + len(shape)) >= 0:
                        self.found.add(Found(place, name, form))
        if depth < DEEPEST:
            for kind, inner in _unpacked(data):
                self.bytes_of(f"{place}, {kind}", inner, depth + 1)

    def _middles(self, small: bytes) -> set[bytes]:
        """Six bytes at a time, those of which both halves begin or end some middle."""
        signs = np.frombuffer(small, np.uint8).astype(np.uint32)
        triples = signs[:-2] | signs[1:-1] << 8 | signs[2:] << 16
        begin = np.flatnonzero(self._first[triples[: -MIDDLE // 2]])
        both = begin[self._second[triples[begin + MIDDLE // 2]]]
        return {small[at : at + MIDDLE] for at in both.tolist()}

    def folder(self, folder: Path) -> None:
        """Search every file under a folder, and every name."""
        for path in sorted(folder.rglob("*")):
            place = str(path.relative_to(folder))
            self.bytes_of(f"the name {place}", place.encode())
            if path.is_symlink() or not path.is_file():
                continue
            with suppress(FileNotFoundError):  # a write-ahead log comes and goes
                data = path.read_bytes()
                # PostgreSQL copies the same hundreds of files into each database.
                digest = hashlib.sha256(data).digest()
                if digest in self._looked_at:
                    continue
                self._looked_at.add(digest)
                self.bytes_of(place, data)
                if is_database(path):
                    self.database(place, path)

    def database(self, place: str, path: Path) -> None:
        """Search every value of a SQLite database: a long one may lie in several pieces.

        What was killed while it wrote cannot be read before that is taken back: then, of a copy.
        """
        try:
            self._values(place, path)
            return
        except sqlite3.OperationalError:
            if not [side for side in path.parent.glob(f"{path.name}-*") if side.stat().st_size]:
                raise
        with tempfile.TemporaryDirectory() as folder:
            for file in path.parent.glob(f"{path.name}*"):
                with suppress(FileNotFoundError):
                    shutil.copy(file, folder)
            self._values(place, Path(folder) / path.name, "rw")

    def _values(self, place: str, path: Path, mode: str = "ro") -> None:
        for table, column, value in values_in(path, mode):
            data = (
                value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
            )
            self.bytes_of(f"{place}, {table}.{column}", data)

    def process(self, number: int) -> None:
        """Search the arguments, the environment and the open files of a running process."""
        folder = Path(f"/proc/{number}")
        for name in ("cmdline", "environ", "comm"):
            with suppress(OSError):
                self.bytes_of(f"process, {name}", (folder / name).read_bytes())
        for descriptor in (folder / "fd").iterdir():
            with suppress(OSError):
                if descriptor.is_file():
                    self.bytes_of("process, an open file", descriptor.read_bytes())


def _tables(middles: Iterable[bytes]) -> tuple[Flags, Flags]:
    """For three bytes as a number: whether a middle begins with them, and whether one ends so."""
    first, second = np.zeros(1 << 24, bool), np.zeros(1 << 24, bool)
    for middle in middles:
        first[int.from_bytes(middle[:3], "little")] = True
        second[int.from_bytes(middle[3:], "little")] = True
    return first, second


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What is inside gzip members, zlib streams, and base64 of either."""
    view = memoryview(data)
    for match in GZIP.finditer(data):
        inner = _inflated(view[match.start() :], 31)
        if inner:
            yield "gzip", inner
    for match in ZLIB.finditer(data):
        inner = _inflated(view[match.start() :], 15)
        if inner:
            yield "zlib", inner
    for match in BASE64_RUN.finditer(data):
        text = match.group().translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
        decoded = base64.b64decode(text[: len(text) // 4 * 4])
        if decoded[:3] == b"\x1f\x8b\x08" or ZLIB.match(decoded):
            yield "base64", decoded
    with suppress(brotli.error):
        yield "brotli", brotli.decompress(data)


def _inflated(data: memoryview, window: int) -> bytes:
    """As much as comes out of a deflate stream at the beginning of `data`; b"" when none is."""
    try:
        return zlib.decompressobj(window).decompress(data, LONGEST_STREAM)
    except zlib.error:
        return b""


def is_database(path: Path) -> bool:
    """Whether a file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\x00"


def values_in(path: Path, mode: str = "ro") -> Iterator[tuple[str, str, object]]:
    """Yield table, column and value for all that a SQLite database holds, its schema included."""
    with closing(sqlite3.connect(f"file:{path}?mode={mode}", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        for table in ("sqlite_schema", *tables):
            rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own
            names = [column[0] for column in rows.description]
            for row in rows:
                for name, value in zip(names, row, strict=True):
                    if value is not None:
                        yield table, name, value


def search(
    folder: Path, values: Iterable[Anything], processes: Iterable[int] = (), *others: Path
) -> list[Found]:
    """Return every marked value that folders, and some running processes, hold in any form."""
    looking = Search(values)
    for each in (folder, *others):
        looking.folder(each)
    for number in processes:
        looking.process(number)
    return sorted(looking.found)
