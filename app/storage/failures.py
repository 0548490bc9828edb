"""One error for every way in which a database can fail its caller."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# What the drivers call a cause: SQLITE_FULL, SQLITE_BUSY; on PostgreSQL a five-character SQLSTATE.
_NAME = re.compile(r"[A-Z0-9_]{5,40}")


class StorageUnavailable(Exception):
    """The database is full, locked, read-only, damaged or gone; nothing of the call was kept.

    The text holds the driver's name of the cause and nothing else. A driver's own message may
    quote a row (PostgreSQL's "Key (id)=(…) already exists"), so it is never repeated.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(f"The database cannot be used now ({cause}). Nothing was changed.")
        self.cause = cause


class PublishRefused(Exception):
    """A definition cannot be published as asked; the message says what to change."""


class CopyRefused(Exception):
    """A copy cannot be made, read or put back; the message says what to do."""


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn whatever the database raises into StorageUnavailable, without the failing statement."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError, sqlite3.Error, OSError) as error:
        raise StorageUnavailable(_cause(error)) from None


def _cause(error: BaseException) -> str:
    origin = error.orig if isinstance(error, DBAPIError) else error
    for attribute in ("sqlite_errorname", "sqlstate"):
        name = getattr(origin, attribute, None)
        if isinstance(name, str) and _NAME.fullmatch(name):
            return name
    return type(origin).__name__
