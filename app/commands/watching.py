"""Showing something again and again, until somebody has seen enough."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

import click

from app.storage import StorageUnavailable

WATCH_SECONDS: Final = 5


def go_on_showing(show: Callable[[], object], seconds: int) -> None:
    """Show in place every so many seconds, or, where there is no terminal, line by line.

    Args:
        show: prints it; a database that does not answer is told, and asked again.
        seconds: between two times.

    Ctrl+C ends it, and is no error.
    """
    try:
        while True:
            if sys.stdout.isatty():
                click.clear()
            try:
                show()
            except StorageUnavailable as error:
                click.echo(str(error))
            sys.stdout.flush()
            time.sleep(seconds)
    except KeyboardInterrupt:
        click.echo()
