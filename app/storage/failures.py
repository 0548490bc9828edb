"""One error for every way in which a database can fail its caller, and what an operator can do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from .room import hindrance

ANSWERS: Final = "The database of answers (HEARD_DATABASE_URL)"
DRAFTS: Final = "The database of drafts (HEARD_DRAFTS_URL)"
"""How an operator is told which one it is. A path would tell where the drafts of people are."""

# What the drivers call a cause: SQLITE_FULL, SQLITE_BUSY; on PostgreSQL a five-character SQLSTATE.
_NAME = re.compile(r"[A-Z0-9_]{5,40}")
_KNOWN_ROOMS = ("builtins", "sqlite3", "sqlalchemy", "psycopg")
_VAGUE = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_FULL")
UNFORESEEN: Final = "unforeseen"

FULL = (
    "cannot be written: its disk is full",
    "Make room there (df -h and df -i show how much is left), and it goes on by itself.",
)
READ_ONLY = (
    "cannot be written",
    "See whether its disk is mounted for reading only (findmnt, dmesg), and whether the file and "
    "its folder belong to the user who runs Heard.",
)
LOCKED = (
    "is held by another program",
    "Let it end what it does there, such as a copy or a tool for databases.",
)
GONE = (
    "cannot be opened",
    "See whether the file is there, its disk mounted and not full (df -h, df -i), and its folder "
    "that of the user who runs Heard. Nothing is made in its place meanwhile.",
)
DAMAGED = (
    "is damaged",
    "Look at the disk (dmesg). Of answers: stop the server, keep the file, and put a backup back "
    "(heard restore). Of drafts: move the file away; within ten minutes there is a new one.",
)
WITHOUT_TABLES = (
    "does not have the tables of this Heard",
    "See whether the address is right; then run: heard db upgrade",
)
AWAY = (
    "does not answer",
    "See whether PostgreSQL runs and can be reached; its own log says why. It goes on by itself.",
)
CROWDED = (
    "has no connection left",
    "Raise max_connections of PostgreSQL (8 for each worker of each machine, and 10 more), or find "
    "out what keeps it busy.",
)
SLOW = (
    "took too long",
    "See what keeps PostgreSQL or its disk busy (pg_stat_activity).",
)
REFUSED = (
    "refuses Heard",
    "Look at the user, the password and the name of the database in the address.",
)
DISK = (
    "cannot be read or written: its disk reports errors",
    "Look at the disk (dmesg, smartctl), and have a backup at hand.",
)
UNKNOWN = ("cannot be used now", "Look it over with: heard doctor")

_ADVICE: Final = {
    # sqlite.org/rescode.html; the beginning of the name, the longest first.
    **{"SQLITE_FULL": FULL, "SQLITE_IOERR_SHMSIZE": FULL, "SQLITE_IOERR_WRITE": FULL},
    **{"SQLITE_IOERR": DISK, "SQLITE_READONLY": READ_ONLY, "SQLITE_PERM": READ_ONLY},
    **{"SQLITE_BUSY": LOCKED, "SQLITE_LOCKED": LOCKED, "SQLITE_CANTOPEN": GONE},
    **{"SQLITE_NOTADB": DAMAGED, "SQLITE_CORRUPT": DAMAGED, "SQLITE_ERROR": WITHOUT_TABLES},
    # postgresql.org/docs, "PostgreSQL Error Codes"; without one the connection itself failed.
    **{"53100": FULL, "25006": READ_ONLY, "55P03": LOCKED, "57014": SLOW, "42P01": WITHOUT_TABLES},
    **{"42703": WITHOUT_TABLES, "57P": AWAY, "08": AWAY, "53300": CROWDED},
    **{"OperationalError": AWAY, "ConnectionTimeout": AWAY, "TimeoutError": CROWDED},
    **{"28": REFUSED, "3D000": REFUSED, "42501": REFUSED},
    **{"58030": DISK, "XX001": DAMAGED, "XX002": DAMAGED},
    **{"ENOSPC": FULL, "EROFS": READ_ONLY, "EACCES": READ_ONLY},
    **{"PermissionError": READ_ONLY, "FileNotFoundError": GONE, "NotADirectoryError": GONE},
}


class StorageUnavailable(Exception):
    """The database is full, locked, read-only, damaged or gone; nothing of the call was kept.

    The text says which database, what happened, the driver's name of the cause, and what an
    operator can do. A driver's own message may quote a row (PostgreSQL's "Key (id)=(…) already
    exists"), so it is never repeated.
    """

    def __init__(
        self, cause: str, database: str = "A database", *, seen: str | None = None
    ) -> None:
        """Say what happened.

        Args:
            cause: the driver's name of it.
            database: which one, as its operator is told.
            seen: what was seen of its file, when the driver's name says less.
        """
        what, advice = _advice(seen or cause)
        named = f"{cause}, {seen}" if seen and seen != cause else cause
        super().__init__(f"{database} {what} ({named}). Nothing was changed. {advice}")
        self.cause = cause
        self._said = (cause, database, seen)

    def again(self) -> StorageUnavailable:
        """The same for somebody else: an error that is raised carries where it was."""
        cause, database, seen = self._said
        return StorageUnavailable(cause, database, seen=seen)


class PublishRefused(Exception):
    """A definition cannot be published as asked; the message says what to change."""


class CopyRefused(Exception):
    """A copy cannot be made, read or put back; the message says what to do."""


@contextmanager
def unavailable(database: str = "A database", path: Path | None = None) -> Iterator[None]:
    """Turn whatever the database raises into StorageUnavailable, without the failing statement.

    Args:
        database: which one, as its operator is told: `ANSWERS` or `DRAFTS`.
        path: its file, when this is SQLite, which names many causes alike.
    """
    try:
        yield
    except (DBAPIError, PoolTimeoutError, sqlite3.Error, OSError) as error:
        cause = _cause(error)
        seen = hindrance(path) if path is not None and cause.startswith(_VAGUE) else None
        raise StorageUnavailable(cause, database, seen=seen) from None


def _cause(error: BaseException) -> str:
    """The driver's name of a cause, or a type of its own: no word that anybody sent."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    for attribute in ("sqlite_errorname", "sqlstate"):
        name = getattr(origin, attribute, None)
        if isinstance(name, str) and _NAME.fullmatch(name):
            return name
    kind = type(origin)
    return kind.__name__ if kind.__module__.split(".")[0] in _KNOWN_ROOMS else UNFORESEEN


def _advice(cause: str) -> tuple[str, str]:
    """What happened and what to do, of the longest beginning of a cause that is known."""
    known = [name for name in _ADVICE if cause.startswith(name)]
    return _ADVICE[max(known, key=len)] if known else UNKNOWN
