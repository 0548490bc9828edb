"""Making the databases and bringing them up to date, with Alembic, from within the program."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from .engines import DRAFTS_PRAGMAS, PAGE_SIZE, RESPONSES_PRAGMAS, Database
from .failures import DRAFTS, unavailable

if TYPE_CHECKING:
    from alembic.config import Config

UPGRADE_LOCK = 0x48656172
"""PostgreSQL advisory lock that lets one upgrade run at a time ("Hear" in ASCII)."""


VERSIONS = "responses_version"
"""The table in which Alembic notes the revision of the responses' tables."""
NEWEST = {"responses": "r0005", "drafts": "d0003"}
"""The last revision of each branch of migrations. Whoever finds it there needs no Alembic, which
takes a server 9 MiB and a third of a second."""
FIRST = (f"PRAGMA page_size={PAGE_SIZE}", "PRAGMA journal_mode=WAL")


def upgrade(database_url: str, drafts_url: str) -> None:
    """Make both databases if they are missing, and bring their tables up to date.

    Safe to run again, and by several processes at once: they wait for each other. New files are
    readable by their owner alone, and so are new folders. To be called whenever the server
    starts: drafts in memory are gone after the machine was switched off.

    Args:
        database_url: SQLAlchemy address of the responses.
        drafts_url: SQLAlchemy address of the drafts, another database.

    Raises:
        StorageUnavailable: the database cannot be reached or written.
        ValueError: an address without a file.
    """
    make_tables(Database.at(database_url, RESPONSES_PRAGMAS))
    make_drafts(drafts_url)


def make_drafts(drafts_url: str) -> None:
    """Make the database of drafts if it is missing, and bring its tables up to date."""
    drafts = Database.at(drafts_url, DRAFTS_PRAGMAS, name=DRAFTS)
    _make_missing_file(drafts, ())
    _upgrade(drafts, "drafts")


def make_tables(responses: Database) -> None:
    """Make the database of responses if it is missing, and bring its tables up to date."""
    _make_missing_file(responses, FIRST)
    bring_up_to_date(responses)


def bring_up_to_date(responses: Database, revision: str = "head") -> None:
    """Change the tables of responses to those of a later revision, with all that is in them."""
    _upgrade(responses, "responses", revision)


def is_known(revision: str) -> bool:
    """Whether tables of responses of this revision can be brought up to date from here."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see NEWEST
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        return ScriptDirectory.from_config(_config("responses")).get_revision(revision) is not None
    except CommandError:
        return False


def found_revision(connection: Connection, branch: str = "responses") -> str | None:
    """The revision of the tables that are there; None when there are none."""
    table = f"{branch}_version"
    if not inspect(connection).has_table(table):
        return None
    return str(connection.scalar(text(f"SELECT version_num FROM {table}")))  # noqa: S608 - ours


def _config(branch: str) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see NEWEST

    config = Config()
    config.set_main_option("script_location", f"migrations:{branch}")
    return config


def _make_missing_file(database: Database, first: tuple[str, ...]) -> None:
    if database.path is not None:
        with unavailable(database.name, database.path):
            _make_file(database.path, first)


def _upgrade(database: Database, branch: str, revision: str = "head") -> None:
    try:
        with database.writing(patiently=True) as connection:
            if database.path is None:
                lock = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=UPGRADE_LOCK)
                connection.execute(lock)
            if revision != "head" or found_revision(connection, branch) != NEWEST[branch]:
                _run_migrations(connection, branch, revision)
    finally:
        database.close()


def _run_migrations(connection: Connection, branch: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - see NEWEST

    config = _config(branch)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _make_file(path: Path, first: tuple[str, ...]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        path.chmod(0o600)
        return
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in first:
            connection.execute(pragma).fetchall()
    finally:
        connection.close()
