"""Processes end without a word while people answer: what was sent is there, once, and opens."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crowd import Crowd
from tests.place import Place, write_surveys
from tests.promises.crashing import kill_all, workers_of
from tests.server import Demo, free_port, is_answering, running_demo, running_serve
from tests.short import SHORT

PEOPLE = 6
SEED = 20261122


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
    with ExitStack() as running:
        server = Killed(demo, free_port(), running)
        server.start()
        crowd = Crowd(f"http://127.0.0.1:{server.port}", demo.codes("small")[0])
        with crowd.answering(PEOPLE):
            for number in range(rounds):
                crowd.wait_for_more()
                time.sleep(chance.uniform(0, 0.7))
                if number % 2:
                    server.kill_all()
                else:
                    server.kill_a_worker(chance)
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
