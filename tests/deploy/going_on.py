"""People on their way, and a server that ends meanwhile."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.person import Person
from tests.promises.crashing import wait_until_gone
from tests.server import Demo
from tests.walks import walk

from .front import family


def begun(base: str, code: str, until: str) -> Person:
    """Somebody on their way."""
    person = Person(base)
    person.start(code)
    walk(person, lambda _name: "3", until=until)
    return person


def threads_of(number: int) -> list[int]:
    """The numbers of the threads that a process still has."""
    try:
        return [int(path.name) for path in Path(f"/proc/{number}/task").iterdir()]
    except OSError:
        return []


def kill(server: Demo) -> None:
    """End all processes of one server at this very moment."""
    ended = family(server.process.pid)
    for number in ended:
        os.kill(number, signal.SIGKILL)
    server.process.wait()
    # Until its last thread has ended, a process holds the door open, and nobody is behind it.
    wait_until_gone([thread for number in ended for thread in threads_of(number)])
