"""A flood from one place is told to wait; a class behind one address, and everybody else, is not.

The server of these tests has limits five times as strict as the real one, behind a web server that
says where people come from.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest

from app.respond.site import ASKED_AT_ONCE, BEGUN_AT_ONCE
from tests.person import Page, Person
from tests.place import Place, write_surveys
from tests.server import running_demo
from tests.short import SHORT
from tests.walks import step_of, walk

from .hostile import FORM

AT_ONCE = ASKED_AT_ONCE // 5
BEGUN = BEGUN_AT_ONCE // 2
STRICTER = f"""
import app.respond.site as site
site.ASKED_AT_ONCE, site.BEGUN_AT_ONCE = {AT_ONCE}, {BEGUN}
"""
CLASS = 30
FLOODERS = 6
FLOODED = "203.0.113.68"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server of this module's own, with a web server in front."""
    folder = tmp_path_factory.mktemp("limits")
    surveys = write_surveys(folder, small=SHORT)
    env = {"HEARD_PROXIES": "1"}
    with running_demo(folder, surveys=surveys, env=env, first=STRICTER) as demo:
        yield Place(demo)


def person_at(place: Place, address: str) -> Person:
    """Somebody as a web server in front shows them; what they say themselves stands before."""
    said = {"X-Forwarded-For": f"192.0.2.1, {address}"} if address else {}
    return Person(place.demo.base, said)


def answered(place: Place, address: str, seen: Counter[int]) -> str:
    """Somebody begins, answers everything, and sends; where they are then."""
    person = person_at(place, address)
    person.start(place.code("small"))
    walk(person, lambda _name: "3", look=lambda page: seen.update([page.status]))
    return person.seen.path


@contextmanager
def flood(place: Place, address: str, path: str = "/page/1") -> Iterator[Callable[[], bool]]:
    """Ask without an end from one place; says whether it is told to wait, and nothing else."""
    over, last = threading.Event(), [0] * FLOODERS
    headers = {"X-Forwarded-For": address}

    def ask(which: int) -> None:
        line = http.client.HTTPConnection(person_at(place, "").host, timeout=60)
        while not over.is_set():
            try:
                line.request("GET", path, headers=headers)
                answer = line.getresponse()
                answer.read()
                last[which] = answer.status
            except (OSError, http.client.HTTPException):
                line.close()
        line.close()

    threads = [threading.Thread(target=ask, args=[which]) for which in range(FLOODERS)]
    for thread in threads:
        thread.start()
    try:
        yield lambda: all(status == 429 for status in last)
    finally:
        over.set()
        for thread in threads:
            thread.join()


def wait_for(condition: Callable[[], bool], on: Callable[[], None] = lambda: None) -> None:
    """Look again and again; `on` is done before each look."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        on()
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("still waiting")


def ask_until_told_to_wait(ask: Callable[[], Page]) -> Page:
    for _ in range(40 * AT_ONCE):
        page = ask()
        if page.status == 429:
            return page
    raise AssertionError("nobody is told to wait")


def test_a_class_behind_one_address_begins_within_a_minute_and_answers(place: Place) -> None:
    """Faster than any class, with a fifth of what a place may ask."""
    seen: Counter[int] = Counter()

    with ThreadPoolExecutor(CLASS) as everybody:
        ends = list(everybody.map(lambda _one: answered(place, "203.0.113.7", seen), range(CLASS)))

    assert ends == ["/sent"] * CLASS
    assert set(seen) == {200}


def test_a_flood_from_one_place_is_told_to_wait_and_stops_no_other(place: Place) -> None:
    """The last of the others comes through Tor, or past the web server in front."""
    seen: Counter[int] = Counter()

    with flood(place, "203.0.113.66") as is_told_to_wait:
        wait_for(is_told_to_wait)
        ends = [answered(place, other, seen) for other in ("198.51.100.9", "2001:db8::7", "")]
        wait_for(is_told_to_wait)

    assert ends == ["/sent"] * 3
    assert set(seen) == {200}


def test_whoever_is_told_to_wait_loses_nothing_and_goes_on_a_little_later(place: Place) -> None:
    person, leaver = person_at(place, FLOODED), person_at(place, FLOODED)
    for one in (person, leaver):
        one.start(place.code("small"))
    walk(person, until="page:first")
    path, form = person.seen.path, person.seen.form
    fields = [
        *((name, value) for name, value in form.fields if name not in ("words", "number")),
        *(("words", "what I wrote, é\r\n<b>and more</b>"), ("colour", "red"), ("number", "3")),
        ("action", "continue"),
    ]
    body = urlencode(fields).encode()

    with flood(place, FLOODED) as is_told_to_wait:
        wait_for(is_told_to_wait)
        page = ask_until_told_to_wait(lambda: person.request("POST", path, body, FORM))
        looked = ask_until_told_to_wait(lambda: person.request("GET", path))
        support = leaver.request("GET", "/support?country=GB")
        left = leaver.request("GET", "/leave")

    assert page.headers["Retry-After"] == looked.headers["Retry-After"] == "60"
    assert "Please wait a little" in page.words
    assert "Your words are still here" in page.words
    assert sorted(page.form.fields) == sorted(fields)
    assert page.links[0] == looked.links[0] == "/leave"
    # The way out and help are never told to wait.
    assert (support.status, left.status, leaver.cookies) == (200, 303, {})
    # The flood is over: what it took comes back by itself.
    person.page = page
    wait_for(lambda: person.press().status != 429, on=lambda: setattr(person, "page", page))
    assert step_of(person.seen) == "page:second"
    assert place.draft_of(person).answers["words"] == "what I wrote, é\n<b>and more</b>"


def test_very_many_beginnings_from_one_place_wait_with_their_code_and_no_others(
    place: Place,
) -> None:
    code = place.code("small")

    def begin(address: str) -> Page:
        return person_at(place, address).post("/start", [("code", code)])

    page = ask_until_told_to_wait(lambda: begin("203.0.113.69"))

    assert "Many people are starting here" in page.words
    assert ("code", code) in page.form.fields
    assert page.headers["Retry-After"] == "60"
    assert "q" not in str(page.headers.get("Set-Cookie", ""))
    assert step_of(begin("198.51.100.10")) == step_of(begin("")) == "about"


def test_wrong_codes_from_one_place_let_the_others_mistype(place: Place) -> None:
    def mistype(address: str) -> Page:
        return person_at(place, address).post("/start", [("code", "zzzz")])

    ask_until_told_to_wait(lambda: mistype("203.0.113.70"))

    assert mistype("198.51.100.11").status == 200


def test_nothing_of_the_addresses_is_in_what_the_server_wrote(place: Place) -> None:
    written = [path for path in place.demo.instance.parent.rglob("*") if path.is_file()]

    assert len(written) > 4
    for path in written:
        content = path.read_bytes()
        for address in ("203.0.113.", "198.51.100.", "192.0.2.1"):
            assert address.encode() not in content, path
