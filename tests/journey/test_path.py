from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.consultation import Definition
from app.journey import Draft, Step, find_path
from tests.definitions import CHOOSING, SMALLEST, load

BEFORE = ("about", "safety", "consent", "leave_out")
WARNINGS = ("warning:thunder", "warning:water", "warning:cold")


def answered(draft: Draft, answers: dict[str, Any], *done: str) -> Draft:
    seen = (*answers, "likes_rain", "why_rain")
    return replace(draft, answers=answers, done=(*BEFORE, *done), seen=seen)


def keys(definition: Definition, draft: Draft) -> list[str]:
    return [step.key for step in find_path(definition, draft).steps]


def test_the_path_begins_before_any_question(definition: Definition, draft: Draft) -> None:
    assert keys(definition, draft) == [
        *BEFORE,
        "page:start",
        *WARNINGS,
        "page:end",
        "check",
    ]


def test_without_topics_nobody_is_asked_what_to_leave_out() -> None:
    definition = load(SMALLEST)
    draft = Draft(definition.consultation, definition.digest, "en", "", "")

    assert keys(definition, draft) == ["about", "safety", "consent", "page:first", "check"]


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, False),
        ({"likes_rain": "no"}, False),
        ({"likes_rain": "yes"}, True),
    ],
)
def test_a_page_is_in_the_path_when_its_rule_holds(
    definition: Definition, draft: Draft, answers: dict[str, Any], shown: bool
) -> None:
    path = find_path(definition, answered(draft, answers, "page:start"))

    assert (path.index("page:rain") is not None) == shown
    assert ("rain" in path.visible) == shown
    assert path.visible["start"] == (("likes_rain", "why_rain") if shown else ("likes_rain",))


def test_an_answer_that_is_no_longer_shown_decides_nothing(
    definition: Definition, draft: Draft
) -> None:
    """`snow` looks at `days`, which was answered before its page left the path."""
    answers = {"likes_rain": "yes", "days": 3, "seasons": ["winter"], "snow": 2}
    with_rain = find_path(definition, answered(draft, answers, "page:start"))
    without = find_path(definition, answered(draft, {**answers, "likes_rain": "no"}, "page:start"))

    assert with_rain.answers["snow"] == 2
    assert "snow" in with_rain.visible["end"]
    assert set(without.answers) == {"likes_rain", "seasons"}
    assert "snow" not in without.visible["end"]


@pytest.mark.requirement("R20")
def test_a_page_behind_a_warning_is_there_only_after_going_on(
    definition: Definition, draft: Draft
) -> None:
    warned = replace(draft, done=(*BEFORE, "page:start", "warning:thunder"))

    assert "page:thunder" not in keys(definition, warned)
    assert "page:thunder" in keys(definition, replace(warned, accepted=("thunder",)))


@pytest.mark.requirement("R25")
def test_a_topic_that_was_left_out_takes_its_pages_away(
    definition: Definition, draft: Draft
) -> None:
    without_floods = keys(definition, replace(draft, left_out=("floods",)))
    without_storms = keys(definition, replace(draft, left_out=("storms",)))

    assert "warning:thunder" in without_floods
    assert "warning:water" not in without_floods
    assert not {"warning:thunder", "warning:water"} & set(without_storms)
    assert "warning:cold" in without_storms


@pytest.mark.requirement("R1", "R20")
def test_only_the_next_step_can_be_seen(definition: Definition, draft: Draft) -> None:
    path = find_path(definition, replace(draft, done=("about", "safety")))

    assert [path.step(number) for number in range(-1, 5)] == [
        None,
        None,
        Step("about"),
        Step("safety"),
        Step("consent"),
        None,
    ]


def test_a_step_gone_through_out_of_order_opens_nothing(
    definition: Definition, draft: Draft
) -> None:
    path = find_path(definition, replace(draft, done=("page:start", "check", "consent")))

    assert path.reachable == 0


def test_when_everything_is_done_the_last_step_is_on_screen(
    definition: Definition, draft: Draft
) -> None:
    everything = (*BEFORE, "page:start", *WARNINGS, "page:end", "check")
    draft = replace(draft, done=everything, seen=("likes_rain", "seasons"))
    path = find_path(definition, draft)

    assert path.steps[path.reachable] == Step("check")
    assert path.step(path.reachable + 2) is None


def test_the_number_of_a_step_is_never_beyond_what_can_be_seen(
    definition: Definition, draft: Draft
) -> None:
    path = find_path(definition, replace(draft, done=("about",)))

    assert [path.number_of(key) for key in ("about", "safety", "check", "page:nowhere")] == [
        1,
        2,
        2,
        2,
    ]


def test_r15_r17_age_stands_before_consent_and_the_check_behind_it() -> None:
    definition = load(CHOOSING)
    draft = Draft(definition.consultation, definition.digest, "en", "", "")

    assert keys(definition, draft)[:7] == [
        *("about", "safety", "age", "consent", "understanding", "leave_out", "page:start"),
    ]


def test_a_page_on_which_a_question_has_appeared_is_asked_again(
    definition: Definition, draft: Draft
) -> None:
    """`snow` appears at the end when the number of days is no longer nought."""
    steps = ("page:start", "page:rain", *WARNINGS, "page:end")
    seen = ("likes_rain", "why_rain", "days", "seasons")
    answers = {"likes_rain": "yes", "days": 0, "seasons": ["winter"]}
    dry = replace(draft, answers=answers, done=(*BEFORE, *steps), seen=seen)
    wet = replace(dry, answers={**answers, "days": 3})

    assert keys(definition, dry)[find_path(definition, dry).reachable] == "check"
    assert keys(definition, wet)[find_path(definition, wet).reachable] == "page:end"
    after = replace(wet, seen=(*seen, "snow"))
    assert keys(definition, after)[find_path(definition, after).reachable] == "check"


def test_words_to_read_that_appear_ask_for_nothing(definition: Definition, draft: Draft) -> None:
    done = (*BEFORE, "page:start", *WARNINGS, "page:end")
    path = find_path(definition, replace(draft, done=done, seen=("likes_rain", "seasons")))

    assert "farewell" in path.visible["end"]
    assert path.steps[path.reachable] == Step("check")
