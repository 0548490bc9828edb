"""Numbers for a watching program, from which nobody can be told: rounded, held back, and late.

A file is written at fixed moments, and no program can ask in between. Requests are told only of
moments in which so many came that several people were here. See docs/decisions/watching.md.
"""

from __future__ import annotations

import logging
import mmap
import os
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from itertools import accumulate
from pathlib import Path
from typing import Final

from flask import Flask, Response, g, request

from .quiet_logging import log_sentence

EVERY_SECONDS: Final = 300
LEAST: Final = 300
"""Requests within that time, under which none of them is told: about ten people on their way."""
STEP: Final = 100
ERRORS_STEP: Final = 10
MEMORY_STEP: Final = 10 * 1024 * 1024
CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")
SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
ERRORS: Final = {
    HTTPStatus.INTERNAL_SERVER_ERROR: "program",
    HTTPStatus.SERVICE_UNAVAILABLE: "storage",
    HTTPStatus.TOO_MANY_REQUESTS: "told_to_wait",
}
ROWS: Final = 4096
"""Processes that are counted, those that ended included; a number is used again after that."""
TRAFFIC: Final = len(CLASSES) + len(SECONDS) + 1
WIDTH: Final = 2 + TRAFFIC + len(ERRORS)
"""Cells of a process: its number, its memory, its requests, its errors."""
NOT_COUNTED: Final = ("/static/", "/healthz", "/favicon.ico", "/robots.txt")
NOT_WRITTEN: Final = log_sentence("The numbers for a watching program cannot be written.")


class Tally:
    """What all processes that were forked from this one counted, in memory that they share.

    The memory has no name and no file. Each process writes into a row of its own; the row before
    all others holds what was told last.
    """

    def __init__(self) -> None:
        self._cells = memoryview(mmap.mmap(-1, (ROWS + 1) * WIDTH * 8)).cast("Q")
        self._lock = threading.Lock()

    @property
    def _row(self) -> int:
        return (1 + os.getpid() % ROWS) * WIDTH

    def begin(self) -> None:
        """Take the row of this process, after it was forked."""
        self._lock = threading.Lock()
        self._cells[self._row] = os.getpid()

    def answered(self, status: int, seconds: float) -> None:
        """Count one request.

        Args:
            status: of the answer.
            seconds: that it took.
        """
        slower = sum(seconds > limit for limit in SECONDS)
        kind = min(max(status // 100 - 2, 0), len(CLASSES) - 1)
        columns = [2 + kind, 2 + len(CLASSES) + slower]
        if status in ERRORS:
            columns.append(2 + TRAFFIC + list(ERRORS).index(HTTPStatus(status)))
        with self._lock:
            for column in columns:
                self._cells[self._row + column] += 1

    def note_memory(self) -> None:
        """Write down how much memory this process has now."""
        with suppress(OSError, ValueError):  # what only Linux tells
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            self._cells[self._row + 1] = pages * mmap.PAGESIZE

    def _rows(self) -> list[list[int]]:
        starts = range(WIDTH, (ROWS + 1) * WIDTH, WIDTH)
        return [self._cells[at : at + WIDTH].tolist() for at in starts if self._cells[at]]

    def leads(self) -> bool:
        """Whether this process is the one that tells: the lowest number of those that live."""
        return os.getpid() == min((row[0] for row in self._rows() if is_running(row[0])), default=0)

    def text(self) -> str:
        """Write what may be told now, as OpenMetrics 1.0; call it once at each moment."""
        rows = self._rows()
        sums = [sum(column) for column in zip(*(row[2:] for row in rows), strict=True)]
        counted = sums[:TRAFFIC] if sums else [0] * TRAFFIC
        failed = sums[TRAFFIC:] if sums else [0] * len(ERRORS)
        memory = sum(row[1] for row in rows if is_running(row[0]))
        total = sum(counted[: len(CLASSES)])
        if total - self._cells[0] >= LEAST:
            for at, number in enumerate(counted):
                self._cells[2 + at] = number
        self._cells[0] = total
        told = self._cells[2 : 2 + TRAFFIC].tolist()
        return _text(told, failed, memory)


def is_running(number: int) -> bool:
    """Whether a process of Heard has this number."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # another program has the number now
    return True


def _text(told: list[int], failed: list[int], memory: int) -> str:
    lines = [
        "# TYPE heard_requests counter",
        f"# HELP heard_requests Requests by status, of moments with {LEAST} or more; in {STEP}s.",
    ]
    for kind, number in zip(CLASSES, told, strict=False):
        lines.append(f'heard_requests_total{{status="{kind}"}} {number // STEP * STEP}')
    lines += [
        "# TYPE heard_request_seconds histogram",
        "# UNIT heard_request_seconds seconds",
        "# HELP heard_request_seconds How long the same requests took.",
    ]
    limits = [*map(str, SECONDS), "+Inf"]
    for limit, number in zip(limits, accumulate(told[len(CLASSES) :]), strict=True):
        lines.append(f'heard_request_seconds_bucket{{le="{limit}"}} {number // STEP * STEP}')
    lines += [
        "# TYPE heard_errors counter",
        f"# HELP heard_errors What went wrong; rounded up to {ERRORS_STEP}s. See the log.",
    ]
    for kind, number in zip(ERRORS.values(), failed, strict=True):
        lines.append(f'heard_errors_total{{kind="{kind}"}} {_up(number, ERRORS_STEP)}')
    lines += [
        "# TYPE heard_memory_bytes gauge",
        "# UNIT heard_memory_bytes bytes",
        "# HELP heard_memory_bytes Memory of all processes together, what they share told twice.",
        f"heard_memory_bytes {_up(memory, MEMORY_STEP)}",
        "# EOF",
    ]
    return "\n".join(lines) + "\n"


def _up(number: int, step: int) -> int:
    return -(-number // step) * step


class Counting:
    """Counts the requests of an application and writes the file, in each process by itself.

    Args:
        path: of the file; it is replaced whole, never half written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tally = Tally()

    def begin(self) -> None:
        """Go on in a process that was just forked."""
        self.tally.begin()
        threading.Thread(target=self._go_on, daemon=True).start()

    def _go_on(self) -> None:
        while True:
            time.sleep(EVERY_SECONDS - time.time() % EVERY_SECONDS)
            self.tally.note_memory()
            try:
                if self.tally.leads():
                    self._write(self.tally.text())
            except OSError:
                logging.getLogger(__name__).exception(NOT_WRITTEN)

    def _write(self, text: str) -> None:
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        beside.write_text(text, encoding="utf-8")
        beside.chmod(0o644)  # it is for another program's user
        beside.replace(self.path)


_countings: dict[Path, Counting] = {}
"""Made once: an application that is made again goes on with the same numbers."""


def init_counting(app: Flask, path: Path) -> Counting:
    """Count what an application answers, in each process that is forked from this one.

    Args:
        app: the application.
        path: the file for a watching program.

    Returns what counts; nothing is written before a process is forked.
    """
    if path not in _countings:
        counting = _countings[path] = Counting(path)
        os.register_at_fork(after_in_child=counting.begin)
    tally = _countings[path].tally

    def before() -> None:
        g.began = time.perf_counter()

    def after(response: Response) -> Response:
        if not request.path.startswith(NOT_COUNTED):
            began = g.get("began", time.perf_counter())
            tally.answered(response.status_code, time.perf_counter() - began)
        return response

    app.before_request(before)
    app.after_request(after)
    return _countings[path]
