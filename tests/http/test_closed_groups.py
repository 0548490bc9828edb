"""A closed group: one code for each person, used once, and nobody's voice lost (R8)."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.sealing import card_tag
from tests.closed_groups import (
    GROUP,
    OPEN,
    an_hour_passes,
    closed_group_surveys,
    minutes_pass,
    new_cards,
    storage_of,
)
from tests.person import Page, Person
from tests.place import Place, key_of
from tests.server import running_demo
from tests.walks import step_of, walk

from .hostile import FORM
from .test_at_once import at_once

pytestmark = pytest.mark.requirement("R8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server of this module's own."""
    folder = tmp_path_factory.mktemp("closed")
    with running_demo(folder, surveys=closed_group_surveys(folder)) as demo:
        yield Place(demo)


@pytest.fixture(scope="module")
def codes(place: Place) -> Iterator[str]:
    """One new card after the other."""
    return iter(new_cards(place.demo, 60))


def someone(place: Place, code: str) -> Person:
    person = Person(place.demo.base)
    person.start(code)
    return person


def assert_used(person: Person) -> None:
    """Told kindly, and not let in."""
    assert person.cookies == {}
    assert person.seen.status == 200
    assert step_of(person.seen) == ""
    assert "Each code works once." in person.seen.words
    assert "ask for another one" in person.seen.words


def test_a_code_lets_one_person_in(place: Place, codes: Iterator[str]) -> None:
    code = next(codes)

    first, second = someone(place, code), someone(place, code)

    assert step_of(first.seen) == "about"
    assert_used(second)
    assert dict(second.seen.form.fields)["code"] == code


def test_of_fifty_people_who_try_one_code_at_once_one_gets_in(
    place: Place, codes: Iterator[str]
) -> None:
    code = next(codes)
    people = [Person(place.demo.base) for _ in range(50)]
    body = urlencode({"code": code}).encode()
    answers: list[Page] = []

    def press(person: Person) -> Callable[[], object]:
        return lambda: answers.append(person.request("POST", "/start", body, FORM))

    at_once([press(person) for person in people])

    assert sorted(answer.status for answer in answers) == [200] * 49 + [303]
    (inside,) = [person for person in people if person.cookies]
    assert step_of(inside.open("/page/1")) == "about"
    minutes_pass(place)
    assert_used(someone(place, code))


def test_after_sending_a_code_never_works_again(place: Place, codes: Iterator[str]) -> None:
    code = next(codes)
    person = someone(place, code)

    (document,) = place.sent_by(lambda: walk(person), GROUP)

    assert document["collector"] == "north"
    assert not any(part in json.dumps(document) for part in (code, tag(code).hex()))
    for passes in (lambda _place: None, minutes_pass, an_hour_passes):
        passes(place)
        assert_used(someone(place, code))


@pytest.mark.parametrize("how", ["decline", "exit"])
def test_whoever_leaves_can_come_back_with_their_code_some_minutes_later(
    place: Place, codes: Iterator[str], how: str
) -> None:
    code = next(codes)
    person = someone(place, code)
    if how == "exit":
        walk(person, until="page:end")
        assert person.request("GET", "/leave").status == 303
    else:
        walk(person, until="consent", decisions={})
        person.press("decline")

    minutes_pass(place)

    assert step_of(someone(place, code).seen) == "about"


@pytest.mark.parametrize("step", ["page:start", "page:end", "check"])
def test_whoever_stops_can_come_back_with_their_code_at_once(
    place: Place, codes: Iterator[str], step: str
) -> None:
    code = next(codes)
    person = someone(place, code)
    walk(person, until=step)

    person.press("delete")

    again = someone(place, code)
    assert step_of(again.seen) == "about"
    (document,) = place.sent_by(lambda: walk(again), GROUP)
    assert document["ended"] == "complete"


def test_whoever_only_closes_the_browser_can_come_back_after_the_hour(
    place: Place, codes: Iterator[str]
) -> None:
    code = next(codes)
    walk(someone(place, code), until="page:start")
    assert_used(someone(place, code))

    an_hour_passes(place)

    assert step_of(someone(place, code).seen) == "about"


def test_pressing_on_keeps_the_code_however_long_it_takes(
    place: Place, codes: Iterator[str]
) -> None:
    code = next(codes)
    person = someone(place, code)
    walk(person, until="page:start")
    for _ in range(3):
        with storage_of(place) as storage:
            for _ in range(12):
                storage.age_drafts(13)
        person.open("/back-to-questions")

    minutes_pass(place)

    assert_used(someone(place, code))
    assert len(place.sent_by(lambda: walk(person), GROUP)) == 1


def test_an_answer_that_never_reached_the_browser_costs_no_code(
    place: Place, codes: Iterator[str]
) -> None:
    """The connection broke while Start was pressed: the server began, and nobody knows."""
    code = next(codes)
    lost = Person(place.demo.base).request("POST", "/start", f"code={code}".encode(), FORM)
    assert lost.status == 303

    an_hour_passes(place)

    assert step_of(someone(place, code).seen) == "about"


def test_a_draft_that_cannot_be_written_costs_no_code(place: Place, codes: Iterator[str]) -> None:
    """The card is taken, then the disk is full: everything is as before, at once."""
    code = next(codes)
    person = Person(place.demo.base)
    with closing(sqlite3.connect(drafts(place), isolation_level=None)) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON draft BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
        try:
            person.start(code)
            assert person.seen.status == 503
            assert person.cookies == {}
        finally:
            database.execute("DROP TRIGGER full")
    with storage_of(place) as storage:
        found = storage.cards.find(tag(code))
    assert found is not None
    assert found.state == "free"

    person.press()

    assert step_of(person.seen) == "about"


@pytest.mark.parametrize("which", ["drafts", "responses"])
def test_a_database_that_is_away_costs_no_code(
    place: Place, codes: Iterator[str], which: str
) -> None:
    code = next(codes)
    person = Person(place.demo.base)
    path = drafts(place) if which == "drafts" else place.demo.instance / "heard.sqlite3"
    away = path.with_name("away")
    path.rename(away)
    try:
        person.post("/start", [("code", code)])
        assert person.seen.status == 503
    finally:
        away.rename(path)

    person.press()

    assert step_of(person.seen) == "about"


def test_exit_does_not_wait_for_the_database_of_responses(
    place: Place, codes: Iterator[str]
) -> None:  # R41
    """Somebody writes for a long time, as `heard sweep` does; a person has to leave now."""
    person = someone(place, next(codes))
    left: list[int] = []
    database = place.demo.instance / "heard.sqlite3"
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        leaving = threading.Thread(
            target=lambda: left.append(person.request("GET", "/leave").status)
        )
        leaving.start()
        leaving.join(8)  # whoever waits for the lock waits ten seconds
        still_waiting = leaving.is_alive()
        writer.execute("ROLLBACK")
    leaving.join()

    assert left == [303]
    assert not still_waiting


def test_the_link_on_the_card_fills_in_its_code_and_tells_nothing(
    place: Place, codes: Iterator[str]
) -> None:
    code, other = next(codes), "bcdf-ghjk-mprs-twxz"
    someone(place, code)

    pages = [Person(place.demo.base).open(f"/{each}") for each in (code, next(codes), other)]

    shown = {page.body.replace(dict(page.form.fields)["code"], "") for page in pages}
    assert len(shown) == 1
    assert [page.status for page in pages] == [200] * 3


@pytest.mark.parametrize("typing", [str.upper, lambda code: code.replace("-", " "), str.strip])
def test_a_code_works_however_it_is_typed(
    place: Place, codes: Iterator[str], typing: Callable[[str], str]
) -> None:
    person = Person(place.demo.base)

    person.post("/start", [("code", f" {typing(next(codes))} ")])

    assert step_of(person.seen) == "about"


def test_scanning_the_card_again_goes_on_where_one_was(place: Place, codes: Iterator[str]) -> None:
    code = next(codes)
    person = someone(place, code)
    walk(person, until="page:start")

    person.open(f"/{code}")
    assert person.seen.links.count("/back-to-questions") == 1
    person.post("/start", [("code", code)])

    assert step_of(person.seen) == "page:start"


def test_starting_again_with_the_same_card_deletes_what_was_there(
    place: Place, codes: Iterator[str]
) -> None:
    code = next(codes)
    person = someone(place, code)
    walk(person, until="page:start")
    key = key_of(person)

    person.open(f"/{code}")
    person.press("again")

    assert step_of(person.seen) == "about"
    assert place.draft_row(key) is None
    assert_used(someone(place, code))
    assert len(place.sent_by(lambda: walk(person), GROUP)) == 1
    minutes_pass(place)
    assert_used(someone(place, code))


def test_another_card_in_the_same_browser_is_asked_whose_answers_these_are(
    place: Place, codes: Iterator[str]
) -> None:
    one, other = next(codes), next(codes)
    person = someone(place, one)
    walk(person, until="page:start")

    page = person.post("/start", [("code", other)])
    assert "You have started already" in page.words
    person.press("again")

    assert step_of(person.seen) == "about"
    minutes_pass(place)
    assert step_of(someone(place, one).seen) == "about"
    assert_used(someone(place, other))


def test_the_code_of_the_whole_group_lets_nobody_in_and_leads_to_the_results(place: Place) -> None:
    with storage_of(place) as storage:
        (north,) = [e.code for e in storage.entries(GROUP) if e.collector == "north"]

    person = someone(place, north)

    assert person.cookies == {}
    assert "a code of their own" in person.seen.words
    assert Person(place.demo.base).open(f"/results/{north}").status == 200


def test_a_card_of_another_collector_is_told_apart_in_the_answers(place: Place) -> None:
    (code,) = new_cards(place.demo, 1, "south")

    (document,) = place.sent_by(lambda: walk(someone(place, code)), GROUP)

    assert document["collector"] == "south"


def test_the_front_page_of_the_demo_lists_no_code_of_a_closed_group(place: Place) -> None:
    with storage_of(place) as storage:
        entries = [entry.code for entry in storage.entries(GROUP)]

    body = Person(place.demo.base).open("/").body

    assert entries
    assert not any(code in body for code in entries)
    assert place.code(OPEN) in body


def test_the_safety_page_says_when_the_code_works_again(
    place: Place, codes: Iterator[str]
) -> None:  # R3
    person, other = someone(place, next(codes)), Person(place.demo.base)
    other.start(place.code(OPEN))
    for one in (person, other):
        walk(one, until="safety")

    assert "Your code works again about ten minutes after you exit." in person.seen.words
    assert "Your code works again" not in other.seen.words


def test_the_operator_sees_bands_only(place: Place) -> None:
    told = place.demo.heard("status", "--json")
    (group,) = [one for one in json.loads(told.stdout) if one["consultation"] == GROUP]

    assert group["cards"]["made"] == "50 to 99"
    assert group["cards"]["out"] in ("under 10", "10 to 19", "20 to 49")
    assert "50 to 99 cards" in place.demo.heard("status").stdout


def test_paused_costs_no_code(place: Place, codes: Iterator[str]) -> None:
    code = next(codes)
    assert place.demo.heard("pause", GROUP).returncode == 0
    try:
        person = someone(place, code)
        assert person.cookies == {}
        assert "not open right now" in person.seen.words
    finally:
        with storage_of(place) as storage:
            storage.set_state(GROUP, "open")

    assert step_of(someone(place, code).seen) == "about"


def test_no_line_that_the_server_printed_holds_a_code(place: Place, codes: Iterator[str]) -> None:
    code = next(codes)
    someone(place, code)

    assert code not in place.demo.printed
    assert tag(code).hex() not in place.demo.printed


@pytest.mark.thorough
def test_after_the_end_a_card_opens_the_results_alone(tmp_path: Path) -> None:
    with running_demo(tmp_path, surveys=closed_group_surveys(tmp_path)) as demo:
        own = Place(demo)
        code, used = new_cards(demo, 2)
        walk(someone(own, used))

        assert demo.heard("end", GROUP).returncode == 0

        with storage_of(own) as storage:
            found = [storage.cards.find(tag(each)) for each in (code, used)]
            assert {card.state for card in found if card} == {"used"}
        person = someone(own, code)
        assert person.cookies == {}
        assert "closed now" in person.seen.words
        results = person.open(f"/results?code={code.upper()}")
        assert "A title" in results.words
        assert code not in results.path
        assert results.body == person.open(f"/results/{code}").body.replace(code, results_code(own))


def results_code(place: Place) -> str:
    with storage_of(place) as storage:
        return next(e.code for e in storage.entries(GROUP) if e.collector == "north")


def tag(code: str) -> bytes:
    found = card_tag(code)
    assert found is not None
    return found


def drafts(place: Place) -> Path:
    return place.demo.drafts / "drafts.sqlite3"
