"""How many pages, posts and whole consultations a second, beside bare Flask behind the same server.

Clients are coroutines in one process on the same machine; each keeps its connection, waits for an
answer before it asks again, and thinks no time. A walk through the sample is recorded once from the
pages themselves and then replayed by as many people as are asked for; what arrived is counted in
the database afterwards.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from config import SHARED_MEMORY
from tests.promises.crashing import resident_mib, workers_of
from tests.replaying import TOKEN, Client, Request, page_in, record_walk, token_in
from tests.server import (
    ROOT,
    Demo,
    drafts_in,
    free_port,
    running_demo,
    running_serve,
    wait_until_ready,
)

from .keeping import kept

CONSULTATION: Final = "internet-safer"
CLIENTS: Final = (1, 8, 32, 128)
SECONDS: Final = 4.0
WALKING_SECONDS: Final = 10.0
"""Longer: a walk has 35 requests, and those that were begun are finished."""
RUNS: Final = 3
SETTLE_SECONDS: Final = 1.0


@dataclass
class Measured:
    """What a number of clients got."""

    seconds: float
    waits: list[float] = field(default_factory=list)
    failures: int = 0
    done: int = 0

    @property
    def rate(self) -> float:
        """Answers, or whole walks, a second."""
        return self.done / self.seconds

    def wait(self, share: float) -> float:
        """The wait in milliseconds that so large a share stays under."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


Act = Callable[[Client, Measured], Awaitable[None]]


async def measured(
    port: int, clients: Sequence[Client], act: Act, seconds: float = SECONDS
) -> Measured:
    """What so many clients get, who do the same again and again for some seconds."""
    found = Measured(seconds)
    until = time.perf_counter() + seconds

    async def one(client: Client) -> None:
        while time.perf_counter() < until:
            try:
                await act(client, found)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                found.failures += 1
                await client.close()
        await client.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one(client) for client in clients))
    found.seconds = time.perf_counter() - begun
    return found


async def _timed(client: Client, measured: Measured, request: Request, status: int) -> bytes:
    begun = time.perf_counter()
    got, _head, content = await client.ask(request)
    measured.waits.append(time.perf_counter() - begun)
    if got != status:
        raise ValueError(got)
    return content


def repeated(status: int, *requests: Request) -> Act:
    """The same request again and again, or several of them in turn."""
    turns: dict[Client, Iterator[Request]] = {}

    async def act(client: Client, measured: Measured) -> None:
        turn = turns.setdefault(client, cycle(requests))
        await _timed(client, measured, next(turn), status)
        measured.done += 1

    return act


def changed(post: Request) -> Request:
    """A posted page with one answer less, so that posting both in turn has something to store."""
    fields = urllib.parse.parse_qsl(post.body, keep_blank_values=True)
    shown = dict(fields)["shown"].split()
    first = next(at for at, (name, _value) in enumerate(fields) if name in shown)
    return replace(post, body=urllib.parse.urlencode(fields[:first] + fields[first + 1 :]))


def replayed(requests: Sequence[Request], waits: Measured | None = None) -> Act:
    """A whole walk by a new person; only what sends is timed when `waits` is given."""

    async def act(client: Client, measured: Measured) -> None:
        client.cookie = client.token = ""
        for request in requests:
            last = request is requests[-2]
            told = waits if waits and last else measured
            status = 303 if request.method == "POST" else 200
            content = await _timed(client, told, request, status)
            if not client.token and client.cookie:
                client.token = token_in(content)
        measured.done += 1

    return act


async def people_at(port: int, count: int, requests: Sequence[Request]) -> list[Client]:
    """So many people at the first page of questions."""
    clients = [Client(port) for _ in range(count)]
    for client in clients:
        for request in requests:
            _status, _head, content = await client.ask(request)
            if not client.token and client.cookie:
                client.token = token_in(content)
        await client.close()
    return clients


@contextmanager
def running_bare_form() -> Iterator[int]:
    """Serve `bench.bare_form` with the server of Heard and its settings; yields the port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.bare_form", str(port)], cwd=ROOT, stdin=subprocess.DEVNULL
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/hello", process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Sites:
    """Both servers, and what is asked of them."""

    heard: int
    bare: int
    walk: list[Request]

    async def run(self, clients: int) -> dict[str, Measured]:
        """Every measurement with a number of clients."""
        at = page_in(self.walk)
        page, post = Request("GET", self.walk[at].path), self.walk[at]
        people = await people_at(self.heard, clients, self.walk[:at])
        found = {
            "page": await measured(self.heard, people, repeated(200, page)),
            "post": await measured(self.heard, people, repeated(303, post, changed(post))),
        }
        sends = Measured(WALKING_SECONDS)
        walkers = [Client(self.heard) for _ in range(clients)]
        act = replayed(self.walk, sends)
        found["walk"] = await measured(self.heard, walkers, act, WALKING_SECONDS)
        found["send"] = sends
        found |= await self._bare(clients)
        return found

    async def _bare(self, clients: int) -> dict[str, Measured]:
        form = Request("GET", "/form")
        others = [Client(self.bare) for _ in range(clients)]
        for other in others:
            other.token = token_in((await other.ask(form))[2])
        filled = f"csrf_token={TOKEN}&uses=use-1&uses=use-3&often=2&words=It+helped"
        less = filled.replace("&uses=use-3", "")
        hello = repeated(200, Request("GET", "/hello"))
        return {
            "hello": await measured(self.bare, [Client(self.bare) for _ in range(clients)], hello),
            "bare page": await measured(self.bare, others, repeated(200, form)),
            "bare post": await measured(
                self.bare, others, repeated(303, Request("POST", "/form", filled))
            ),
            "kept post": await measured(
                self.bare,
                others,
                repeated(303, Request("POST", "/kept", filled), Request("POST", "/kept", less)),
            ),
        }


def stored(demo: Demo) -> int:
    """How many responses are in the database."""
    database = demo.instance / "heard.sqlite3"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM response").fetchone()[0])


def _median(
    runs: Sequence[Mapping[str, Measured]], what: str, of: Callable[[Measured], float]
) -> float:
    return statistics.median(of(run[what]) for run in runs)


def measure(console: Console, clients: Sequence[int] = CLIENTS, runs: int = RUNS) -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as memory_folder,  # where drafts are
        running_demo(Path(folder), env=drafts_in(memory_folder)) as demo,
        running_bare_form() as bare,
    ):
        begun = time.perf_counter()
        with running_serve(demo) as serving:
            started = time.perf_counter() - begun
            port = int(serving.base.rpartition(":")[2])
            sites = Sites(port, bare, record_walk(serving.base, demo.codes(CONSULTATION)[0]))
            before, found = stored(demo), {}
            for number in clients:
                found[number] = [asyncio.run(sites.run(number)) for _ in range(runs)]
                time.sleep(SETTLE_SECONDS)
            walks = sum(run["walk"].done for each in found.values() for run in each)
            arrived = stored(demo) - before
            memory = [resident_mib(number) for number in workers_of(serving)]
    for number, each in found.items():
        console.print(_table(number, each))
    failures = sum(one.failures for each in found.values() for run in each for one in run.values())
    console.print(f"Walks finished: {walks}; responses stored: {arrived}; failures: {failures}.")
    console.print(f"Start to the first answer: {started:.1f} s. Workers: {memory} MiB each.")


def _table(number: int, runs: Sequence[Mapping[str, Measured]]) -> Table:
    table = Table(title=f"{number} clients, median of {len(runs)} runs", title_justify="left")
    for column in ("what", "a second", "p50 ms", "p95 ms", "of the bare form"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, name, beside in (
        ("page", "a page of questions", "bare page"),
        ("post", "its answers", "bare post"),
        ("walk", f"{CONSULTATION}, whole", ""),
        ("send", "sending", ""),
        ("hello", "bare Flask, hello", ""),
        ("bare page", "bare Flask-WTF form", ""),
        ("bare post", "its answers", ""),
        ("kept post", "its answers, kept in the clear", ""),
    ):
        rate = _median(runs, what, lambda one: one.rate)
        ratio = rate / _median(runs, beside, lambda one: one.rate) if beside else None
        table.add_row(
            name,
            "" if what == "send" else f"{rate:.1f}",
            f"{_median(runs, what, lambda one: one.wait(0.5)):.1f}",
            f"{_median(runs, what, lambda one: one.wait(0.95)):.1f}",
            f"{ratio:.0%}" if ratio else "",
        )
    return table


def main() -> None:
    """Measure, and print the tables."""
    with kept("site") as console:
        measure(console)


if __name__ == "__main__":
    main()
