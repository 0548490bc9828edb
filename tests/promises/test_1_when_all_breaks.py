"""Promise 1 while everything goes wrong: nothing of anybody is in an answer, a log or a file.

One server with all logging at DEBUG. Every view of it breaks, and everything around the views; a
worker crashes; at last the whole server is killed in the middle of people's answers.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.routing import Map, Rule

from app.factory import make_app
from config import read_config
from tests.http.hostile import FORM, TELLING
from tests.person import Page, Person
from tests.place import sample_surveys
from tests.server import Demo, running_demo
from tests.walks import walk

from .breaking import FIRST, HEADER, PLACES
from .crashing import kill_all, wait_until_gone, workers_of
from .scan import Found, search
from .story import CONSULTATION, Story, begin, person_in, processes_of, together, words_of

NUMBER = "3"
ENDING = ("", "/stop", "/leave", "/start")
"""After these the session is gone: they come last, in this order."""
EVERYWHERE = ("view", "after the view")
SOME = ("/", "/<code>", "/page/<int:number>", "/stop", "/leave", "/withdraw", "/start")
"""Addresses at which everything else breaks."""
NO_CORE = "Max core file size"


@dataclass
class Broken:
    """What was answered, and what was found of it afterwards."""

    story: Story
    answers: dict[tuple[str, str, str], Page] = field(default_factory=dict)
    brought: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    found: dict[str, list[Found]] = field(default_factory=dict)
    limits: dict[int, str] = field(default_factory=dict)
    cores: list[str] = field(default_factory=list)
    printed: str = ""


def routes(folder: Path) -> Map:
    """Every address there is."""
    surveys = sample_surveys(folder / "routes")
    config = read_config({"HEARD_SURVEYS": str(surveys)}, instance=folder / "routes" / "instance")
    return make_app(config).url_map


def break_everything(broken: Broken, demo: Demo, addresses: Map) -> None:
    """Each address, each method, each place at which something can break."""
    code, numbers = demo.codes(CONSULTATION)[0], count(60)
    for place in PLACES:
        person = person_in(broken.story, demo, f"breaking {place}", next(numbers))
        begin(broken.story, person, f"breaking {place}", code)
        walk(person, words_of(broken.story, f"breaking {place}").__getitem__, until="page:workers")
        cookies, fields = dict(person.cookies), dict(person.seen.form.fields)
        for rule in sorted(addresses.iter_rules(), key=when):
            if place not in EVERYWHERE and rule.rule not in SOME:
                continue
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                key = (place, method, rule.rule)
                marks = [broken.story.mark(f"{key} {what}") for what in ("path", "query", "typed")]
                values = {
                    name: NUMBER if "Integer" in type(converter).__name__ else marks[0]
                    for name, converter in rule._converters.items()
                }
                _, path = rule.build(values) or ("", "")
                person.cookies = dict(cookies)
                broken.brought[key] = marks
                typed = {**fields, "step": "check", "action": "send", "words": marks[2]}
                body = urlencode({**typed, "code": marks[2]}).encode() if method == "POST" else None
                headers = {HEADER: place, **(FORM if body else {})}
                page = person.request(method, f"{path}?x={marks[1]}", body, headers)
                broken.answers[key] = page


def when(rule: Rule) -> int:
    """Addresses that end a session come last."""
    return ENDING.index(rule.rule) if rule.rule in ENDING else 0


def crash_a_worker(broken: Broken, demo: Demo) -> None:
    """A worker ends as it does when a library touches memory that is not its own."""
    family = processes_of(demo.instance, demo.process.pid)
    for number in family:
        folder = Path(f"/proc/{number}")
        lines = (folder / "limits").read_text().splitlines()
        broken.limits[number] = next(line for line in lines if line.startswith(NO_CORE))
    for kind in (signal.SIGSEGV, signal.SIGABRT):
        worker = workers_of(demo)[0]
        os.kill(worker, kind)
        wait_until_gone([worker])
    broken.cores = [path.name for path in (demo.instance.parent / "tmp").glob("core*")]
    assert Person(demo.base).open("/healthz").status == 200


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Broken:
    folder = tmp_path_factory.mktemp("broken")
    addresses = routes(tmp_path_factory.mktemp("routes"))
    with running_demo(folder, surveys=sample_surveys(folder), first=FIRST) as demo:
        told = Broken(Story(folder, printed_at_start=demo.printed))
        break_everything(told, demo, addresses)
        family = processes_of(demo.instance, demo.process.pid)
        told.found["while it ran"] = search(folder, told.story.marks, family)
        crash_a_worker(told, demo)
        together(told.story, demo, demo.codes(CONSULTATION)[0], meanwhile=lambda: kill_all(demo))
        told.printed = demo.printed
    told.found["after it was killed"] = search(folder, told.story.marks)
    return told


def test_every_place_breaks_somewhere(broken: Broken) -> None:
    """Otherwise nothing below would prove anything."""
    for place in PLACES:
        kinds = {page.status for key, page in broken.answers.items() if key[0] == place}
        assert kinds & {500, 503} or place in ("closing the session", "inside leaving"), place
    views = {key: page.status for key, page in broken.answers.items() if key[0] == "view"}
    assert set(views.values()) == {500}, views
    assert len(views) > 25


@pytest.mark.requirement("R56", "R84")
def test_whatever_breaks_the_answer_is_a_kind_page_that_tells_nothing(broken: Broken) -> None:
    for key, page in broken.answers.items():
        assert page.status in (200, 204, 303, 304, 400, 403, 404, 429, 500, 503), key
        assert not TELLING.search(page.words), (key, page.words)
        if page.status >= 500:
            assert page.links[0].partition("?code=")[0] == "/leave", key
            assert len(page.words.split()) >= 8
            assert "Unforeseen" not in page.body
            in_address, in_query, typed = (mark in page.body for mark in broken.brought[key])
            assert not in_address, key
            assert not in_query, key
            # What cannot be kept is still there for the person, to be sent once more.
            assert not typed or (page.status == 503 and key[1] == "POST"), key
            if key[0] != "afterwards":  # there, what adds the headers is what broke
                assert page.headers["Cache-Control"] == "no-store", key


@pytest.mark.requirement("R40", "R41")
@pytest.mark.parametrize(
    "place", ["storage", "driver", "template", "reading the session", "inside leaving", "sealing"]
)
def test_leaving_works_whatever_is_broken(broken: Broken, place: str) -> None:
    for method in ("GET", "POST"):
        left = broken.answers[place, method, "/leave"]
        assert (left.status, left.headers["Location"]) == (303, "http://127.0.0.1:9/")
        assert "Clear-Site-Data" in left.headers
        assert "q=;" in left.headers["Set-Cookie"]


@pytest.mark.requirement("R56", "R86")
@pytest.mark.parametrize("when", ["while it ran", "after it was killed"])
def test_nothing_of_anybody_is_left(broken: Broken, when: str) -> None:
    assert broken.found[when] == []
    assert len(broken.story.marks) > 1000


def test_the_log_was_as_loud_as_it_can_be(broken: Broken) -> None:
    """It tells of every mistake, by its type and its place, and of a library's words nothing."""
    later = broken.printed.removeprefix(broken.story.printed_at_start)
    assert later.count("tests.promises.breaking.Unforeseen") > len(PLACES) * 10
    assert "breaking.py:" in later
    assert "(message withheld)" in later


def test_no_process_of_the_server_may_write_its_memory_to_a_disk(broken: Broken) -> None:
    assert len(broken.limits) >= 3
    for line in broken.limits.values():
        assert line.removeprefix(NO_CORE).split()[:2] == ["0", "0"]


def test_a_worker_that_crashes_leaves_no_core(broken: Broken) -> None:
    assert broken.cores == []
    assert "was sent SIGSEGV" in broken.printed
