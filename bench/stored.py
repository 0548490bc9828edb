"""How long sending takes with no response stored, 100,000 and a million, on both databases.

The responses are random bytes of the size that sealed ones have, put in by the database itself; a
few people then walk through the sample, and only the request that sends is timed.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import psycopg
from rich.table import Table

from config import SHARED_MEMORY
from tests.postgresql import new_database, plain, running_postgresql
from tests.replaying import Client, Request, record_walk
from tests.server import Demo, drafts_in, running_demo, running_serve

from .keeping import kept
from .site import CONSULTATION, Measured, measured, replayed

SIZES: Final = (0, 100_000, 1_000_000)
WALKERS: Final = 4
RUNS: Final = 5
TAG_BYTES: Final = 32
ID_BYTES: Final = 16
_BATCH: Final = 5_000

Fill = Callable[[int], None]
"""Puts in so many responses, as large as the one that is there."""
_SIZE: Final = "SELECT max(length(envelope)) FROM response"


def fill_sqlite(database: Path) -> Fill:
    """Return what fills a database file, in the order of the random ids as it is kept."""

    def fill(count: int) -> None:
        ids = sorted(os.urandom(ID_BYTES) for _ in range(count))
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            (envelope,) = connection.execute(_SIZE).fetchone()
            connection.execute("PRAGMA synchronous=OFF")
            for at in range(0, count, _BATCH):
                connection.execute("BEGIN")
                connection.executemany(
                    "INSERT INTO response (consultation, id, envelope, withdrawal_tag) "  # noqa: S608 - numbers
                    f"VALUES (?, ?, randomblob({envelope}), randomblob({TAG_BYTES}))",
                    ((CONSULTATION, each) for each in ids[at : at + _BATCH]),
                )
                connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    return fill


def fill_postgresql(url: str) -> Fill:
    """Return what fills a database of a server, and has it tidied as autovacuum does."""

    def fill(count: int) -> None:
        with psycopg.connect(plain(url), autocommit=True) as connection:
            (envelope,) = connection.execute(_SIZE).fetchone() or (0,)
            for at in range(0, count, _BATCH):
                with (
                    connection.transaction(),
                    connection.cursor() as cursor,
                    cursor.copy(
                        "COPY response (consultation, id, envelope, withdrawal_tag) "
                        "FROM STDIN WITH (FORMAT BINARY)"
                    ) as copy,
                ):
                    copy.set_types(["text", "bytea", "bytea", "bytea"])
                    for _ in range(min(_BATCH, count - at)):
                        copy.write_row(
                            (
                                CONSULTATION,
                                os.urandom(ID_BYTES),
                                os.urandom(envelope),
                                os.urandom(TAG_BYTES),
                            )
                        )
            connection.execute("VACUUM ANALYZE response")
            connection.execute("CHECKPOINT")

    return fill


async def _sends(port: int, walk: Sequence[Request]) -> Measured:
    sends = Measured(0.0)
    await measured(port, [Client(port) for _ in range(WALKERS)], replayed(walk, sends))
    return sends


@contextmanager
def _an_instance(settings: Mapping[str, str]) -> Iterator[tuple[Demo, list[Request]]]:
    """An instance in which one person has sent, so that the size of an envelope is known."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as memory,
    ):
        with running_demo(Path(folder), env={**drafts_in(memory), **settings}) as demo:
            walk = record_walk(demo.base, demo.codes(CONSULTATION)[0])
        yield demo, walk


def waits(
    sizes: Sequence[int], settings: Mapping[str, str], fill_of: Callable[[Demo], Fill]
) -> list[Measured]:
    """The waits for sending at each size, in an instance that grows."""
    found, there = [], 0
    with _an_instance(settings) as (demo, walk):
        fill = fill_of(demo)
        for size in sizes:
            fill(size - there)
            there = size
            with running_serve(demo) as serving:
                port = int(serving.base.rpartition(":")[2])
                asyncio.run(_sends(port, walk))  # so that the first ones are not counted
                runs = [asyncio.run(_sends(port, walk)) for _ in range(RUNS)]
            all_of_them = Measured(0.0, [wait for run in runs for wait in run.waits])
            found.append(all_of_them)
    return found


def main(sizes: Sequence[int] = SIZES) -> None:
    """Measure, and print a table."""
    table = Table(title=f"Sending, {WALKERS} people at a time", title_justify="left")
    for column in ("database", "responses", "sent", "p50 ms", "p95 ms", "p50 of none", "aim"):
        table.add_column(column, justify="left" if column == "database" else "right")
    begun = time.perf_counter()
    with kept("stored") as console:
        sqlite = waits(sizes, {}, lambda demo: fill_sqlite(demo.instance / "heard.sqlite3"))
        _add(table, "SQLite", sizes, sqlite)
        with running_postgresql() as server:
            url = new_database(server)
            settings = {"HEARD_DATABASE_URL": url}
            postgresql = waits(sizes, settings, lambda _demo: fill_postgresql(url))
            _add(table, "PostgreSQL", sizes, postgresql)
        console.print(table)
        console.print(f"Filling and measuring took {time.perf_counter() - begun:.0f} s.")


def _add(table: Table, name: str, sizes: Sequence[int], found: Sequence[Measured]) -> None:
    for size, one in zip(sizes, found, strict=True):
        ratio = one.wait(0.5) / found[0].wait(0.5)
        table.add_row(
            name,
            f"{size:,}",
            str(len(one.waits)),
            f"{one.wait(0.5):.1f}",
            f"{one.wait(0.95):.1f}",
            f"{ratio:.2f}" if size else "",
            "1.20" if size else "",
        )


if __name__ == "__main__":
    main(tuple(int(each) for each in sys.argv[1:]) or SIZES)
