"""Writing the databases anew, in order of their random ids."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from .engines import Database

IN_ORDER = {"response": "consultation, id", "card": "tag", "kept_draft": "id"}
DRAFTS_IN_ORDER = {"draft": "id", "held_card": "tag"}
"""The tables that people leave traces in, and the order in which they are written."""


def compact_file(database: Database) -> None:
    """Rewrite a SQLite file; writers wait meanwhile."""
    with database.outside_transaction() as cursor:
        for statement in (
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "VACUUM",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ):
            cursor.execute(statement).fetchall()


def compact_tables(database: Database, tables: Mapping[str, str]) -> None:
    """PostgreSQL keeps rows in order of arrival and numbers their transactions: write them anew.

    What was deleted or changed stands in its files until then, and goes with them.

    Args:
        tables: names, and the columns that they are written in the order of.

    All tables in one transaction, so that its number says nothing of which row belongs to which.
    """
    with database.writing(patiently=True) as connection:
        for table, order in tables.items():
            for statement in (
                f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
                f"CREATE TEMPORARY TABLE moved_{table} ON COMMIT DROP AS TABLE {table}",
                f"TRUNCATE {table}",
                f"INSERT INTO {table} TABLE moved_{table} ORDER BY {order}",
            ):
                connection.execute(text(statement))
