"""The brake on guessing: what it counts, and what it holds back."""

from __future__ import annotations

import threading

import pytest

from app.respond.guessing import HELD, SPARE, Brake

pytestmark = pytest.mark.requirement("R8")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.seconds


def brake_with(clock: Clock, spare: int = 3) -> Brake:
    return Brake(spare, clock, clock.waited.append)


def test_a_class_that_mistypes_is_answered_at_once() -> None:
    clock = Clock()
    brake = Brake(clock=clock, wait=clock.waited.append)

    assert SPARE >= 2 * 30
    assert not any(brake.wrong() for _ in range(60))
    assert clock.waited == []


def test_after_many_wrong_guesses_the_next_is_held_back_and_told_to_wait() -> None:
    clock = Clock()
    brake = brake_with(clock)

    assert [brake.wrong() for _ in range(5)] == [False, False, False, True, True]
    assert clock.waited == [2.0, 2.0]


def test_time_gives_guesses_back_and_never_more_than_there_were() -> None:
    clock = Clock()
    brake = brake_with(clock)
    for _ in range(4):
        brake.wrong()

    clock.seconds += 2
    assert [brake.wrong() for _ in range(3)] == [False, False, True]
    clock.seconds += 86_400
    assert [brake.wrong() for _ in range(4)] == [False, False, False, True]


def test_only_few_are_held_back_at_the_same_time() -> None:
    """The others get their answer, so that people who are answering find a free place."""
    clock, go_on = Clock(), threading.Event()
    waiting = threading.Semaphore(0)

    def wait(_seconds: float) -> None:
        waiting.release()
        assert go_on.wait(30)

    brake = Brake(0, clock, wait)
    held = [threading.Thread(target=brake.wrong) for _ in range(HELD)]
    for thread in held:
        thread.start()
    for _ in held:
        assert waiting.acquire(timeout=30)

    assert all(brake.wrong() for _ in range(50))  # none of them waits

    go_on.set()
    for thread in held:
        thread.join()
