"""Drafts that people keep for later: ciphertext under six words that only they have."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from .engines import Database, insert_into
from .models import KeptDraft


class KeptDrafts:
    """Keeps drafts until they are opened again or their consultation closes.

    They stand beside the responses, because they outlive a restart of the machine. An id is 32
    bytes, found by the six words alone; no row tells of a session, a card or a response.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, kept_id: bytes, consultation: str, ciphertext: bytes) -> None:
        """Keep a draft, in place of what was there."""
        row = {"id": kept_id, "consultation": consultation, "ciphertext": ciphertext}
        with self._database.writing() as connection:
            insert = insert_into(connection, KeptDraft).values(**row)
            connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))

    def read(self, kept_id: bytes) -> bytes | None:
        """The ciphertext, or None."""
        found = select(KeptDraft.ciphertext).where(KeptDraft.id == kept_id)
        with self._database.reading() as connection:
            ciphertext: bytes | None = connection.scalar(found)
        return ciphertext

    def delete(self, kept_id: bytes) -> bool:
        """Remove a draft and overwrite its bytes; whether it was there."""
        return self._gone(self._database.change(delete(KeptDraft).where(KeptDraft.id == kept_id)))

    def delete_all(self, consultation: str) -> bool:
        """Remove every draft of a consultation that is closed; whether there was any."""
        own = delete(KeptDraft).where(KeptDraft.consultation == consultation)
        return self._gone(self._database.change(own))

    def _gone(self, rows: int) -> bool:
        if rows:
            self._database.empty_log()
        return rows > 0

    def count(self, consultation: str) -> int:
        """How many drafts of a consultation are kept now."""
        found = select(func.count()).where(KeptDraft.consultation == consultation)
        with self._database.reading() as connection:
            return connection.scalar(found.select_from(KeptDraft)) or 0
