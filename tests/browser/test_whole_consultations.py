"""Whole consultations in real browsers, and exactly what was typed on the researcher's side."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.server import Demo

from .browsers import MODES, Mode
from .stories import INTERNET_SAFER, SURVIVORS, Story, expected_row, sample
from .walking import Plan, Walker

pytestmark = pytest.mark.browser

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def answer_and_send(person: Walker, code: str, story: Story) -> None:
    """Live one story in a browser, up to the page that says "sent"."""
    person.start(code, story.language)
    person.walk(story.plan, until=story.stops_on or "check")
    if story.stops_on:
        person.press("send", "/stop")
    else:
        change_and_remove(person, story)
        person.press("send")
    words = person.one(".code").text.split()
    assert len(words) == 6, person.where()


def change_and_remove(person: Walker, story: Story) -> None:
    """From the list of answers: change some, go on to the list again, take some out."""
    plan = Plan({**story.plan.answers, **story.changed}, leave_out=story.plan.leave_out)
    for question in story.changed:
        person.follow(f".answers a[href$='#{question}']")
        assert question in person.asked
        person.walk(plan)
    for question in story.removed:
        person.press(f"remove:{question}")
        assert person.step == "check"
        assert not person.has(f".answers a[href$='#{question}']")


TOGETHER = ("--format", "csv", "--with-text", "--reason", "to hold each row against its story")


def unsealed(demo: Demo, consultation: str, folder: Path) -> list[dict[str, str]]:
    """Export, verify and unseal; returns the rows of the table."""
    bundle, data = folder / "taken.heard", folder / "data"
    commands: Sequence[tuple[str, ...]] = (
        ("export", consultation, "-o", str(bundle)),
        ("verify", str(bundle)),
        ("unseal", str(bundle), "--key", str(demo.key), "-o", str(data), *TOGETHER),
    )
    for command in commands:
        done = demo.heard(*command, HEARD_PASSPHRASE="demo")
        assert done.returncode == 0, f"heard {command[0]}: {done.stdout}{done.stderr}"
    with (data / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def as_typed(row: Mapping[str, str]) -> dict[str, str]:
    """The row with the mark taken off that keeps a spreadsheet from running a cell."""
    for name, cell in row.items():
        assert not cell.startswith(STARTS_A_FORMULA), f"{name} would run: {cell!r}"
    return {name: cell.removeprefix("'") for name, cell in row.items()}


@pytest.mark.parametrize(
    "stories",
    [
        pytest.param(INTERNET_SAFER, id="young"),
        pytest.param(SURVIVORS, id="adult", marks=pytest.mark.thorough),
    ],
)
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_what_was_typed_is_what_a_researcher_reads(
    walker: Callable[[Mode, Demo], Walker],
    demo: Demo,
    tmp_path: Path,
    mode: Mode,
    stories: tuple[Story, ...],
) -> None:
    """R11, R20, R21, R34, R38, R39, R80: every branch, every language, and cell by cell."""
    consultation = stories[0].consultation
    definition, codes = sample(consultation), demo.codes(consultation)
    marks = {story.name: f"{story.name}/{mode}" for story in stories}
    stories = tuple(story.with_mark(marks[story.name]) for story in stories)

    for story in stories:
        answer_and_send(walker(mode, demo), codes[story.collector[0]], story)

    rows = unsealed(demo, consultation, tmp_path)
    for story in stories:
        found = [row for row in rows if marks[story.name] in row[story.marked]]
        assert [as_typed(row) for row in found] == [expected_row(story, definition)], story.name


@pytest.mark.parametrize("stories", [INTERNET_SAFER, SURVIVORS], ids=["young", "adult"])
def test_the_stories_take_every_branch(stories: tuple[Story, ...]) -> None:
    """Every language, page, warning and its three answers, topic, statement and question type."""
    definition = sample(stories[0].consultation)
    assert {story.language for story in stories} == set(definition.languages)
    for page in definition.pages:
        shown = [s for s in stories if page.name not in (*s.not_shown, *s.not_reached)]
        assert shown, page.name
        if page.relevant:
            assert any(page.name in story.not_shown for story in stories), page.name
    given = {name for story in stories for name in story.answers}
    assert given >= {question.name for question in definition.asked}
    assert {name for story in stories for name in story.plan.consent} == {
        statement.name for statement in definition.consent.statements
    }
    decisions = {act for story in stories for act in story.plan.warnings.values()}
    assert decisions <= {"skip", "skip_topic"}
    assert "skip" in decisions
    assert any(story.plan.leave_out for story in stories)
    assert any(story.plan.skip for story in stories)
    assert any(story.changed for story in stories)
    assert any(story.removed for story in stories)
    assert any(story.stops_on for story in stories)
