"""The bundle: one SQLite file with what a researcher takes away from the server.

`application_id` is 0x48454152 ("HEAR"), `user_version` the format, 1. Three tables, nothing else:
every version of the definition that was published (the server cannot know which were answered,
that is inside the envelopes), the envelopes by their random id, and one row that says how many
there are and what they add up to. SQLite because it is an archival format that any program can
read (Library of Congress, Recommended Formats Statement).
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

APPLICATION_ID: Final = 0x48454152
FORMAT: Final = 1

SCHEMA: Final = {
    "definition": "CREATE TABLE definition (digest TEXT NOT NULL PRIMARY KEY, "
    "version INTEGER NOT NULL, document TEXT NOT NULL) WITHOUT ROWID",
    "manifest": "CREATE TABLE manifest (consultation TEXT NOT NULL PRIMARY KEY, "
    "count INTEGER NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID",
    "response": "CREATE TABLE response (id BLOB NOT NULL PRIMARY KEY, "
    "envelope BLOB NOT NULL) WITHOUT ROWID",
}

LONGEST_VALUE: Final = 4 * 1024 * 1024  # bytes: a definition's YAML is at most 1 MiB
MOST_DEFINITIONS: Final = 32 * 1024 * 1024  # characters of all versions together, kept in memory
ID_LENGTH: Final = 16

# Both are shown to people, so neither may hold a terminal's control characters.
_CONSULTATION: Final = re.compile(r"[a-z][a-z0-9-]{0,59}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}|")

_LIMITS: Final = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 16,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}
_CAUTION: Final = (
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA query_only=ON",
    "PRAGMA mmap_size=0",
)


class BundleError(Exception):
    """A bundle cannot be read or written; the message says what to do."""


class BundledDefinition(NamedTuple):
    """One published version: its digest, consultation, number, and canonical JSON."""

    digest: str
    consultation: str
    version: int
    document: str

    def is_itself(self) -> bool:
        """Whether the digest is that of the document."""
        encoded = self.document.encode()
        return self.digest == "sha256:" + hashlib.sha256(encoded).hexdigest()


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself."""

    consultation: str
    count: int
    digest: str


class Bundle:
    """A finished bundle, open for reading only. Its rows are read as they are asked for."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        with damage(path):
            self.manifest = _manifest(connection, path)
            self.definitions = tuple(_definitions(connection, path, self.consultation))

    @property
    def consultation(self) -> str:
        """The consultation whose responses these are."""
        return self.manifest.consultation

    def ids(self) -> Iterator[bytes]:
        """Stream the ids, in order; rows whose id is no 16 bytes are left out."""
        return (each for each in self.ids_and_others() if each is not None)

    def ids_and_others(self) -> Iterator[bytes | None]:
        """Stream the ids, in order; None for a row whose id is no 16 bytes."""
        with damage(self.path):
            for (each,) in self._connection.execute("SELECT id FROM response ORDER BY id"):
                yield each if isinstance(each, bytes) and len(each) == ID_LENGTH else None

    def count_rows(self) -> int:
        """How many rows there are in truth, whatever the manifest says."""
        with damage(self.path):
            counted = self._connection.execute("SELECT count(*) FROM response").fetchone()
        return int(counted[0])

    def envelope(self, response_id: bytes) -> bytes | None:
        """The envelope with this id, or None."""
        found = "SELECT envelope FROM response WHERE id = ?"
        with damage(self.path):
            row = self._connection.execute(found, (response_id,)).fetchone()
        return None if row is None else _as_bytes(row[0])

    def envelopes(self, ids: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Stream those of these ids that are here with their envelopes, as they lie in the file.

        Args:
            ids: in order, and near each other: all that lies between them is read.
        """
        wanted = set(ids)
        between = "SELECT id, envelope FROM response WHERE id BETWEEN ? AND ? ORDER BY id"
        with damage(self.path):
            for response_id, envelope in self._connection.execute(between, (ids[0], ids[-1])):
                if response_id in wanted:
                    wanted.remove(response_id)  # a damaged file can have one twice
                    yield response_id, _as_bytes(envelope)

    def rows(self) -> Iterator[tuple[bytes, bytes]]:
        """Stream ids with envelopes, in order of the ids; what is not bytes comes empty."""
        with damage(self.path):
            for response_id, envelope in sorted_rows(self._connection):
                yield _as_bytes(response_id), _as_bytes(envelope)

    def damaged_pages(self) -> bool:
        """Whether SQLite finds the structure of the file broken."""
        with damage(self.path):
            found = self._connection.execute("PRAGMA integrity_check(1)").fetchall()
        return found != [("ok",)]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_bundle(path: Path) -> Bundle:
    """Open a bundle that anybody may have made, and believe nothing of it.

    The file is read without locks, journals or memory mapping, and only if its tables are exactly
    a bundle's: a trigger or view could run on the researcher's computer.

    Raises:
        BundleError: no such file, not a bundle, not finished, damaged, or from a newer Heard.
    """
    if not path.is_file():
        if path.is_dir():
            raise BundleError(f"{path} is a folder. Name the .heard file that heard export wrote.")
        raise BundleError(f"There is no file {path}.")
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.text_factory = lambda text: text.decode(errors="replace")
    try:
        with damage(path):
            for limit, value in _LIMITS.items():
                connection.setlimit(limit, value)
            for pragma in _CAUTION:
                connection.execute(pragma)
            _check_kind(connection, path)
        return Bundle(path, connection)
    except BaseException:
        connection.close()
        raise


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise BundleError(f"{path} is not a bundle of Heard. A bundle is made by heard export.")
    version = _pragma(connection, "user_version")
    if version != FORMAT:
        raise BundleError(
            f"{path} has format {version}, and this Heard reads format {FORMAT}. Use the version "
            "of Heard that made it."
        )
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchmany(20)
    if sorted(found) != [("table", name, name, sql) for name, sql in SCHEMA.items()]:
        raise BundleError(
            f"{path} holds other tables than a bundle does, so it is not opened. "
            "Ask for it again, and ask how it came to you."
        )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _manifest(connection: sqlite3.Connection, path: Path) -> Manifest:
    rows = connection.execute("SELECT consultation, count, digest FROM manifest").fetchmany(2)
    if len(rows) != 1 or [type(value) for value in rows[0]] != [str, int, str]:
        raise BundleError(f"{path} does not say what is in it. Ask for it again.")
    manifest = Manifest(*rows[0])
    if not (_CONSULTATION.fullmatch(manifest.consultation) and _DIGEST.fullmatch(manifest.digest)):
        raise BundleError(f"{path} does not say what is in it. Ask for it again.")
    if manifest.count < 0:
        raise BundleError(
            f"{path} was not finished. Run the same heard export again on the server, and it "
            "goes on where it stopped."
        )
    return manifest


def _definitions(
    connection: sqlite3.Connection, path: Path, consultation: str
) -> Iterator[BundledDefinition]:
    size = 0
    select = "SELECT digest, version, document FROM definition ORDER BY digest"
    for digest, version, document in connection.execute(select):
        plain = isinstance(digest, str) and isinstance(version, int) and isinstance(document, str)
        size += len(document) if plain else MOST_DEFINITIONS
        if size >= MOST_DEFINITIONS:
            raise BundleError(
                f"{path} holds definitions that Heard did not write. Ask for it again."
            )
        yield BundledDefinition(digest, consultation, version, document)


def _as_bytes(value: object) -> bytes:
    """SQLite keeps any kind of value in any column."""
    return value if isinstance(value, bytes) else b""


@contextmanager
def damage(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about a file into a BundleError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        # SQLite's name for it, not its message: that may quote the file to a terminal.
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        raise BundleError(
            f"{path} is damaged or not a bundle ({name}). Copy it from the server again."
        ) from None


def sorted_rows(connection: sqlite3.Connection) -> Iterator[tuple[bytes, bytes]]:
    """Stream ids with envelopes, in order of the ids."""
    yield from connection.execute("SELECT id, envelope FROM response ORDER BY id")


def digest_of(
    consultation: str,
    definitions: Iterable[BundledDefinition],
    rows: Iterable[tuple[bytes, bytes]],
) -> tuple[int, str]:
    """Return how many rows there are, and the digest over all of it, as `sha256:…`.

    SHA-256 over: "heard/bundle/1" and a zero byte; the consultation; the number of definitions;
    for each of them, in order of the digests, its digest and its document; for each row, in order
    of the ids, its id and its envelope; the number of rows. Each text or envelope comes after its
    length, and numbers and lengths are 8 bytes, big-endian.
    """
    total = hashlib.sha256(b"heard/bundle/1\0")
    definitions = sorted(definitions)
    total.update(_sized(consultation.encode()) + _number(len(definitions)))
    for definition in definitions:
        total.update(_sized(definition.digest.encode()) + _sized(definition.document.encode()))
    count = 0
    for response_id, envelope in rows:
        total.update(_sized(response_id))
        total.update(_sized(envelope))
        count += 1
    total.update(_number(count))
    return count, f"sha256:{total.hexdigest()}"


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")


def _sized(content: bytes) -> bytes:
    return _number(len(content)) + content
