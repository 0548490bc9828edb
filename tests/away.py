"""Database files that are out of reach for a while."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def gone(path: Path) -> Iterator[None]:
    """The file is somewhere else."""
    away = path.with_name("away")
    path.rename(away)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        away.rename(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else writes into the database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
