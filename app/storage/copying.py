"""A copy of everything that outlives a session, in one SQLite file, and putting it back.

The copy is the same for both databases, so one made on either can be put back on either. It holds
nothing that was not sent, and is in order of the random ids (docs/decisions/backup.md).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, inspect, literal, select, text

from .engines import RESPONSES_PRAGMAS, Database
from .failures import CopyRefused, StorageUnavailable, unavailable
from .migrate import FIRST, VERSIONS, bring_up_to_date, found_revision, is_known, make_tables
from .models import Base, OpenedConsultation, Response

PIECE = 200
"""Rows carried at a time: about 1 MB of envelopes."""
UNFINISHED = {
    "kept_draft": "DELETE FROM kept_draft",
    "card": "UPDATE card SET state = 'free' WHERE state = 'held'",
}
"""What is taken out of a copy: what somebody did not send, and that somebody is answering now."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The responses of a consultation: how many, and a digest over all of them by id."""

    responses: int
    digest: str


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds: the revision of its tables, and each consultation that was started."""

    revision: str
    consultations: Mapping[str, Counted]


def write_copy(database_url: str, path: Path) -> None:
    """Write all that the responses database holds at one instant, while people go on answering.

    Args:
        database_url: SQLAlchemy address of the responses; its tables may be of an older revision.
        path: a file that does not exist yet, in a folder with room for twice the database.

    Raises:
        StorageUnavailable: the database cannot be read, or the file not be written.
        CopyRefused: there are no tables of Heard, or they are of a newer one.
    """
    source = Database.at(database_url, RESPONSES_PRAGMAS)
    raw = path.with_name(f"{path.name}-raw")
    try:
        if source.path is None:
            _from_server(source, raw)
        else:
            _from_file(source, raw)
        _tidy(raw, path)
    finally:
        source.close()
        for each in raw.parent.glob(f"{raw.name}*"):
            each.unlink()


def read_copy(path: Path) -> Copied:
    """Return what a copy holds, counted and added up anew; every byte of it is read.

    Raises CopyRefused when it is damaged or no copy of Heard's tables.
    """
    damaged = CopyRefused("What is inside this backup is damaged. Take another one.")
    try:
        with closing(_copy_at(path)) as copy, copy.reading() as connection:
            if connection.scalar(text("PRAGMA quick_check")) != "ok":
                raise damaged
            return Copied(_revision(connection), _counted(connection))
    except StorageUnavailable:
        raise damaged from None


def holds_nothing(database_url: str) -> bool:
    """Whether a responses database is missing, or has no row of Heard; StorageUnavailable."""
    target = Database.at(database_url, RESPONSES_PRAGMAS)
    if target.path is not None and not target.path.exists():
        return True
    with closing(target), target.reading() as connection:
        there = set(inspect(connection).get_table_names())
        tables = [each for each in Base.metadata.sorted_tables if each.name in there]
        return not _has_rows(connection, tables)


def put_back(
    path: Path,
    database_url: str,
    consultations: Mapping[str, Counted],
    finish: Callable[[], None],
) -> None:
    """Fill an empty responses database from a copy, whole or not at all.

    Args:
        path: the copy; it is brought up to date here, if its tables are of an older revision.
        database_url: SQLAlchemy address; the tables are made where there are none.
        consultations: what is to be there afterwards. It is counted and added up in the database
            before anything of it can be seen by others.
        finish: called at the end; when it raises, nothing was put back.

    Raises:
        CopyRefused: something is there already, or what arrived is not what was expected.
        StorageUnavailable: the database cannot be reached or written.
    """
    copy = _copy_at(path)
    target = Database.at(database_url, RESPONSES_PRAGMAS)
    new = target.path is not None and not target.path.exists()
    try:
        bring_up_to_date(copy)
        make_tables(target)
        with copy.reading() as source, target.writing(patiently=True) as connection:
            _refuse_full(connection)
            _carry(source, connection, Base.metadata.sorted_tables)
            if _counted(connection) != dict(consultations):
                raise CopyRefused("What arrived is not what was in the backup. Nothing was kept.")
            finish()
    except BaseException:
        if new and target.path is not None:
            target.close()
            for ending in ("", "-wal", "-shm", "-journal"):
                target.path.with_name(target.path.name + ending).unlink(missing_ok=True)
        raise
    finally:
        copy.close()
        target.close()


def _copy_at(path: Path) -> Database:
    """A copy that is being made or read; nobody else has it, and nobody misses it."""
    pragmas = ("PRAGMA synchronous=OFF", "PRAGMA trusted_schema=OFF", "PRAGMA temp_store=MEMORY")
    return Database.at(f"sqlite:///{path}", pragmas)


@contextmanager
def _new_file(path: Path) -> Iterator[sqlite3.Connection]:
    """A new SQLite file, for its owner alone."""
    with unavailable():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            yield connection


def _from_file(source: Database, raw: Path) -> None:
    """Copy the pages of a SQLite file as they are at one instant."""
    with source.outside_transaction() as cursor, _new_file(raw) as copy:
        cursor.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").fetchall()
    source.empty_log()  # while the pages were read, nobody could
    with closing(_copy_at(raw)) as copied, copied.reading() as connection:
        _revision(connection)


def _from_server(source: Database, raw: Path) -> None:
    """Carry the rows that PostgreSQL holds at one instant into tables of the same revision.

    Not with pg_dump, which writes rows in the order in which they came.
    """
    with source.at_one_instant() as connection:
        revision = _revision(connection)
        with _new_file(raw) as file:
            for pragma in (*FIRST, "PRAGMA journal_mode=DELETE"):
                file.execute(pragma).fetchall()
        with closing(_copy_at(raw)) as copy:
            bring_up_to_date(copy, revision)
            with copy.writing() as target:
                tables = MetaData()
                tables.reflect(target)
                own = [each for each in tables.sorted_tables if each.name != VERSIONS]
                _carry(connection, target, own)


def _tidy(raw: Path, path: Path) -> None:
    """Take out what was not sent, and write the rest in order of the random ids."""
    with closing(_copy_at(raw)) as copy:
        with copy.writing() as connection:
            tables = inspect(connection).get_table_names()
            for table, statement in UNFINISHED.items():
                if table in tables:
                    connection.execute(text(statement))
        with _new_file(path):
            pass
        with copy.outside_transaction() as cursor:
            cursor.execute("VACUUM INTO ?", (str(path),))


def _carry(source: Connection, target: Connection, tables: Iterable[Table]) -> None:
    for table in tables:
        rows = select(table).order_by(*table.primary_key.columns)
        found = source.execute(rows.execution_options(yield_per=PIECE))
        for some in found.mappings().partitions():
            target.execute(table.insert(), [dict(row) for row in some])


def _revision(connection: Connection) -> str:
    """The revision of the tables; raises CopyRefused when this Heard does not know it."""
    revision = found_revision(connection)
    if revision is None:
        raise CopyRefused("There are no tables of Heard here.")
    if not is_known(revision):
        raise CopyRefused(
            f"These tables were made by a newer Heard ({revision}). Update Heard, and try again."
        )
    return revision


def _counted(connection: Connection) -> dict[str, Counted]:
    """Count and add up the responses of each consultation, in the order of their ids."""
    opened = connection.scalars(select(OpenedConsultation.consultation)).all()
    answered = connection.scalars(select(Response.consultation).distinct()).all()
    return {name: _added_up(connection, name) for name in sorted({*opened, *answered})}


def _added_up(connection: Connection, consultation: str) -> Counted:
    columns = select(Response.id, Response.withdrawal_tag, Response.envelope)
    found = columns.where(Response.consultation == consultation).order_by(Response.id)
    digest, count = hashlib.sha256(b"heard/copy/1\0"), 0
    for one, tag, envelope in connection.execute(found.execution_options(yield_per=PIECE)):
        digest.update(one + tag + len(envelope).to_bytes(8, "big"))
        digest.update(envelope)
        count += 1
    return Counted(count, f"sha256:{digest.hexdigest()}")


def _refuse_full(connection: Connection) -> None:
    """Raise CopyRefused when any table has a row; keep others from writing one meanwhile."""
    tables = Base.metadata.sorted_tables
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    if _has_rows(connection, tables):
        raise CopyRefused("Something is in this database already, and nothing is overwritten.")


def _has_rows(connection: Connection, tables: Iterable[Table]) -> bool:
    found = (select(literal(1)).select_from(table).limit(1) for table in tables)
    return any(connection.scalar(each) for each in found)
