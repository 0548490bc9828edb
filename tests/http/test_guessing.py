"""Somebody tries many codes and words; everybody who has the right ones gets in all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from app.sealing.withdrawal import WORDS
from tests.closed_groups import OPEN, closed_group_surveys, new_cards
from tests.person import Page, Person
from tests.place import Place, code_on
from tests.server import running_demo
from tests.walks import step_of, walk

pytestmark = pytest.mark.requirement("R8", "R33")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server of this module's own, that is guessed at."""
    folder = tmp_path_factory.mktemp("guessing")
    with running_demo(folder, surveys=closed_group_surveys(folder)) as demo:
        yield Place(demo)


def guess_code(place: Place, number: int) -> Page:
    return Person(place.demo.base).post("/start", [("code", f"zz{number}zz")])


def guess_card(place: Place, number: int) -> Page:
    code = f"bcdf-ghjk-mprs-{number:04}".translate(str.maketrans("012", "xyz"))
    return Person(place.demo.base).post("/start", [("code", code)])


def guess_words(place: Place, number: int) -> Page:
    words = f"aardvark zucchini velvet lantern giraffe {WORDS[number % len(WORDS)]}"
    return Person(place.demo.base).post("/come-back", [("words", words)])


def guess_withdrawal(place: Place, number: int) -> Page:
    return Person(place.demo.base).post("/withdraw", [("code", f"no such words {number}")])


Guess = Callable[[Place, int], Page]


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("guess", [guess_code, guess_card, guess_words, guess_withdrawal])
def test_a_flood_of_guesses_is_told_to_wait_and_stops_nobody_with_the_right_ones(
    place: Place, guess: Guess
) -> None:
    code = new_cards(place.demo, 1)[0]
    writing = place.person(OPEN)
    walk(writing, until="page:end")
    writing.press("keep")
    writing.press("keep")
    words = code_on(writing.seen)
    answering = place.person(OPEN)
    told, over = list[Page](), threading.Event()

    def flood(which: int) -> None:
        for number in range(which, 100_000, 6):
            if over.is_set():
                return
            told.append(guess(place, number))

    guessers = [threading.Thread(target=flood, args=[which]) for which in range(6)]
    for guesser in guessers:
        guesser.start()
    try:
        while not any(page.status == 429 for page in list(told)):
            assert any(guesser.is_alive() for guesser in guessers)
        starting, coming, by_link = (Person(place.demo.base) for _ in range(3))
        starting.post("/start", [("code", code)])
        coming.post("/come-back", [("words", words)])
        by_link.start(place.code(OPEN))
        walk(answering)
    finally:
        over.set()
        for guesser in guessers:
            guesser.join()

    assert step_of(starting.seen) == "about"
    assert step_of(coming.seen) == "page:end"
    assert step_of(by_link.seen) == "about"
    assert answering.seen.path == "/sent"
    slow = next(page for page in told if page.status == 429)
    assert slow.headers["Retry-After"] == "60"
    assert "Please wait a minute" in slow.words
    assert any(value for _name, value in slow.form.fields)  # what was typed is still there
    assert {page.status for page in told} == {200, 429}


def test_the_server_remembers_and_prints_nothing_of_it(place: Place) -> None:
    assert "zucchini" not in place.demo.printed
    assert "127.0.0.1 -" not in place.demo.printed
