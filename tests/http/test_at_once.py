"""Many presses at the same moment: of one person, and of many."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pytest

from tests.person import Page, Person
from tests.place import Place, code_on, key_of
from tests.walks import step_of, walk

from .hostile import FORM


def at_once(acts: list[Callable[[], object]]) -> None:
    """Do all of it at the same moment, each in a thread of its own; raises what any of them did."""
    start, problems = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]


def twin(person: Person) -> Person:
    """The same browser in another thread."""
    other = Person(f"http://{person.host}")
    other.cookies = dict(person.cookies)
    return other


@pytest.mark.requirement("R35")
def test_a_double_press_of_send_makes_one_response(place: Place) -> None:  # R35
    person = place.person()
    walk(person, lambda _name: "sent at once", until="check")
    path = person.seen.path
    body = urlencode([*person.seen.form.fields, ("action", "send")]).encode()
    browsers = [twin(person) for _ in range(6)]
    answers: list[Page] = []

    def press(browser: Person) -> None:
        answers.append(browser.request("POST", path, body, FORM))

    documents = place.sent_by(lambda: at_once([partial(press, browser) for browser in browsers]))

    assert len(documents) == 1
    assert "sent at once" in documents[0]["answers"].values()
    assert {(answer.status, answer.headers["Location"]) for answer in answers} == {(303, "/sent")}
    code = code_on(person.open("/sent"))
    assert code.count(" ") == 5
    before = place.rows()
    Person(place.demo.base).post("/withdraw", [("code", code)])
    assert len(place.rows()) == len(before) - 1


def test_a_double_press_of_start_loses_nothing(place: Place) -> None:
    """The second press goes on with what the first one began."""
    person = place.person()
    walk(person, until="page:online_life")
    before = place.draft_of(person)

    person.open(f"/{place.code()}")
    again = person.post("/start", [("code", place.code())])

    assert step_of(again) == "page:online_life"
    assert place.draft_of(person) == before


def test_beginning_again_deletes_what_was_written(place: Place) -> None:
    person = place.person()
    walk(person, until="page:report_button")
    key = key_of(person)

    person.open(f"/{place.code()}")
    person.press("again")

    assert step_of(person.seen) == "about"
    assert key_of(person) != key
    assert place.draft_row(key) is None


def test_many_people_send_at_the_same_moment_and_everybody_is_stored(place: Place) -> None:
    people = [place.person() for _ in range(12)]
    for number, person in enumerate(people):
        walk(person, empty=True, until="page:last_page")
        person.press("continue", {"one_change": f"words of person {number}"})
        assert step_of(person.seen) == "check"

    documents = place.sent_by(lambda: at_once([partial(person.press, "send") for person in people]))

    assert {document["answers"]["one_change"] for document in documents} == {
        f"words of person {number}" for number in range(12)
    }
    assert all(person.seen.path == "/sent" for person in people)
    assert len({code_on(person.seen) for person in people}) == 12


def test_two_tabs_of_one_person_keep_both_pages(place: Place) -> None:
    """One tab goes back and answers again, the other goes on: each form is stored for its page."""
    person = place.person()
    walk(person, until="page:getting_help")
    other = twin(person)
    other.open("/back-to-questions")
    other.press("back")
    person.press("continue", {"help_from": ["friends"]})

    other.press("continue", {"report_easier": "in the other tab"})

    answers = place.draft_of(person).answers
    assert answers["help_from"] == ["friends"]
    assert answers["report_easier"] == "in the other tab"


def test_two_tabs_that_send_at_the_same_moment_lose_nothing(place: Place) -> None:  # R28
    """Each reads the draft, adds its words, and writes it: neither may write over the other's."""
    person = place.person()
    walk(person, until="page:last_page")
    pages = [(person.seen, "one_change")]
    while step_of(person.seen) != "page:report_barriers":
        person.press("back")
    pages.append((person.seen, "report_easier"))

    for attempt in range(12):
        words = {question: f"{question} {attempt}" for _, question in pages}

        def press(browser: Person, page: Page, question: str, words: dict[str, str]) -> None:
            fields = [(k, v) for k, v in page.form.fields if k != question]
            fields += [(question, words[question]), ("action", "pause")]
            answer = browser.request("POST", page.path, urlencode(fields).encode(), FORM)
            assert answer.status == 303

        at_once([partial(press, twin(person), page, q, words) for page, q in pages])

        assert words.items() <= dict(place.draft_of(person).answers).items()
