"""PostgreSQL starts again, hangs or crashes while many people answer: they are told, and go on.

A crash takes drafts (docs/decisions/postgresql.md): whoever was answering keeps the words of the
page on screen and begins again. Whoever saw "sent" is stored once, whatever happened.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from app.sealing import open_envelope
from tests.crowd import PATIENCE_SECONDS, Crowd, Persistent
from tests.person import Person
from tests.place import unlocked, write_surveys
from tests.postgresql import control, new_database, plain, running_postgresql
from tests.server import Demo, running_demo
from tests.short import SHORT
from tests.walks import full_answers, step_of

IMPATIENT = """\
import app.storage.breaker as breaker, app.storage.patient_postgresql as patient
breaker.LONG_SECONDS = 0.8
patient.PING_SECONDS = patient.PatientConnection.patience = 1.0
patient.ANSWER_SECONDS = 2.0
"""
"""Nobody waits half a minute in a test that each change runs; `make soak` does."""
CONNECTED = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SEED = 20261122
chance = random.Random(SEED)  # noqa: S311 - moments of a test


@dataclass
class Base:
    """A server on PostgreSQL, and what can befall that."""

    demo: Demo
    folder: Path
    address: str

    def marks(self) -> Counter[str]:
        """The words of each response that is stored, with how often they are."""
        key = unlocked(self.demo.key.read_text(encoding="utf-8"))
        with psycopg.connect(self.address) as connection:
            rows = connection.execute("SELECT envelope FROM response").fetchall()
        opened = (json.loads(open_envelope(bytes(row), "small", key)) for (row,) in rows)
        return Counter(each["answers"]["words"] for each in opened)

    def restart(self, crowd: Crowd) -> None:
        """It is stopped in order, stays away for a moment, and starts again."""
        control(self.folder, "-m", "fast", "stop")
        crowd.wait_for(lambda: crowd.refused, 2)
        control(self.folder, "start")

    def hang(self, crowd: Crowd) -> None:
        """Each of its processes stands still; the system still takes in what is sent to them.

        Everybody is told, however many they are, also those whose request was on its way in a
        connection that had been there before: the first wait until Heard gives up, the others
        do not.
        """
        stopped = self._processes()
        for number in stopped:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGSTOP)
        try:
            crowd.wait_until_all_are_refused()
        finally:
            for number in stopped:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGCONT)

    def lose_a_process(self, crowd: Crowd) -> None:
        """One process that answers is killed; PostgreSQL ends all others and recovers by itself."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._kill_one():
            assert time.monotonic() < deadline
        while not self._answers():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def crash(self, crowd: Crowd) -> None:
        """The process that holds all others is killed, and somebody starts it again."""
        postmaster = self._postmaster()
        os.kill(postmaster, signal.SIGKILL)
        crowd.wait_for(lambda: crowd.refused, 2)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:  # what it left behind has to end first
            try:
                control(self.folder, "start")
            except subprocess.CalledProcessError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return

    def stop_at_once(self, crowd: Crowd) -> None:
        """As the power goes."""
        control(self.folder, "-m", "immediate", "stop")
        crowd.wait_for(lambda: crowd.refused, 1)
        control(self.folder, "start")

    def _kill_one(self) -> bool:
        with psycopg.connect(self.address) as connection:
            found = connection.execute(CONNECTED).fetchall()
        with suppress(ProcessLookupError):  # it has just ended by itself
            if found:
                os.kill(chance.choice(found)[0], signal.SIGKILL)
                return True
        return False

    def _answers(self) -> int:
        try:
            psycopg.connect(self.address).close()
        except psycopg.OperationalError:
            return 0
        return 1

    def _postmaster(self) -> int:
        return int((self.folder / "cluster" / "postmaster.pid").read_text().splitlines()[0])

    def _processes(self) -> list[int]:
        postmaster = self._postmaster()
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]


Troubles = Sequence[Callable[[Base, Crowd], None]]
KEEPS_DRAFTS: Troubles = (Base.restart, Base.hang)
TAKES_DRAFTS: Troubles = (Base.lose_a_process, Base.crash, Base.stop_at_once)


@dataclass
class BeginningAgain(Crowd):
    """A crowd whose drafts may go: they begin again, with the words of the page on screen."""

    unsure: set[str] = field(default_factory=set)
    """Words of people who pressed "send" and never saw "sent"."""

    def _answer(self, mark: str, *, goes_away: bool) -> None:
        person, step, posted = self.person(self.base), "", ""
        self.people.append(person)
        person.start(self.code)
        while person.seen.path != "/sent":
            if not (now := step_of(person.seen)):
                # What was taken in before the crash has gone; what was not is on the page.
                if step.startswith("page:") and person.seen.path == posted:
                    assert mark in person.seen.body, person.seen.words
                if step == "check":
                    self.unsure.add(mark)
                self.began_again.add(mark)
                step, mark = "", f"{mark} again"
                self._begin_again(person)
                continue
            if goes_away and now == "check":
                self.went_away.add(mark)
                return
            step, posted = now, person.seen.form.action or person.seen.path
            words = full_answers(
                person.seen.form, {"number": "12", "words": mark, "more": mark}.__getitem__
            )
            person.press("send" if step == "check" else "continue", words)
        self.saw_sent.add(mark)

    def _begin_again(self, person: Person) -> None:
        if "mark " in person.seen.body:
            person.press()
        if not step_of(person.seen):
            person.start(self.code)


@contextmanager
def base_in(folder: Path, first: str = "", more: str = "") -> Iterator[Base]:
    surveys = write_surveys(folder, small=SHORT)
    with running_postgresql() as server:
        url = new_database(server)
        env = dict.fromkeys(("HEARD_DATABASE_URL", "HEARD_DRAFTS_URL"), url + more)
        with running_demo(folder, surveys=surveys, env=env, first=first) as demo:
            yield Base(demo, server, plain(url))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    with base_in(tmp_path_factory.mktemp("breaks"), IMPATIENT, "&connect_timeout=2") as found:
        yield found


def befall(base: Base, crowd: Crowd, people: int, troubles: Troubles) -> Counter[str]:
    """Troubles one after the other while people answer; the words that were stored meanwhile."""
    before = base.marks()
    with crowd.answering(people):
        for trouble in troubles:
            crowd.wait_for_more(1)
            trouble(base, crowd)
        crowd.wait_for_more(1)
    return base.marks() - before


def go_through(base: Base, people: int, rounds: int) -> None:
    crowd = Crowd(base.demo.base, base.demo.codes("small")[0], Persistent)
    stored = befall(base, crowd, people, [*KEEPS_DRAFTS] * rounds)

    assert stored == Counter(crowd.saw_sent)  # each of them, once, and nobody else
    assert crowd.tries == 0  # nobody's connection broke


def crash_and_go_on(base: Base, people: int, rounds: int) -> None:
    crowd = BeginningAgain(base.demo.base, base.demo.codes("small")[0], Persistent)
    stored = befall(base, crowd, people, [*TAKES_DRAFTS] * rounds)

    assert set(stored.values()) == {1}
    assert crowd.saw_sent <= set(stored)
    assert set(stored) - crowd.saw_sent <= crowd.unsure
    assert crowd.began_again
    assert not crowd.went_away & set(stored)


@pytest.mark.requirement("R28", "R35", "R84")
def test_a_restart_and_a_server_that_hangs_lose_nothing_of_anybody(base: Base) -> None:
    go_through(base, 4, 1)


@pytest.mark.requirement("R28", "R35", "R84")
def test_whoever_saw_sent_is_stored_once_whatever_crashes(base: Base) -> None:
    crash_and_go_on(base, 4, 1)


def test_the_operator_reads_what_happened_and_nothing_of_anybody(base: Base) -> None:
    lines = [line for line in base.demo.printed.splitlines() if line.startswith("ERROR app: ")]
    assert lines
    for line in lines:
        assert "The database of answers (HEARD_DATABASE_URL)" in line
        assert "does not answer" in line or "does not have the tables" in line, line
        assert "mark " not in line


@pytest.mark.thorough
@pytest.mark.timeout(1800)
@pytest.mark.requirement("R28", "R35", "R84")
def test_thirty_people_at_once_while_postgresql_breaks_again_and_again(tmp_path: Path) -> None:
    """With the limits that are shipped."""
    with base_in(tmp_path) as base:
        go_through(base, 30, 4)
        crash_and_go_on(base, 30, 4)
