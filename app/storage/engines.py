"""Engines: how each process reaches a database, and what is set on every connection."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    Dialect,
    Engine,
    NullPool,
    QueuePool,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import Executable

from .breaker import CircuitBreaker
from .failures import ANSWERS, StorageUnavailable, unavailable
from .room import hindrance

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

WAIT_SECONDS = 10
"""How long a connection waits for a lock: longer than compacting a large database takes."""

KEPT_OPEN = 8
"""Connections that each process keeps to drafts in a file: one for each thread that answers."""

PAGE_SIZE = 65536
"""Bytes, SQLite's greatest. A row of a WITHOUT ROWID table stays inside its page up to
((65536 - 12) * 64 / 255) - 23 = 16422 bytes (sqlite.org/fileformat2.html, "cell payload overflow
pages"); a longer one spills into pages that are allotted in order of arrival. An envelope of the
first class fits for 10 recipients, of the second for 6. With 32768 it would be 3 and none."""

RESPONSES_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",  # whoever saw "sent" is on the disk, not in a cache
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA wal_autocheckpoint=50",  # pages: the log shows the order of writing, so keep it short
    "PRAGMA journal_size_limit=0",
)

# TRUNCATE, not MEMORY: a process that is killed while it writes would leave a damaged file behind,
# and everybody's drafts with it. The journal is empty again at the end of each transaction.
DRAFTS_PRAGMAS = (
    "PRAGMA journal_mode=TRUNCATE",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-256",  # KiB: a process keeps no more of what was there than it needs
)

# What follows is for PostgreSQL; docs/decisions/postgresql.md has the sums.
USUAL_OPEN, MOST_OPEN = 4, 8
"""Connections of one process: kept between requests, and at the most. A process has 8 threads."""
RECYCLE_SECONDS = 1800
"""A connection grows with what it has seen, and what lies in between forgets it when it is idle."""
CONNECTING = {
    **{"connect_timeout": 5, "tcp_user_timeout": 20_000},
    **{"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3},
}
"""Seconds, the second in milliseconds: a server that has gone without a word is given up. What an
address says itself stands above (postgresql.org/docs, "Parameter Key Words")."""
LIMITS = {
    "statement_timeout": 15,
    "lock_timeout": WAIT_SECONDS,
    "idle_in_transaction_session_timeout": 30,
}
"""Seconds, so that nobody waits for ever behind a statement that hangs."""


@dataclass(frozen=True)
class _Opened:
    """The engine of one process, and the same with other ways to begin; they share connections."""

    process: int
    engine: Engine
    writer: Engine
    single: Engine
    turn: threading.RLock
    """Of whoever uses a file whose connections are kept."""

    @classmethod
    def of(cls, engine: Engine, *, is_file: bool) -> _Opened:
        """What belongs to an engine that was made in this process."""
        alone: dict[str, Any] = {"begins": ""} if is_file else {"isolation_level": "AUTOCOMMIT"}
        return cls(
            os.getpid(),
            engine,
            engine.execution_options(begins="BEGIN IMMEDIATE"),
            engine.execution_options(**alone),
            threading.RLock(),
        )


@dataclass
class Database:
    """One database; its engine is made in the process that uses it, after gunicorn's fork."""

    url: URL
    pragmas: Sequence[str]
    keeps_open: bool = False
    name: str = ANSWERS
    _opened: _Opened | None = field(default=None, repr=False)
    _breaker: CircuitBreaker = field(default_factory=CircuitBreaker, repr=False)

    @classmethod
    def at(
        cls, url: str, pragmas: Sequence[str], *, keeps_open: bool = False, name: str = ANSWERS
    ) -> Database:
        """The database at a SQLAlchemy address.

        Args:
            url: the address.
            pragmas: what SQLite is told on each connection.
            keeps_open: whether connections to a SQLite file are kept for the next transaction.
            name: what its operator is told when it cannot be used.

        Raises ValueError for a SQLite address without a file: nothing sent would be kept.
        """
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
            raise ValueError("A database in memory keeps nothing. Give the path of a file.")
        return cls(parsed, pragmas, keeps_open, name)

    @property
    def path(self) -> Path | None:
        """The file, when this is SQLite."""
        return database_file(self.url)

    def _of_this_process(self) -> _Opened:
        """This process's own engine: a connection carried across a fork corrupts what it writes."""
        opened = self._opened
        if opened is None or opened.process != os.getpid():
            if opened is not None:
                opened.engine.dispose(close=False)  # they are the parent's
            engine = _sqlite(self) if self.path else _server(self.url)
            opened = self._opened = _Opened.of(engine, is_file=self.path is not None)
        return opened

    @property
    def engine(self) -> Engine:
        """This process's engine, for what no method here does."""
        return self._of_this_process().engine

    @property
    def dialect(self) -> Dialect:
        """How this database spells SQL."""
        return self.engine.dialect

    def _named(self) -> AbstractContextManager[None]:
        """What fails in here is StorageUnavailable, with the name of this database."""
        return unavailable(self.name, self.path)

    @contextmanager
    def _in_short(self) -> Iterator[None]:
        """The same for what people wait for: at once when others wait for nothing already."""
        with self._breaker.guarding(), self._named(), self._in_turn():
            yield

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One thread of this process at a time in a file of drafts; StorageUnavailable in the end.

        SQLite would have the others sleep and look again, for longer each time
        (sqlite.org/c3ref/busy_timeout.html); a lock wakes them. Answers are written once a person.
        """
        if not self.keeps_open:
            yield
            return
        turn = self._of_this_process().turn
        if not turn.acquire(timeout=_wait_seconds(self.url)):
            raise StorageUnavailable("SQLITE_BUSY", self.name)
        try:
            yield
        finally:
            turn.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For statements that read, each by itself; StorageUnavailable when the database fails.

        Nothing holds them together: what needs several at one instant is `at_one_instant`.
        """
        with self._in_short(), self._of_this_process().single.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, patiently: bool = False) -> Iterator[Connection]:
        """A transaction that writes, whole or not at all; StorageUnavailable when it fails.

        patiently: it may take as long as it takes, on PostgreSQL too.
        """
        trouble = self._named() if patiently else self._in_short()
        with trouble, self._of_this_process().writer.begin() as connection:
            if patiently:
                self._wait_for_ever(connection)
            yield connection

    @contextmanager
    def at_one_instant(self) -> Iterator[Connection]:
        """A long transaction on PostgreSQL that reads what was there when it began."""
        with self._named(), self.engine.connect() as connection:
            one = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with one.begin():
                self._wait_for_ever(one)
                yield one

    def _wait_for_ever(self, connection: Connection) -> None:
        """Lift the limits of this transaction; SQLite has none for what takes long."""
        if self.path is None:
            # Until it is given back; then the next one has its limits again.
            connection.connection.driver_connection.patience = None  # type: ignore[union-attr]
            for name in LIMITS:
                connection.execute(text(f"SET LOCAL {name} = 0"))

    def refuse_unwritable(self) -> None:
        """Raise StorageUnavailable when what can be read could not be written.

        A full disk, and one that is mounted for reading only, still give what is there. So does a
        PostgreSQL that is a replica.
        """
        cause = None if self.path is None else hindrance(self.path)
        if self.path is None:
            with self.reading() as connection:
                if connection.scalar(text("SHOW transaction_read_only")) == "on":
                    cause = "25006"
        if cause is not None:
            raise StorageUnavailable(cause, self.name)
        if self.path is not None:
            with self.writing():
                pass  # nobody else holds it, and nothing is changed

    def change(self, statement: Executable, given: Mapping[str, object] | None = None) -> int:
        """Run one statement as its own transaction; the number of rows it touched.

        It must return no rows. The lock is taken, used and let go within one call to the database:
        between several, this thread would wait for its turn to run, and everybody for the lock.
        """
        with self._in_short(), self._of_this_process().single.connect() as connection:
            return touched(connection.execute(statement, given))

    @contextmanager
    def outside_transaction(self) -> Iterator[sqlite3.Cursor]:
        """A bare SQLite cursor, for VACUUM and checkpoints, which no transaction may hold."""
        with self._named():
            connection = self.engine.raw_connection()
            try:
                yield connection.cursor()  # type: ignore[misc]
            finally:
                connection.close()

    def empty_log(self) -> None:
        """Copy SQLite's write-ahead log into the file and cut it: what was deleted is still in it.

        Somebody else reading at this moment holds it back. Then the next connection to close
        does it.
        """
        if self.path is not None:
            with self.outside_transaction() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connections of this process."""
        if self._opened is not None and self._opened.process == os.getpid():
            self._opened.engine.dispose()
        self._opened = None


def database_file(url: str | URL) -> Path | None:
    """The file of a SQLite database; None of one on a server.

    Args:
        url: SQLAlchemy address; a text that is none raises ArgumentError, a ValueError.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database is None:
        return None
    return Path(parsed.database)


def touched(result: CursorResult[object]) -> int:
    """The number of rows that an insert, update or delete changed."""
    return result.rowcount


def insert_into(
    target: Connection | Database, table: type[DeclarativeBase]
) -> postgresql.Insert | sqlite.Insert:
    """An insert that knows ON CONFLICT, which both databases spell alike and SQLAlchemy apart."""
    if target.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - only where there is one

        return postgresql.insert(table)
    return sqlite.insert(table)


def _server(url: URL) -> Engine:
    """An engine with few connections, each proven before it is used: a server may start again."""
    from .patient_postgresql import give_up_in_time  # noqa: PLC0415 - only with its driver

    given = {name: value for name, value in CONNECTING.items() if name not in url.query}
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args=given,
        pool_size=USUAL_OPEN,
        max_overflow=MOST_OPEN - USUAL_OPEN,
        pool_timeout=WAIT_SECONDS,
        pool_recycle=RECYCLE_SECONDS,
        pool_pre_ping=True,
        pool_use_lifo=True,
    )

    give_up_in_time(engine)

    @event.listens_for(engine, "connect")
    def limit(connection: DBAPIConnection, _record: object) -> None:
        # Not in the option `options` of the address, which connection poolers refuse.
        cursor = connection.cursor()
        for name, seconds in LIMITS.items():
            cursor.execute(f"SET {name} = '{seconds}s'")
        cursor.close()
        connection.commit()

    return engine


def _sqlite(database: Database) -> Engine:
    """An engine that keeps no connection between transactions, unless the database says so.

    Opening one costs 0.15 ms. In return nothing can be carried over a fork, and whenever the
    server is idle the last connection to close empties and removes the write-ahead log, which
    otherwise tells the order of the newest responses and holds withdrawn ones. Drafts have no such
    log, and are read with every page: their connections are kept.
    """
    wait = _wait_seconds(database.url)
    # mode=rw: a missing file is an error, never a new and empty database.
    address = URL.create(
        "sqlite",
        database=f"file:{quote(str(database.url.database))}",
        query={"mode": "rw", "uri": "true", "timeout": str(wait)},
    )
    pooling: dict[str, Any] = {"poolclass": NullPool}
    if database.keeps_open:
        pooling = {"poolclass": QueuePool, "pool_size": KEPT_OPEN, "max_overflow": -1}
    engine = create_engine(address, hide_parameters=True, **pooling)
    _prepare_connections(engine, database)
    return engine


def _wait_seconds(url: URL) -> float:
    """How long somebody waits for a lock of this SQLite file."""
    return float(str(url.query.get("timeout", WAIT_SECONDS)))


def _prepare_connections(engine: Engine, database: Database) -> None:
    path = Path(str(database.url.database))

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # SQLAlchemy begins and ends the transactions
        for pragma in database.pragmas:
            connection.execute(pragma).fetchall()
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def check(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        # A file that was moved away, or put in the place of another, is seen at once.
        if record.info["file"] != _identity(path):
            raise DisconnectionError

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE takes the lock now and waits for it. A transaction that reads first and asks
        # for the lock later is refused without waiting.
        begins = connection.get_execution_options().get("begins", "BEGIN")
        if begins:
            connection.exec_driver_sql(begins)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
