"""What answers is told to answer, and nobody waits for what does not."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from app.web.pulse import Pulse


def test_what_answers_beats_and_what_cannot_does_not() -> None:
    def cannot() -> None:
        raise OSError

    assert Pulse(lambda: None).beats()
    assert not Pulse(cannot).beats()


def test_what_hangs_is_asked_once_and_nobody_waits_for_it_again() -> None:
    asked: list[int] = []
    goes_on = threading.Event()

    def hangs() -> None:
        asked.append(1)
        goes_on.wait()

    pulse = Pulse(hangs, patience=0.01)
    assert [pulse.beats() for _ in range(50)] == [False] * 50
    assert asked == [1]

    goes_on.set()
    while not pulse.beats():
        pass


def test_those_who_ask_together_get_one_answer() -> None:
    asked: list[int] = []
    everybody = threading.Barrier(8)

    def ask() -> None:
        asked.append(1)

    pulse = Pulse(ask)

    def one(_number: int) -> bool:
        everybody.wait()
        return pulse.beats()

    with ThreadPoolExecutor(8) as people:
        assert all(people.map(one, range(8)))
    assert 1 <= len(asked) <= 8
