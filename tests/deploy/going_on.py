"""People on their way, and a server that ends meanwhile."""

from __future__ import annotations

import os
import signal

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


def kill(server: Demo) -> None:
    """End all processes of one server at this very moment."""
    ended = family(server.process.pid)
    for number in ended:
        os.kill(number, signal.SIGKILL)
    server.process.wait()
    wait_until_gone(ended)  # until then a worker holds the door open, and nobody is behind it
