"""Ending processes of a server that a test started, as crashes do."""

from __future__ import annotations

import os
import resource
import signal
import time
from contextlib import suppress
from pathlib import Path

from app.commands.server import SWEEPER
from tests.server import Demo

from .story import WAIT_SECONDS, processes_of


def is_worker(number: int, demo: Demo) -> bool:
    """Whether a process answers requests; the one that sweeps does not, nor one that ended."""
    folder = Path(f"/proc/{number}")
    try:
        stat = (folder / "stat").read_text(encoding="latin-1").rpartition(")")[2].split()
        name = (folder / "comm").read_text(encoding="ascii").strip()
    except OSError:
        return False
    return int(stat[1]) == demo.process.pid and name != SWEEPER


def workers_of(demo: Demo) -> list[int]:
    """The processes of a server that answer requests."""
    family = processes_of(demo.instance, demo.process.pid)
    return [number for number in family if is_worker(number, demo)]


def resident_mib(number: int) -> int:
    """What a process has in memory, in MiB, what it shares with others included."""
    pages = int(Path(f"/proc/{number}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


def wait_until_gone(numbers: list[int]) -> None:
    """Wait until processes have ended; fails when they do not."""
    deadline = time.monotonic() + WAIT_SECONDS
    while any(is_alive(number) for number in numbers):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_alive(number: int) -> bool:
    try:
        status = Path(f"/proc/{number}/stat").read_text(encoding="latin-1").rpartition(")")[2]
    except OSError:
        return False
    return status.split()[0] not in "ZX"


def kill_all(demo: Demo) -> None:
    """As when the power goes, or the machine has no memory left."""
    family = processes_of(demo.instance, demo.process.pid)
    for number in family:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    demo.process.wait(WAIT_SECONDS)
    wait_until_gone(family)
