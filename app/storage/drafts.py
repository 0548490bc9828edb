"""Drafts: ciphertext that waits for a person to go on, and goes when the person does."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from .engines import Database, insert_into, touched
from .models import Draft


class Drafts:
    """Reads, writes and ages drafts. Nothing here knows a time: `idle` counts sweeps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, draft_id: bytes) -> bytes | None:
        """The ciphertext; being read makes a draft fresh again."""
        with self._database.reading() as connection:
            found = select(Draft.ciphertext, Draft.idle).where(Draft.id == draft_id)
            row = connection.execute(found).one_or_none()
        if row is None:
            return None
        if row.idle:
            self._database.change(update(Draft).where(Draft.id == draft_id).values(idle=0))
        ciphertext: bytes = row.ciphertext
        return ciphertext

    def write(self, draft_id: bytes, ciphertext: bytes) -> None:
        """Keep the ciphertext in place of what was there."""
        row = {"id": draft_id, "ciphertext": ciphertext, "idle": 0}
        with self._database.writing() as connection:
            insert = insert_into(connection, Draft).values(**row)
            connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))

    def delete(self, draft_id: bytes) -> None:
        """Remove the draft; nothing happens when there is none."""
        self._database.change(delete(Draft).where(Draft.id == draft_id))

    def age(self, limit: int) -> int:
        """Count one more sweep for every draft, remove those over the limit; how many went."""
        with self._database.writing() as connection:
            connection.execute(update(Draft).values(idle=Draft.idle + 1))
            return touched(connection.execute(delete(Draft).where(Draft.idle > limit)))
