"""While a database hangs, one caller tries it and the others are refused at once."""

from __future__ import annotations

import threading

import pytest

from app.storage import StorageUnavailable
from app.storage.breaker import LONG_SECONDS, CircuitBreaker
from app.storage.failures import ANSWERS


class Clock:
    """Seconds that pass when the test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(clock)


def fail(breaker: CircuitBreaker, clock: Clock, seconds: float) -> StorageUnavailable:
    """Use the database, and be told after so many seconds that it does not answer."""
    try:
        with breaker.guarding():
            clock.now += seconds
            raise StorageUnavailable("OperationalError", ANSWERS)
    except StorageUnavailable as error:
        return error


def refused_meanwhile(breaker: CircuitBreaker) -> StorageUnavailable | None:
    """What somebody else is told at this moment."""
    told: list[StorageUnavailable | None] = []

    def use() -> None:
        try:
            with breaker.guarding():
                told.append(None)
        except StorageUnavailable as error:
            told.append(error)

    other = threading.Thread(target=use)
    other.start()
    other.join()
    return told[0]


def test_as_long_as_it_answers_nobody_waits_for_anybody(breaker: CircuitBreaker) -> None:
    with breaker.guarding():
        assert refused_meanwhile(breaker) is None


def test_what_fails_quickly_is_tried_by_everybody(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, clock, LONG_SECONDS / 2)
    with breaker.guarding():
        assert refused_meanwhile(breaker) is None


def test_while_it_hangs_one_tries_and_the_others_are_told_the_same_at_once(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    first = fail(breaker, clock, LONG_SECONDS)
    with breaker.guarding():
        other = refused_meanwhile(breaker)
    assert other is not None
    assert other is not first
    assert (str(other), other.cause) == (str(first), first.cause)


def test_a_try_that_fails_as_long_leaves_it_at_one_at_a_time(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, clock, LONG_SECONDS)
    fail(breaker, clock, LONG_SECONDS)
    with breaker.guarding():
        assert refused_meanwhile(breaker) is not None


@pytest.mark.parametrize("seconds", [0.0, None], ids=["fails quickly", "succeeds"])
def test_when_it_answers_again_all_go_on(
    breaker: CircuitBreaker, clock: Clock, seconds: float | None
) -> None:
    fail(breaker, clock, LONG_SECONDS)
    if seconds is None:
        with breaker.guarding():
            pass
    else:
        fail(breaker, clock, seconds)
    with breaker.guarding():
        assert refused_meanwhile(breaker) is None


def test_somebody_who_tries_and_meets_another_error_stops_nobody(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, clock, LONG_SECONDS)
    with pytest.raises(LookupError), breaker.guarding():
        raise LookupError
    with breaker.guarding():
        assert refused_meanwhile(breaker) is None
