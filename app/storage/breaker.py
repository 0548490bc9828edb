"""Nobody waits behind those who wait for a database that hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .failures import StorageUnavailable

LONG_SECONDS = 4.0
"""Whoever waited so long for nothing met a database that hangs, or is held by somebody else."""

Clock = Callable[[], float]


class CircuitBreaker:
    """After a caller waited long for nothing, lets one at a time try, and refuses the others.

    Each would hold a thread until the limits of the database are over, and a server has few: then
    nobody got a page, and nobody could leave. When a try succeeds, or fails quickly, all go on.

    Args:
        clock: seconds that only grow.

    Source: Michael T. Nygard, Release It!, 2nd edition (2018), "Circuit Breaker".
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._hanging: StorageUnavailable | None = None
        self._somebody_tries = False

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Around one use of the database; raises the last `StorageUnavailable` while it hangs."""
        tries = self._enter()
        begun = self._clock()
        failure: StorageUnavailable | None = None
        try:
            yield
        except StorageUnavailable as error:
            failure = error if self._clock() - begun >= LONG_SECONDS else None
            raise
        finally:
            self._leave(failure, tries=tries)

    def _enter(self) -> bool:
        with self._lock:
            if self._hanging is None:
                return False
            if self._somebody_tries:
                raise self._hanging.again()
            self._somebody_tries = True
            return True

    def _leave(self, failure: StorageUnavailable | None, *, tries: bool) -> None:
        with self._lock:
            if tries:
                self._somebody_tries = False
            if failure is not None:
                self._hanging = failure
            elif tries:
                self._hanging = None
