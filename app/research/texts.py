"""What people wrote, apart from everything else about them (R97)."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from .opening import Written

_PLACE_LENGTH: Final = 16
_CACHE_KIB: Final = 4 * 1024


class TextStore:
    """Takes texts in the order of the rows, and gives them back in one that is not theirs.

    The file is beside the files that hold the same texts for good; it is sorted by random
    numbers, holds nothing of the responses, and is deleted before the folder gets its name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        self._connection.execute(
            "CREATE TABLE written (place BLOB PRIMARY KEY, id TEXT, question TEXT, text TEXT, "
            "may_be_quoted INTEGER, marked TEXT) WITHOUT ROWID"
        )

    def add(self, texts: Iterable[Written]) -> None:
        """Take in texts."""
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT INTO written VALUES (?, ?, ?, ?, ?, ?)",
            ((secrets.token_bytes(_PLACE_LENGTH), *text[:4], _kept(text.marked)) for text in texts),
        )
        self._connection.execute("COMMIT")

    def counts(self) -> dict[str, int]:
        """How many texts each column has."""
        counted = "SELECT question, count(*) FROM written GROUP BY question"
        return dict(self._connection.execute(counted).fetchall())

    def __iter__(self) -> Iterator[Written]:
        """Stream all texts in random order."""
        yield from self._read("ORDER BY place")

    def of(self, column: str) -> Iterator[Written]:
        """Stream the texts of one column in random order."""
        yield from self._read("WHERE question = ? ORDER BY place", column)

    def _read(self, which: str, *values: str) -> Iterator[Written]:
        columns = "id, question, text, may_be_quoted, marked"
        rows = self._connection.execute(f"SELECT {columns} FROM written {which}", values)  # noqa: S608
        for name, question, text, may_be_quoted, marked in rows:
            pieces = tuple(json.loads(marked)) if marked else ()
            yield Written(name, question, text, bool(may_be_quoted), pieces)

    def close(self) -> None:
        """Delete the file."""
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _kept(marked: tuple[str, ...]) -> str:
    return json.dumps(marked) if marked else ""  # most have none
