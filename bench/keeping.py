"""Where the figures of a run go: to the screen, and to a file with the day and the machine."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

FOLDER: Final = Path(__file__).with_name("results")


def machine() -> str:
    """The machine as one line: its system, processors, memory, Python, and how busy it is."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next(
        (line.partition(":")[2].strip() for line in info.splitlines() if "model name" in line),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    release = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return (
        f"{release}, {os.cpu_count()} processors of {model}, {memory:.0f} GiB, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


@contextmanager
def kept(name: str, width: int = 100) -> Iterator[Console]:
    """A console whose words are kept in `bench/results/<name>.txt` too, also when it ends early.

    Args:
        name: of the benchmark.
        width: letters in a line.
    """
    console = Console(width=width, record=True)
    console.print(f"{dt.datetime.now(dt.UTC):%d %B %Y}. {machine()}.")
    try:
        yield console
    finally:
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.txt").write_text(console.export_text(), encoding="utf-8")
