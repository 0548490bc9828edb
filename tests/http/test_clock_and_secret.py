"""A clock that is set, and a secret that is lost, while somebody answers: they go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.place import Place, write_surveys
from tests.server import running_demo
from tests.short import SHORT
from tests.walks import step_of, walk

WORDS = {"words": "typed before it happened", "number": "3"}
FIRST = """\
import pathlib, time
right = time.time
time.time = lambda: right() + float(pathlib.Path({path!r}).read_text())
"""
"""Every part of the server that asks for the seconds since 1970, such as what signs the token of a
form, is told others; how days are told is another test (`Watch`, `--today`)."""


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
