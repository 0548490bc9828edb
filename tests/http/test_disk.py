"""Disks that are full, read-only, locked or gone while people answer: they go on afterwards.

The database of answers and that of drafts are each on a small disk of their own (`tests/disk.py`).
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.crowd import Crowd, Persistent, assert_kind
from tests.disk import Disk, on_disks, ways
from tests.person import Person
from tests.place import Place, write_surveys
from tests.server import ROOT, Demo, running_demo
from tests.short import SHORT
from tests.walks import step_of, walk

ANSWERS = "The database of answers (HEARD_DATABASE_URL)"
DRAFTS = "The database of drafts (HEARD_DRAFTS_URL)"
TROUBLES: dict[str, tuple[Callable[[Disk], AbstractContextManager[None]], str]] = {
    "full": (Disk.full, "its disk is full"),
    "no file can be made": (Disk.without_a_name_left, "its disk is full"),
    "read-only": (Disk.read_only, "mounted for reading only"),
    "not ours": (Disk.not_ours, "belong to the user who runs Heard"),
    "gone": (Disk.gone, "cannot be opened"),
    "locked": (Disk.locked, "is held by another program"),
}


STILL_READ = ("full", "read-only", "not ours")
AT_ANY_TIME = tuple(trouble for trouble in TROUBLES if trouble != "no file can be made")
"""Drafts need no new file (`test_drafts_need_no_new_file`), nor do answers while some are sent."""


@dataclass
class Disks:
    """A server whose two databases are each on a small disk."""

    demo: Demo
    answers: Disk
    drafts: Disk
    folder: Path

    def documents(self) -> list[dict[str, Any]]:
        """What was sent, opened."""
        copy = self.answers.copied_to(self.folder)
        return Place(replace(self.demo, instance=copy)).documents("small")

    @contextmanager
    def in_trouble(self, trouble: str, *which: Disk) -> Iterator[list[str]]:
        """Something is wrong with disks; gives the lines that the operator read meanwhile."""
        before, lines = len(self.demo.printed), list[str]()
        with ExitStack() as wrong:
            for disk in which:
                wrong.enter_context(TROUBLES[trouble][0](disk))
            yield lines
            lines += self.demo.printed[before:].splitlines()

    def person(self, until: str, words: str) -> Person:
        """Somebody who has walked so far, and wrote the words on each page."""
        person = Person(self.demo.base)
        person.start(self.demo.codes("small")[0])
        walk(person, typing(words), until=until)
        return person


def some_words() -> str:
    """Words of one person alone, in which nothing looks like a number of somebody."""
    return "words " + "".join(random.choices("abcdefgh", k=16))  # noqa: S311 - no secret


def typing(words: str) -> Callable[[str], str]:
    return lambda name: "12" if name == "number" else words


@pytest.fixture(scope="module")
def disks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disks]:
    folder = tmp_path_factory.mktemp("disks")
    answers, drafts = folder / "answers", folder / "drafts"
    answers.mkdir(mode=0o700)
    drafts.mkdir(mode=0o700)
    env = {
        "HEARD_DATABASE_URL": f"sqlite:///{answers / 'heard.sqlite3'}?timeout=1",
        "HEARD_DRAFTS_URL": f"sqlite:///{drafts / 'drafts.sqlite3'}?timeout=1",
    }
    surveys, wrapper = write_surveys(folder, small=SHORT), on_disks(answers, drafts)
    with running_demo(folder, surveys=surveys, env=env, wrapper=wrapper) as demo:
        yield Disks(demo, Disk(answers, demo), Disk(drafts, demo), folder)


def healthz(disks: Disks) -> int:
    return Person(disks.demo.base).open("/healthz").status


def assert_told(lines: Sequence[str], database: str, trouble: str, words: str) -> None:
    """The operator's lines say which database, what happened and what to do, and of nobody."""
    if not ways() and trouble in ("full", "no file can be made"):
        return  # the limit holds for the file with these lines too (`PLAYED`)
    ours = [line for line in lines if database in line]
    assert ours, lines
    for line in ours:
        assert TROUBLES[trouble][1] in line, line
    assert words not in "\n".join(lines)


@pytest.mark.parametrize("trouble", AT_ANY_TIME)
@pytest.mark.requirement("R28", "R84", "R86")
def test_words_stay_in_the_page_until_drafts_have_room(disks: Disks, trouble: str) -> None:
    words = some_words()
    person = disks.person("page:first", "12")
    here = person.seen.path
    typed = {"words": words, "colour": "blue"}
    with disks.in_trouble(trouble, disks.drafts) as lines:
        for action in ("continue", ""):
            assert_kind(person.press(action, typed if action else {}))
            assert typed.items() <= dict(person.seen.form.fields).items()
        if trouble in STILL_READ:
            assert person.request("GET", here).status == 200, "what is there can be read"
        assert Person(disks.demo.base).open("/support?country=GB").status == 200
        assert healthz(disks) == 503
    assert_told(lines, DRAFTS, trouble, words)

    person.press()

    assert step_of(person.seen) == "page:second", person.seen.words
    assert healthz(disks) == 200
    walk(person, typing("more"))
    assert [each["answers"]["words"] for each in disks.documents()].count(words) == 1


@pytest.mark.in_turn(3)
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.requirement("R28", "R35", "R86")
@pytest.mark.parametrize("both", [False, True], ids=["answers", "both"])
def test_nobody_sees_sent_before_it_is_stored(disks: Disks, trouble: str, both: bool) -> None:
    words = some_words()
    person = disks.person("check", words)
    before = len(disks.documents())
    with disks.in_trouble(trouble, disks.answers, *([disks.drafts] if both else [])) as lines:
        assert_kind(person.press("send"))
        assert_kind(person.press())
        assert healthz(disks) == 503
    # Drafts that cannot even be read are met first.
    met = ANSWERS if not both or trouble in (*STILL_READ, "no file can be made") else DRAFTS
    assert_told(lines, met, trouble, words)
    assert len(disks.documents()) == before

    person.press()

    assert person.seen.path == "/sent", person.seen.words
    assert [each["answers"]["words"] for each in disks.documents()].count(words) == 1


@pytest.mark.requirement("R28")
def test_drafts_need_no_new_file(disks: Disks) -> None:
    person = disks.person("page:first", "12")
    with disks.in_trouble("no file can be made", disks.drafts) if ways() else nullcontext():
        assert step_of(person.press("continue", {"words": some_words()})) == "page:second"
        assert healthz(disks) == 200


def doctor(disks: Disks) -> str:
    """What the operator is told who looks the machine over."""
    heard = disks.answers.command(sys.executable, "-m", "app.commands", "doctor")
    done = subprocess.run(
        heard, cwd=ROOT, env=disks.demo.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, (done.stdout, done.stderr)
    return done.stdout


@pytest.mark.requirement("R86")
def test_the_operator_who_looks_is_told_which_disk_it_is(disks: Disks) -> None:
    trouble = "full" if ways() else "not ours"
    with disks.in_trouble(trouble, disks.drafts):
        told = doctor(disks)

    assert f"{DRAFTS} cannot be written" in told
    assert TROUBLES[trouble][1] in told
    assert ANSWERS not in told


def go_through(disks: Disks, people: int, troubles: Sequence[tuple[str, Sequence[Disk]]]) -> None:
    before = [each["answers"]["words"] for each in disks.documents()]
    crowd = Crowd(disks.demo.base, disks.demo.codes("small")[0], Persistent)
    with crowd.answering(people):
        for trouble, which in troubles:
            crowd.wait_for_more(1)
            with disks.in_trouble(trouble, *which):
                crowd.wait_for(lambda: crowd.refused, people)
    stored = [each["answers"]["words"] for each in disks.documents()]

    assert sorted(stored) == sorted([*before, *crowd.saw_sent])  # each of them, once
    assert not crowd.went_away & set(stored)
    assert crowd.tries == 0  # nobody's connection broke


@pytest.mark.requirement("R28", "R35")
def test_whoever_saw_sent_is_stored_once_whatever_befell_the_disks(disks: Disks) -> None:
    answers, drafts = [disks.answers], [disks.drafts]
    both = [*answers, *drafts]
    go_through(
        disks, 4, [("full", both), ("read-only", drafts), ("gone", both), ("locked", answers)]
    )


@pytest.mark.thorough
@pytest.mark.timeout(900)
@pytest.mark.requirement("R28", "R35")
def test_thirty_people_at_once_lose_nothing_whatever_befalls_the_disks(disks: Disks) -> None:
    which = ([disks.drafts], [disks.answers], [disks.answers, disks.drafts])
    go_through(disks, 30, [(trouble, each) for trouble in AT_ANY_TIME for each in which] * 3)
