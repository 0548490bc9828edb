"""Which server to run Heard with: the same application behind each of them, in one run.

    python -m bench.servers

Gunicorn with `PatientWorker` is what `heard serve` runs. Of the others, those are measured that are
installed; `pip install granian waitress` brings them. Each has two processes where it knows how.
"Held up" says how long a whole request waits while thirty half requests are open from one place,
which nobody but a flooder sends.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.table import Table

from app.commands.running import WORKERS
from app.commands.server import THREADS
from config import SHARED_MEMORY
from tests.replaying import Client, Request, page_in, record_walk
from tests.server import ROOT, Demo, drafts_in, free_port, running_demo, wait_until_ready

from .keeping import kept
from .site import (
    CONSULTATION,
    WALKING_SECONDS,
    changed,
    measured,
    people_at,
    repeated,
    replayed,
)

CLIENTS: Final = 32
RUNS: Final = 3
HALF_REQUESTS: Final = 30
PATIENCE_SECONDS: Final = 10.0
APPLICATION: Final = "app:create_app()"


@dataclass(frozen=True)
class Candidate:
    """A server: its name, the module it needs, and how it is started at a port."""

    name: str
    module: str
    words: tuple[str, ...]


_GUNICORN = ("-m", "gunicorn", APPLICATION, "--workers", str(WORKERS), "--log-level", "error")
_AT = ("--bind", "127.0.0.1:{port}")
CANDIDATES: Final = (
    Candidate(
        "gunicorn, PatientWorker", "gunicorn", ("-m", "app.commands", "serve", "--port", "{port}")
    ),
    Candidate(
        "gunicorn, gthread",
        "gunicorn",
        (*_GUNICORN, *_AT, "--worker-class", "gthread", "--threads", str(THREADS)),
    ),
    Candidate("gunicorn, sync", "gunicorn", (*_GUNICORN, *_AT)),
    Candidate(
        "granian",
        "granian",
        (
            *("-m", "granian", "--interface", "wsgi", "--factory", "app:create_app"),
            *("--port", "{port}", "--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
            *("--log-level", "error"),
        ),
    ),
    Candidate(
        "waitress, one process",
        "waitress",
        (
            *("-m", "waitress", "--call", "--host", "127.0.0.1", "--port", "{port}"),
            *("--threads", str(THREADS), "app:create_app"),
        ),
    ),
)


@contextmanager
def running(candidate: Candidate, demo: Demo) -> Iterator[tuple[int, int]]:
    """Run a server on the instance of a demo; yields its port and its first process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *(word.format(port=port) for word in candidate.words)],
        cwd=ROOT,
        env=demo.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/healthz", process)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def held_up(port: int) -> float | None:
    """Seconds that a whole request waits behind half ones; None after `PATIENCE_SECONDS`."""
    with ExitStack() as opened:
        for _ in range(HALF_REQUESTS):
            half = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            half.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        time.sleep(0.5)
        begun = time.perf_counter()
        with socket.create_connection(("127.0.0.1", port)) as whole:
            whole.settimeout(PATIENCE_SECONDS)
            whole.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                answer = whole.recv(1024)
            except TimeoutError:
                return None
        return time.perf_counter() - begun if answer.startswith(b"HTTP/1.1 200") else None


def memory_of(first: int) -> int:
    """Resident memory of a process and of all it started, in MiB, what they share counted once."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="latin-1").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(stat[1])
    family = {first}
    while more := {one for one, parent in parents.items() if parent in family} - family:
        family |= more
    kilobytes = 0
    for number in family:
        try:
            rollup = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        kilobytes += int(rollup.partition("Pss:")[2].split()[0])
    return kilobytes // 1024


@dataclass
class Found:
    """What a server did."""

    pages: list[float]
    posts: list[float]
    walks: float
    p95: list[float]
    failures: int
    memory: int
    held_up: float | None


def measure(candidate: Candidate, demo: Demo, walk: Sequence[Request]) -> Found:
    """Measure one server."""
    at = page_in(walk)
    with running(candidate, demo) as (port, process):
        people = asyncio.run(people_at(port, CLIENTS, walk[:at]))
        page = repeated(200, Request("GET", walk[at].path))
        post = repeated(303, walk[at], changed(walk[at]))
        walkers = [Client(port) for _ in range(CLIENTS)]
        walks = asyncio.run(measured(port, walkers, replayed(walk), WALKING_SECONDS))
        pages = [asyncio.run(measured(port, people, page)) for _ in range(RUNS)]
        posts = [asyncio.run(measured(port, people, post)) for _ in range(RUNS)]
        return Found(
            pages=[one.rate for one in pages],
            posts=[one.rate for one in posts],
            walks=walks.rate,
            p95=[one.wait(0.95) for one in pages],
            failures=sum(one.failures for one in (*pages, *posts, walks)),
            memory=memory_of(process),
            held_up=held_up(port),
        )


def main() -> None:
    """Measure, and print a table."""
    table = Table(title=f"{CLIENTS} clients, median of {RUNS} runs", title_justify="left")
    for column in ("server", "pages a second", "of ours", "posts a second", "of ours", "walks"):
        table.add_column(column, justify="left" if column == "server" else "right")
    for column in ("p95 ms", "failures", "MiB in all", "held up s"):
        table.add_column(column, justify="right")
    with (
        kept("servers", 110) as console,
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as memory,
    ):
        with running_demo(
            Path(folder), env={**drafts_in(memory), "PYTHONPATH": os.fspath(ROOT)}
        ) as demo:
            walk = record_walk(demo.base, demo.codes(CONSULTATION)[0])
        ours: Found | None = None
        for candidate in CANDIDATES:
            if importlib.util.find_spec(candidate.module) is None:
                table.add_row(candidate.name, "not installed")
                continue
            found = measure(candidate, demo, walk)
            ours = ours or found
            pages, posts = statistics.median(found.pages), statistics.median(found.posts)
            table.add_row(
                candidate.name,
                f"{pages:.0f}",
                f"{pages / statistics.median(ours.pages):.0%}",
                f"{posts:.0f}",
                f"{posts / statistics.median(ours.posts):.0%}",
                f"{found.walks:.1f}",
                f"{statistics.median(found.p95):.0f}",
                str(found.failures),
                str(found.memory),
                f"over {PATIENCE_SECONDS:.0f}" if found.held_up is None else f"{found.held_up:.2f}",
            )
        console.print(table)


if __name__ == "__main__":
    main()
