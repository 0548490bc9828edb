"""A clock that is set, drafts, a secret or a sweeper that are lost: whoever answers goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.commands.database import CLOCK_JUMPED, DRAFTS_MADE_ANEW
from app.commands.server import SWEEPER, SWEEPER_ENDED
from tests.crowd import assert_kind
from tests.person import Person
from tests.place import Place, write_surveys
from tests.promises.crashing import wait_until_gone
from tests.promises.story import WAIT_SECONDS, processes_of
from tests.server import Demo, running_demo
from tests.short import SHORT
from tests.walks import step_of, walk

WORDS = {"words": "typed before it happened", "number": "3"}
FIRST = """\
import pathlib, time
right = time.time
time.time = lambda: right() + float(pathlib.Path({path!r}).read_text())
import app.commands.database
app.commands.database.SWEEP_SECONDS = 1
import app.commands.server
app.commands.server.SWEEPS_AT_LEAST = 0.0
"""
"""Every part of the server that asks for the seconds since 1970, such as what signs the token of a
form, is told others; how days are told is another test (`Watch`, `--today`). And it sweeps each
second in place of every five minutes."""


def wait_for(place: Place, sentence: str) -> None:
    """Wait until the operator was told."""
    deadline = time.monotonic() + WAIT_SECONDS
    while sentence not in place.demo.printed:
        assert time.monotonic() < deadline, place.demo.printed
        time.sleep(0.05)


def is_sweeper(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/comm").read_text(encoding="ascii").strip() == SWEEPER
    except OSError:
        return False


def sweeper_of(demo: Demo) -> int:
    """The process that sweeps, once there is one."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        family = processes_of(demo.instance, demo.process.pid)
        if found := [number for number in family if is_sweeper(number)]:
            return found[0]
        assert time.monotonic() < deadline


def kept_or(words: str, person: Person) -> Callable[[str], str]:
    """What stands in a field of the page on screen, else some words."""
    return lambda name: dict(person.seen.form.fields).get(name) or words


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that says by how many seconds the server's clock is off."""
    path = tmp_path_factory.mktemp("clock") / "offset"
    path.write_text("0")
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, clock: Path) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("clocked")
    surveys = write_surveys(folder, small=SHORT)
    with running_demo(folder, surveys=surveys, first=FIRST.format(path=str(clock))) as demo:
        yield Place(demo)


@pytest.mark.requirement("R28", "R30")
@pytest.mark.parametrize("days", [400, -8000])
def test_nobody_loses_a_word_when_the_clock_is_set(place: Place, clock: Path, days: int) -> None:
    clock.write_text("0")
    person = place.person("small")
    walk(person, lambda _name: "12", until="page:first")

    clock.write_text(str(days * 86400))

    person.press("continue", WORDS)
    assert (person.seen.status, step_of(person.seen)) == (200, "page:second"), person.seen.words
    (sent,) = place.sent_by(lambda: walk(person, lambda _name: "more"), "small")
    assert sent["answers"]["words"] == WORDS["words"]


@pytest.mark.requirement("R30", "R97")
def test_the_operator_is_told_of_a_clock_that_was_set(place: Place, clock: Path) -> None:
    clock.write_text(str(400 * 86400))
    wait_for(place, CLOCK_JUMPED)


@pytest.mark.requirement("R30")
def test_drafts_go_on_getting_older_when_the_sweeper_is_killed(place: Place) -> None:
    killed = sweeper_of(place.demo)

    os.kill(killed, signal.SIGKILL)

    wait_for(place, SWEEPER_ENDED)
    wait_until_gone([killed])
    assert is_sweeper(sweeper_of(place.demo))


@pytest.mark.requirement("R28", "R84")
def test_drafts_that_were_deleted_are_made_anew_and_people_go_on(place: Place) -> None:
    """As by a cleaner of /dev/shm; the words of the page on screen are kept."""
    person = place.person("small")
    walk(person, lambda _name: "12", until="page:first")
    drafts = place.demo.drafts / "drafts.sqlite3"
    for path in place.demo.drafts.iterdir():
        path.unlink()
    assert_kind(person.press("continue", WORDS))
    assert WORDS.items() <= dict(person.seen.form.fields).items()

    wait_for(place, DRAFTS_MADE_ANEW)

    assert drafts.stat().st_mode & 0o777 == 0o600
    person.press()
    assert WORDS["words"] in person.seen.body, person.seen.words
    person.press()  # start again and keep this
    (sent,) = place.sent_by(lambda: walk(person, kept_or("12", person)), "small")
    assert sent["answers"]["words"] == WORDS["words"]


@pytest.mark.thorough
@pytest.mark.requirement("R28")
def test_whoever_answers_goes_on_although_the_servers_secret_was_lost(tmp_path: Path) -> None:
    """Somebody restored the database and forgot the file: a page says so, the words are on it."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    surveys = write_surveys(tmp_path, small=SHORT)
    with running_demo(first, surveys=surveys) as demo:
        person = Place(demo).person("small")
        walk(person, lambda _name: "12", until="page:first")
    (demo.instance / "secret-key").unlink()

    drafts = {"HEARD_DRAFTS_URL": demo.env["HEARD_DRAFTS_URL"]}
    with running_demo(second, surveys=surveys, instance=demo.instance, env=drafts) as again:
        person.host = again.base.removeprefix("http://")
        person.press("continue", WORDS)
        assert WORDS["words"] in person.seen.body, person.seen.words
        person.open("/back-to-questions")
        (sent,) = Place(again).sent_by(lambda: walk(person, lambda _name: "12"), "small")
    assert sent["ended"] == "complete"
