"""What a watching program is told: nothing of one person, and what is told is well formed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.counting import (
    CLASSES,
    ERRORS_STEP,
    LEAST,
    MEMORY_STEP,
    SECONDS,
    STEP,
    Tally,
    init_counting,
)
from tests.numbers import read

NOBODY = '{status="2xx"} 0\n'
A_WALK = 60
"""More requests than one person makes on the longest way."""


def tally() -> Tally:
    made = Tally()
    made.begin()
    return made


@settings(max_examples=30)
@given(st.lists(st.integers(min_value=0, max_value=A_WALK), min_size=4, max_size=8))
def test_of_one_person_at_a_time_nothing_is_ever_told(moments: list[int]) -> None:
    """However often they come: each of these is a person of five minutes of their own."""
    counted = tally()
    first = counted.text()
    for requests in moments:
        for number in range(requests):
            counted.answered((200, 303)[number % 2], 0.01)
        assert counted.text() == first


@settings(max_examples=30)
@given(st.lists(st.integers(min_value=0, max_value=2 * LEAST), max_size=4))
def test_what_is_told_grows_by_hundreds_and_only_when_many_were_here(moments: list[int]) -> None:
    counted, told, total = tally(), 0.0, 0
    for moment in moments:
        for _ in range(moment):
            counted.answered(200, 0.01)
        total += moment
        now = read(counted.text())["heard_requests_total|2xx"]
        assert now % STEP == 0
        assert told <= now <= total
        assert now == told or moment >= LEAST
        told = now


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from([200, 302, 404, 503]), st.floats(0, 60)), max_size=50))
def test_a_watching_program_reads_it_and_buckets_never_shrink(
    answers: list[tuple[int, float]],
) -> None:
    counted = tally()
    for _ in range(LEAST // 10):
        for status, seconds in answers:
            counted.answered(status, seconds)
    numbers = read(counted.text())
    limits = [*map(str, SECONDS), "+Inf"]
    buckets = [numbers[f"heard_request_seconds_bucket|{limit}"] for limit in limits]

    assert buckets == sorted(buckets)
    assert {f"heard_requests_total|{kind}" for kind in CLASSES} <= set(numbers)
    assert numbers["heard_errors_total|storage"] % ERRORS_STEP == 0
    assert numbers["heard_memory_bytes"] % MEMORY_STEP == 0


def test_one_error_is_told_at_once_as_ten() -> None:
    counted = tally()
    counted.answered(503, 0.1)
    assert read(counted.text())["heard_errors_total|storage"] == ERRORS_STEP
    assert NOBODY in counted.text()


@pytest.mark.parametrize("path", ["/healthz", "/static/a.css"])
def test_a_program_that_asks_whether_it_works_lets_nobody_be_told(
    path: str, tmp_path: Path
) -> None:
    """Else its own questions would make up the many among whom a person is not seen."""
    app = Flask("counted")
    app.add_url_rule("/<path:name>", view_func=lambda name: name)
    counted = init_counting(app, tmp_path / "heard.prom").tally
    counted.begin()
    for _ in range(LEAST):
        app.test_client().get(path)
    assert NOBODY in counted.text()
    for _ in range(LEAST):
        app.test_client().get("/page/1")
    assert NOBODY not in counted.text()
