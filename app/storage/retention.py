"""What was taken from the server in bundles, and deleting all answers of a consultation."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete, func, select, update

from .engines import Database, insert_into, touched
from .models import (
    Card,
    Deletion,
    EntryCode,
    Exported,
    KeptDraft,
    OpenedConsultation,
    Response,
)
from .records import Deleted, ExportedBundle


class Retention:
    """Lists bundles, and deletes answers once and for all (R97). No row has a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def log_export(self, consultation: str, exported: ExportedBundle) -> None:
        """Note that a bundle is written: to be called before the first response leaves."""
        with self._database.writing() as connection:
            row = {
                "consultation": consultation,
                "number": _next_number(connection, Exported, consultation),
                "bundle": exported.bundle,
                "purpose": exported.purpose,
                "responses": exported.responses,
            }
            connection.execute(insert_into(connection, Exported).values(**row))

    def exported(self, consultation: str) -> list[ExportedBundle]:
        """The bundles of a consultation, in the order in which they were written."""
        columns = select(Exported.bundle, Exported.purpose, Exported.responses)
        found = columns.where(Exported.consultation == consultation).order_by(Exported.number)
        with self._database.reading() as connection:
            return [ExportedBundle(*row) for row in connection.execute(found)]

    def delete_answers(self, consultation: str, record: Callable[[Deleted], str]) -> str:
        """Delete every answer of a consultation, and keep the record of it; returns the record.

        The responses and the drafts kept for later go, cards are used up, nobody can begin any
        more. All of it in one transaction with the record: it happens with the record or not at
        all. Definitions, codes and the reply stay, for the results page. Afterwards
        `Storage.compact` takes away what PostgreSQL still keeps of it.

        Args:
            consultation: whose answers.
            record: makes the text to keep, from what was deleted.
        """
        own_codes = select(EntryCode.code).where(EntryCode.consultation == consultation)
        ended = update(OpenedConsultation).where(OpenedConsultation.consultation == consultation)
        used = update(Card).where(Card.entry.in_(own_codes), Card.state != "used")
        with self._database.writing(patiently=True) as connection:
            connection.execute(ended.values(state="ended"))
            connection.execute(used.values(state="used"))
            gone = Deleted(
                _delete_all(connection, Response, consultation),
                _delete_all(connection, KeptDraft, consultation),
            )
            document = record(gone)
            row = {
                "consultation": consultation,
                "number": _next_number(connection, Deletion, consultation),
                "document": document,
            }
            connection.execute(insert_into(connection, Deletion).values(**row))
        self._database.empty_log()
        return document

    def deletions(self, consultation: str) -> list[str]:
        """The records of deleting a consultation's answers, the first one first."""
        own = select(Deletion.document).where(Deletion.consultation == consultation)
        with self._database.reading() as connection:
            return list(connection.scalars(own.order_by(Deletion.number)))


def _next_number(
    connection: Connection, table: type[Exported | Deletion], consultation: str
) -> int:
    own = select(func.coalesce(func.max(table.number), 0))
    return (connection.scalar(own.where(table.consultation == consultation)) or 0) + 1


def _delete_all(
    connection: Connection, table: type[Response | KeptDraft], consultation: str
) -> int:
    return touched(connection.execute(delete(table).where(table.consultation == consultation)))
