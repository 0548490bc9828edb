"""Writing a bundle: streamed, resumable, and finished at one instant."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from .bundle import (
    APPLICATION_ID,
    FORMAT,
    SCHEMA,
    BundledDefinition,
    BundleError,
    Manifest,
    digest_of,
    sorted_rows,
)
from .folders import give_name

_COMMIT_EVERY: Final = 500  # rows: what is written again after a stop

_PAGE_SIZE: Final = 65536  # bytes: holds whole envelopes, which 4096 would spread over three pages


def write_bundle(
    path: Path,
    definitions: Iterable[tuple[str, str, int, str]],
    envelopes: Iterable[tuple[bytes, bytes]],
) -> Manifest:
    """Write a bundle to a new file.

    It grows beside its final name, as `….part`. If this stops half-way, calling it again goes on
    with what is there: rows that are there already are not written again, and rows that were
    withdrawn since are taken out.

    Args:
        path: where the finished bundle is to be.
        definitions: (digest, consultation, version, canonical JSON) of every version published,
            all of one consultation.
        envelopes: (16-byte id, envelope), each id once.

    Raises:
        BundleError: the file exists, another export is writing it, or it cannot be written.
    """
    published = [BundledDefinition(*definition) for definition in definitions]
    consultations = {definition.consultation for definition in published}
    if len(consultations) != 1:
        raise BundleError("A bundle holds the responses of one consultation that was started.")
    if os.path.lexists(path):
        raise _exists_already(path)
    part = path.with_name(path.name + ".part")
    try:
        manifest = _fill(part, consultations.pop(), published, envelopes)
        give_name(part, path)
    except FileExistsError:
        raise _exists_already(path) from None
    except sqlite3.Error as error:
        raise BundleError(_explain(part, error)) from None
    except OSError as error:
        raise BundleError(f"Could not write {path}: {error.strerror}.") from None
    return manifest


def _explain(part: Path, error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
        return f"Another export is writing {part}. Wait until it has finished."
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return (
        f"Could not write {part} ({name}). Make room, then run the same command again and it "
        "goes on; or delete that file to begin anew."
    )


def _fill(
    part: Path,
    consultation: str,
    definitions: list[BundledDefinition],
    envelopes: Iterable[tuple[bytes, bytes]],
) -> Manifest:
    os.close(os.open(part, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(part, isolation_level=None, timeout=0)
    try:
        connection.execute(f"PRAGMA page_size={_PAGE_SIZE}")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
        connection.execute("BEGIN EXCLUSIVE")
        resumed = _prepare(connection, part, consultation, definitions)
        _insert(connection, envelopes)
        gone = connection.execute(
            "DELETE FROM response WHERE id NOT IN (SELECT id FROM temp.seen)"
        ).rowcount
        count, digest = digest_of(consultation, definitions, sorted_rows(connection))
        connection.execute("UPDATE manifest SET count = ?, digest = ?", (count, digest))
        connection.execute("COMMIT")
        if resumed or gone:
            # Its layout would tell which responses came after the stop.
            connection.execute("VACUUM")
    finally:
        connection.close()
    return Manifest(consultation, count, digest)


def _prepare(
    connection: sqlite3.Connection,
    part: Path,
    consultation: str,
    definitions: list[BundledDefinition],
) -> bool:
    """Make the tables, or take up those that are there; whether they were there."""
    connection.execute("CREATE TEMPORARY TABLE seen (id BLOB PRIMARY KEY) WITHOUT ROWID")
    resumed = bool(connection.execute("SELECT 1 FROM sqlite_schema").fetchall())
    if not resumed:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        for statement in SCHEMA.values():
            connection.execute(statement)
        # A count below zero: not finished, no reader takes it.
        connection.execute("INSERT INTO manifest VALUES (?, -1, '')", (consultation,))
        connection.execute(f"PRAGMA user_version={FORMAT}")
    (owner,) = connection.execute("SELECT consultation FROM manifest").fetchone()
    if owner != consultation:
        raise BundleError(f"{part} was begun for “{owner}”. Choose another name, or delete it.")
    connection.execute("DELETE FROM definition")
    connection.executemany(
        "INSERT INTO definition VALUES (?, ?, ?)",
        ((each.digest, each.version, each.document) for each in definitions),
    )
    return resumed


def _insert(connection: sqlite3.Connection, envelopes: Iterable[tuple[bytes, bytes]]) -> None:
    for number, row in enumerate(envelopes, start=1):
        connection.execute("INSERT OR IGNORE INTO response VALUES (?, ?)", row)
        connection.execute("INSERT INTO temp.seen VALUES (?)", row[:1])
        if number % _COMMIT_EVERY == 0:
            connection.execute("COMMIT")
            connection.execute("BEGIN EXCLUSIVE")


def _exists_already(path: Path) -> BundleError:
    return BundleError(
        f"{path} exists already, and a bundle is never overwritten. Choose another name, "
        "or move that file away."
    )
