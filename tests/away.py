"""Database files that are out of reach for a while."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator, Sequence
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


@contextmanager
def no_byte_more(processes: Sequence[int]) -> Iterator[None]:
    """No byte can be added to any file of some processes: as on a full disk."""
    for number in processes:
        resource.prlimit(number, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for number in processes:
            unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(number, resource.RLIMIT_FSIZE, unlimited)
