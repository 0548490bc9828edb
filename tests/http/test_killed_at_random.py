"""Processes end without a word while people answer: what was sent is there, once, and opens.

People try again as people do: the page on their screen stays, and they press its button once more.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Lock

import pytest

from tests.person import Person
from tests.place import Place, write_surveys
from tests.promises.crashing import kill_all, workers_of
from tests.server import Demo, free_port, is_answering, running_demo, running_serve
from tests.short import SHORT
from tests.walks import walk

PEOPLE = 6
PATIENCE_SECONDS = 60
SEED = 20261122
BROKE_OFF = (OSError, http.client.HTTPException)


@dataclass
class Crowd:
    """People who answer one after the other, and what each of them saw."""

    base: str
    code: str
    over: Event = field(default_factory=Event)
    saw_sent: set[str] = field(default_factory=set)
    went_away: set[str] = field(default_factory=set)
    tries: int = 0
    _numbers: Iterator[int] = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)

    def answer_until_over(self) -> None:
        """One place in the crowd: somebody answers, then somebody else."""
        while not self.over.is_set():
            with self._lock:
                number = next(self._numbers)
            mark = "mark " + "".join(chr(ord("a") + int(digit)) for digit in f"{number:06}")
            self._answer(mark, goes_away=number % 4 == 3)

    def wait_for_more(self) -> None:
        """Wait until two more people have sent, so that each moment has some before and after."""
        wanted, deadline = len(self.saw_sent) + 2, time.monotonic() + PATIENCE_SECONDS
        while len(self.saw_sent) < wanted:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def _answer(self, mark: str, *, goes_away: bool) -> None:
        person = Person(self.base)
        self._try(lambda: person.start(self.code))
        self._try(
            lambda: walk(person, lambda name: mark if name != "number" else "12", until="check")
        )
        if goes_away:
            self.went_away.add(mark)
            return
        self._try(lambda: person.press("send"))
        assert person.seen.path == "/sent", (person.seen.path, person.seen.words[:200])
        self.saw_sent.add(mark)

    def _try(self, act: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                act()
            except BROKE_OFF:
                self.tries += 1
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return


@dataclass
class Killed:
    """A server that is killed again and again, always at the same port."""

    instance: Demo
    port: int
    running: ExitStack
    serving: Demo | None = None

    def start(self) -> None:
        """Start it on what the last one left."""
        base = f"http://127.0.0.1:{self.port}"
        self.serving = self.running.enter_context(
            running_serve(
                self.instance,
                arguments=("--port", str(self.port)),
                ready=lambda: is_answering(f"{base}/healthz"),
            )
        )

    def kill_a_worker(self, chance: random.Random) -> None:
        """End one process that answers; the server starts another by itself."""
        assert self.serving is not None
        with suppress(ProcessLookupError):
            os.kill(chance.choice(workers_of(self.serving)), signal.SIGKILL)

    def kill_all(self) -> None:
        """End every process of it, and start it again."""
        assert self.serving is not None
        kill_all(self.serving)
        self.start()


def kill_at_random_moments(folder: Path, rounds: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 - moments of a test
    with running_demo(folder, surveys=write_surveys(folder, small=SHORT)) as demo:
        pass
    with ExitStack() as running, ThreadPoolExecutor(PEOPLE) as pool:
        server = Killed(demo, free_port(), running)
        server.start()
        crowd = Crowd(f"http://127.0.0.1:{server.port}", demo.codes("small")[0])
        people = [pool.submit(crowd.answer_until_over) for _ in range(PEOPLE)]
        try:
            for number in range(rounds):
                crowd.wait_for_more()
                time.sleep(chance.uniform(0, 0.7))
                if number % 2:
                    server.kill_all()
                else:
                    server.kill_a_worker(chance)
        finally:
            crowd.over.set()
        for person in people:
            person.result()
        stored = Place(demo).documents("small")

    marks = [document["answers"]["words"] for document in stored]
    assert crowd.tries > 0  # somebody was in the middle of something
    assert sorted(marks) == sorted(crowd.saw_sent)  # each of them, once, and nobody else
    assert not crowd.went_away & set(marks)
    assert len({document["answers"]["more"] for document in stored}) == len(stored)


@pytest.mark.requirement("R28", "R35")
def test_what_was_sent_is_there_once_whenever_processes_are_killed(tmp_path: Path) -> None:
    kill_at_random_moments(tmp_path, 2)


@pytest.mark.thorough
@pytest.mark.requirement("R28", "R35")
def test_what_was_sent_is_there_once_after_fifty_kills(tmp_path: Path) -> None:
    kill_at_random_moments(tmp_path, 50)
