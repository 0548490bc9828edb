"""What a PostgreSQL server writes down of people: docs/decisions/postgresql.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.commands.notes import Note
from app.storage import Storage

QUIET: Final = {
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_connections": "off",
    "log_disconnections": "off",
    "track_commit_timestamp": "off",
}
"""Settings that give a time to what somebody does, and what they should be."""
ARCHIVES: Final = "archive_mode"


def postgresql_notes(storage: Storage) -> Iterator[Note]:
    """Yield what there is to say about the server of the responses; nothing for a SQLite file.

    Raises StorageUnavailable.
    """
    found = storage.server_settings((*QUIET, ARCHIVES))
    if not found:
        return
    loud = {name: found[name] for name in QUIET if found.get(name, QUIET[name]) != QUIET[name]}
    for name, value in loud.items():
        yield Note(
            "wrong",
            f"PostgreSQL has {name} = {value}: it writes down when somebody did something. "
            f"Set it to {QUIET[name]}.",
        )
    if not loud:
        yield Note("well", "PostgreSQL writes no statement and no connection into its log.")
    if found.get(ARCHIVES, "off") != "off":
        yield Note(
            "waits",
            "PostgreSQL archives its write-ahead log, which has times and what was taken back. "
            "Keep it for days, and delete it by the promised day.",
        )
