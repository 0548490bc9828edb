"""A random order that nobody can lead back to the ids, in bounded memory."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Final, Self

_KEY_LENGTH: Final = 32
_CACHE_KIB: Final = 32 * 1024
_ID_LENGTH: Final = 16


class Shuffle:
    """Takes ids, each as often as it comes, and gives each back once, in random order.

    The order is that of a keyed hash of the ids. It is sorted by SQLite in a temporary file that
    has no name and holds the ids only masked; the keys are in memory alone and go with this
    object, so what is left of the file on the disk cannot join a row to an id.
    """

    def __init__(self) -> None:
        self._order_key = secrets.token_bytes(_KEY_LENGTH)
        self._mask_key = secrets.token_bytes(_KEY_LENGTH)
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.execute(
            "CREATE TABLE mixed (place BLOB PRIMARY KEY, masked BLOB) WITHOUT ROWID"
        )

    def add(self, ids: Iterable[bytes]) -> None:
        """Take in 16-byte ids; one that is there already counts once."""
        rows = ((place, self._mask(place, each)) for each in ids for place in [self._place(each)])
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT OR IGNORE INTO mixed VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM mixed").fetchone()[0])

    def __iter__(self) -> Iterator[bytes]:
        """Stream the ids in random order."""
        for place, masked in self._connection.execute("SELECT * FROM mixed ORDER BY place"):
            yield self._mask(place, masked)

    def _place(self, each: bytes) -> bytes:
        return hashlib.blake2b(each, digest_size=_ID_LENGTH, key=self._order_key).digest()

    def _mask(self, place: bytes, each: bytes) -> bytes:
        """Hide an id, or show it again: exclusive or with a stream that only the key gives."""
        stream = hashlib.blake2b(place, digest_size=_ID_LENGTH, key=self._mask_key).digest()
        hidden = int.from_bytes(each) ^ int.from_bytes(stream)
        return hidden.to_bytes(_ID_LENGTH)

    def close(self) -> None:
        """Drop the file."""
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
