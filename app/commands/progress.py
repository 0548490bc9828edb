"""A progress bar for what takes longer than a second, when somebody is looking."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")

QUIET_SECONDS: Final = 1.0
_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())


def with_progress(items: Iterable[T], total: int | None, label: str) -> Iterator[T]:
    """Pass the items on; after a second, show on the terminal how far it is.

    Nothing is shown unless both standard output and standard error are a terminal: then no file
    and no other program gets the bar.
    """
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield from items
        return
    begun = time.monotonic()
    bar = Progress(*_COLUMNS, TimeRemainingColumn(), console=Console(stderr=True))
    task = bar.add_task(label, total=total)
    try:
        for number, item in enumerate(items, start=1):
            yield item
            if time.monotonic() - begun >= QUIET_SECONDS:
                bar.start()  # does nothing when it is there already
                bar.update(task, completed=number)
    finally:
        bar.stop()
