"""Whether this machine's clock can be believed when it says that answers are to be deleted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

JUMP_SECONDS: Final = 3600.0
"""Clocks are set by less than this every day; answers are deleted by days."""


def elapsed_seconds() -> float:
    """Seconds that only grow, the time a machine slept included where the system counts it."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Watch:
    """Compares the clock with the time that has passed since this was made.

    Args:
        wall: the clock, in seconds since 1970.
        elapsed: seconds that only grow, whatever the clock is set to.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = elapsed_seconds,
    ) -> None:
        self._wall, self._elapsed = wall, elapsed
        self._begun = wall() - elapsed()

    def has_jumped(self) -> bool:
        """Whether the clock is more than `JUMP_SECONDS` from where it should be by now."""
        return abs(self._wall() - self._elapsed() - self._begun) > JUMP_SECONDS
