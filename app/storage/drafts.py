"""Drafts: ciphertext that waits for a person to go on, and goes when the person does."""

from __future__ import annotations

import secrets
from contextlib import suppress

from sqlalchemy import Connection, bindparam, delete, select, update

from .engines import Database, insert_into, touched
from .failures import StorageUnavailable
from .models import Draft, HeldCard, Sweep

MARK_BYTES = 16

# With each page; so they are built once.
_WANTED = Draft.id == bindparam("wanted")
_READ = select(Draft.ciphertext, Draft.idle).where(_WANTED)
_REPLACE = (
    update(Draft)
    .where(_WANTED, Draft.ciphertext == bindparam("before"))
    .values(ciphertext=bindparam("after"), idle=0)
)


class Drafts:
    """Reads, writes and ages drafts. A draft has no time: `idle` counts sweeps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, draft_id: bytes) -> bytes | None:
        """The ciphertext; being read makes a draft fresh again."""
        with self._database.reading() as connection:
            row = connection.execute(_READ, {"wanted": draft_id}).one_or_none()
        if row is None:
            return None
        if row.idle:
            # On a full disk people can still read; and no sweep counts there either.
            with suppress(StorageUnavailable):
                self._database.change(update(Draft).where(Draft.id == draft_id).values(idle=0))
        ciphertext: bytes = row.ciphertext
        return ciphertext

    def write(self, draft_id: bytes, ciphertext: bytes) -> None:
        """Keep the ciphertext in place of what was there."""
        row = {"id": draft_id, "ciphertext": ciphertext, "idle": 0}
        insert = insert_into(self._database, Draft).values(**row)
        self._database.change(insert.on_conflict_do_update(index_elements=["id"], set_=row))

    def replace(self, draft_id: bytes, before: bytes, ciphertext: bytes) -> bool:
        """Keep the ciphertext in place of the one that was read; whether that was still there."""
        given = {"wanted": draft_id, "before": before, "after": ciphertext}
        return self._database.change(_REPLACE, given) == 1

    def delete(self, draft_id: bytes) -> None:
        """Remove the draft; nothing happens when there is none."""
        self._database.change(delete(Draft).where(Draft.id == draft_id))

    def age(self, limit: int) -> int:
        """Count one more sweep for every draft, remove those over the limit; how many went."""
        with self._database.writing() as connection:
            return _age(connection, limit)

    def last_sweep(self) -> bytes | None:
        """The mark of the last sweep that was counted; None before the first."""
        with self._database.reading() as connection:
            return connection.scalar(select(Sweep.mark))

    def sweep(self, limit: int, seen: bytes | None) -> bytes | None:
        """Age the drafts unless a sweep was counted since the one with the mark `seen`.

        Returns the mark of the last sweep that was counted. Whoever calls this at least so many
        seconds apart, each with the mark of the call before, counts together no faster than that:
        a sweep counts only if nobody else's did since the same caller looked before.
        """
        mark = secrets.token_bytes(MARK_BYTES)
        with self._database.writing() as connection:
            if _counts(connection, seen, mark):
                _age(connection, limit)
                return mark
        return self.last_sweep()


def _age(connection: Connection, limit: int) -> int:
    connection.execute(update(Draft).values(idle=Draft.idle + 1))
    connection.execute(update(HeldCard).values(idle=HeldCard.idle + 1))
    return touched(connection.execute(delete(Draft).where(Draft.idle > limit)))


def _counts(connection: Connection, seen: bytes | None, mark: bytes) -> bool:
    """Put the new mark in the place of the one seen; whether that was still there."""
    if seen is not None:
        replaced = update(Sweep).where(Sweep.mark == seen).values(mark=mark)
        return touched(connection.execute(replaced)) == 1
    insert = insert_into(connection, Sweep).values(id=1, mark=mark)
    return connection.scalar(insert.on_conflict_do_nothing().returning(Sweep.id)) is not None
