"""Stopping a command that is writing answers in the clear: nothing half made stays behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import click

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl+C, a request to end, and a terminal that was closed."""
_STOPPED: Final = 128  # and the number of the signal: what shells give (POSIX, Shell, 2.8.2)


@contextmanager
def tidy_when_stopped() -> Iterator[None]:
    """Let what runs in here tidy up when it is stopped, then say so and end.

    The first signal raises `KeyboardInterrupt`; further ones change nothing while that is
    happening, so that nobody who presses Ctrl+C twice is left with half a folder.
    """
    came: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not came:
            came.append(number)
            raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopped. What was half made is deleted.", err=True)
        raise click.exceptions.Exit(_STOPPED + came[0] if came else 1) from None
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
