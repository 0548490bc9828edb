"""The databases of the story, as somebody sees them who has a copy, or the server in hand."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg


def response_ids(database: Path) -> list[bytes]:
    """The ids of the responses, in the order of their table."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return list(itertools.chain(*connection.execute("SELECT id FROM response")))


class Rows(Protocol):
    """What the people of the story see of a database from outside, and do to it."""

    def ids(self) -> list[bytes]:
        """The ids of the responses, in the order of their table."""

    def no_drafts(self) -> AbstractContextManager[None]:
        """The drafts are away for a while."""


@dataclass
class FileRows:
    """SQLite's."""

    responses: Path
    drafts: Path

    def ids(self) -> list[bytes]:
        """The ids of the responses, in the order of their table."""
        return response_ids(self.responses)

    @contextmanager
    def no_drafts(self) -> Iterator[None]:
        """The file is somewhere else for a while."""
        away = self.drafts.with_name("away.sqlite3")
        self.drafts.rename(away)
        try:
            yield
        finally:
            away.rename(self.drafts)


@dataclass
class ServerRows:
    """PostgreSQL's."""

    address: str
    """What psycopg connects with."""

    def ids(self) -> list[bytes]:
        """The ids of the responses, in the order of their table."""
        with psycopg.connect(self.address) as connection:
            return [bytes(one) for (one,) in connection.execute("SELECT id FROM response")]

    @contextmanager
    def no_drafts(self) -> Iterator[None]:
        """The table has another name for a while, so that every statement on it is an error."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("ALTER TABLE draft RENAME TO away")
            try:
                yield
            finally:
                connection.execute("ALTER TABLE away RENAME TO draft")
