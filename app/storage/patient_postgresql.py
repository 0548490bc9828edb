"""A connection to PostgreSQL that gives up a server which has stopped answering.

PostgreSQL ends a statement that takes too long itself (`statement_timeout`). A server that hangs,
on a disk that is gone or a machine that is paused, ends nothing; its system still takes in what is
sent, so no time-out of TCP helps either, and libpq has no other. Without this every thread would
wait for ever, and nobody would get a page. A module of its own: the driver is not always there.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, Final, TypeVar

import psycopg
from sqlalchemy import Engine, event

PING_SECONDS: Final = 5.0
"""How long an idle connection may take to say that it is still there."""
ANSWER_SECONDS: Final = 20.0
"""How long a statement may take: longer than PostgreSQL's own limit, which says more."""

RV = TypeVar("RV")
Waiting = Generator[Any, Any, RV]


class PatientConnection(psycopg.Connection[Any]):
    """A connection whose waiting ends."""

    patience: float | None = PING_SECONDS
    """Seconds for each statement; None for one that may take as long as it takes."""

    def wait(self, gen: Waiting[RV], *how: Any, **more: Any) -> RV:
        """Wait for what the driver does; `psycopg.OperationalError` when that takes too long.

        Args:
            gen: what the driver does, step by step.
            how, more: as for `psycopg.Connection.wait`, which looks after it every tenth of a
                second at least.
        """
        return super().wait(gen if self.patience is None else self._in_time(gen), *how, **more)

    def _in_time(self, gen: Waiting[RV]) -> Waiting[RV]:
        last = time.monotonic() + (self.patience or 0.0)
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() > last:
                    # Whatever is still answered belongs to nobody: it is of no more use.
                    self.pgconn.finish()
                    raise psycopg.OperationalError("no answer in time")
                wanted = gen.send(ready)
        except StopIteration as end:
            result: RV = end.value
            return result


def give_up_in_time(engine: Engine) -> None:
    """Have an engine for PostgreSQL make such connections, and give each its time.

    Args:
        engine: one that asks each connection whether it is still there (`pool_pre_ping`).
    """

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, words: Any, named: Any) -> PatientConnection:
        return PatientConnection.connect(*words, **named)

    @event.listens_for(engine, "checkout")
    def wait_for_statements(connection: Any, _record: object, _proxy: object) -> None:
        connection.patience = ANSWER_SECONDS

    @event.listens_for(engine, "checkin")
    def wait_for_a_ping(connection: Any, _record: object) -> None:
        if connection is not None:  # else it was given up
            connection.patience = PING_SECONDS
