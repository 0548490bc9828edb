"""A server with a short consultation behind a line that can be cut, and that can start again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.sealing import draft_id
from app.storage import Storage, open_storage
from tests.definitions import HEAD
from tests.line import Line, line_to
from tests.person import Person
from tests.place import Place, key_of, write_surveys
from tests.promises.story import processes_of
from tests.server import Demo, running_demo

SHORT = (
    HEAD
    + """\
demo: true
pages:
  - name: first
    questions:
      - {name: words, type: text, lines: 5, label: What would help?}
      - name: colour
        type: select_one
        label: Which colour?
        choices: [{name: red, label: Red}, {name: blue, label: Blue}]
      - {name: number, type: decimal, label: How many?}
  - name: second
    questions:
      - {name: more, type: text, label: What else?}
"""
)


@dataclass
class ShortSite:
    """A server with a short consultation, and the line by which people reach it."""

    folder: Path
    demo: Demo
    line: Line
    running: ExitStack

    @property
    def code(self) -> str:
        """The entry code."""
        return self.demo.codes("small")[0]

    @property
    def drafts(self) -> Path:
        """The file of the drafts."""
        return self.demo.drafts / "drafts.sqlite3"

    @property
    def place(self) -> Place:
        """What a researcher can open of it."""
        return Place(self.demo)

    @property
    def storage(self) -> Storage:
        """Its storage, to be closed again."""
        address = f"sqlite:///{self.demo.instance / 'heard.sqlite3'}"
        return open_storage(address, self.demo.env["HEARD_DRAFTS_URL"])

    def lose(self, person: Person) -> None:
        """Delete a draft, as a sweep does after an hour."""
        with closing(self.storage) as storage:
            storage.delete_draft(draft_id(key_of(person)))

    def signal(self, number: signal.Signals) -> None:
        """Ask the server to stop, or end each of its processes at this very moment."""
        if number is signal.SIGTERM:
            self.demo.process.terminate()
            return
        for process in processes_of(self.demo.instance, self.demo.process.pid):
            if process != os.getpid():
                with suppress(ProcessLookupError):
                    os.kill(process, number)
        self.demo.process.wait()

    def start_again(self) -> None:
        """Start the server again with what is left, behind the same line."""
        self.demo.stop()
        self.running.close()
        self.demo = self.running.enter_context(
            running_demo(self.folder, surveys=self.demo.surveys, env={"HEARD_EXIT_TO": self.exit})
        )
        self.line.to = port_of(self.demo)

    @property
    def exit(self) -> str:
        """The neutral site."""
        return self.demo.env["HEARD_EXIT_TO"]


def port_of(demo: Demo) -> int:
    """The port of a server."""
    return int(demo.base.rpartition(":")[2])


@contextmanager
def short_site(folder: Path, exit_to: str = "http://127.0.0.1:9/") -> Iterator[ShortSite]:
    """Run a server with the short consultation."""
    surveys = write_surveys(folder, small=SHORT)
    with ExitStack() as running:
        demo = running.enter_context(running_demo(folder, surveys=surveys, exit_to=exit_to))
        with line_to(port_of(demo)) as line:
            yield ShortSite(folder, demo, line, running)
