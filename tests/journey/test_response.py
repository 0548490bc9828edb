from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Literal

import pytest

from app.consultation import Definition
from app.journey import Draft, response_document

BEFORE = ("about", "safety", "consent", "leave_out")
WARNED = ("warning:thunder", "warning:water", "warning:cold")
ALL = (
    *BEFORE,
    *("page:start", "page:rain", "warning:thunder", "page:thunder"),
    *("warning:water", "warning:cold", "page:end"),
)


def document(
    definition: Definition, draft: Draft, ended: Literal["complete", "stopped"] = "complete"
) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(response_document(definition, draft, ended))
    return plain


@pytest.mark.requirement("R86")
def test_a_whole_response_says_what_was_chosen_and_nothing_else(
    definition: Definition, draft: Draft
) -> None:
    full = replace(
        draft,
        language="en",
        collector="north",
        consent=("take_part", "quotes"),
        done=ALL,
        accepted=("thunder",),
        answers={
            "snow": 2,
            "seasons": ["winter"],
            "days": 3,
            "why_rain": "मृदु 🌧",
            "likes_rain": "yes",
            "storm_words": "A roof.",
        },
        declined=("loud",),
    )

    assert document(definition, full) == {
        "format": 1,
        "consultation": "small",
        "version": 1,
        "definition": definition.digest,
        "language": "en",
        "collector": "north",
        "consent": ["take_part", "quotes"],
        "answers": {
            "likes_rain": "yes",
            "why_rain": "मृदु 🌧",
            "days": 3,
            "storm_words": "A roof.",
            "seasons": ["winter"],
            "snow": 2,
        },
        "not_shown": ["flood_words", "cold_words"],
        "declined": ["loud"],
        "ended": "complete",
    }


def test_the_order_is_the_definitions_and_not_that_of_typing(
    definition: Definition, draft: Draft
) -> None:
    answers: dict[str, Any] = {"seasons": ["summer"], "likes_rain": "yes", "days": 1}
    full = replace(draft, done=ALL, answers=answers)
    turned = replace(full, answers=dict(reversed(answers.items())), done=tuple(reversed(ALL)))

    assert response_document(definition, full, "complete") == response_document(
        definition, turned, "complete"
    )


@pytest.mark.requirement("R38")
def test_a_skipped_question_has_no_key(definition: Definition, draft: Draft) -> None:  # R38
    found = document(definition, replace(draft, done=ALL, answers={"likes_rain": "no"}))

    assert found["answers"] == {"likes_rain": "no"}
    assert "seasons" not in found["not_shown"]
    assert {"why_rain", "days", "snow"} <= set(found["not_shown"])


def test_an_answer_whose_question_left_the_path_is_not_sent(
    definition: Definition, draft: Draft
) -> None:
    typed = {"likes_rain": "no", "why_rain": "before I changed my mind", "days": 3}

    found = document(definition, replace(draft, done=ALL, answers=typed))

    assert found["answers"] == {"likes_rain": "no"}
    assert {"why_rain", "days"} <= set(found["not_shown"])


def test_a_preference_whose_question_left_the_path_is_not_sent(
    definition: Definition, draft: Draft
) -> None:
    found = document(definition, replace(draft, done=ALL, declined=("loud", "storm_words")))

    assert found["declined"] == []
    assert {"loud", "storm_words"} <= set(found["not_shown"])


def test_stopping_says_the_last_page_that_was_on_screen(
    definition: Definition, draft: Draft
) -> None:
    on_second = replace(
        draft,
        at="page:rain",
        done=(*BEFORE, "page:start"),
        seen=("likes_rain", "why_rain"),
        answers={"likes_rain": "yes"},
    )

    found = document(definition, on_second, "stopped")

    assert found["ended"] == "stopped"
    assert found["reached"] == "rain"
    assert found["answers"] == {"likes_rain": "yes"}
    assert found["not_shown"] == []


def test_stopping_at_a_warning_tells_the_questions_behind_it_from_skipped_ones(
    definition: Definition, draft: Draft
) -> None:
    warned = replace(
        draft, at="warning:thunder", done=(*BEFORE, "page:start"), seen=("likes_rain",)
    )

    found = document(definition, warned, "stopped")

    assert found["reached"] == "start"
    assert found["not_shown"] == ["why_rain"]


def test_stopping_before_any_page_reaches_nothing(definition: Definition, draft: Draft) -> None:
    found = document(definition, replace(draft, at="leave_out", done=BEFORE[:3]), "stopped")

    assert (found["reached"], found["answers"], found["not_shown"]) == (None, {}, [])


def test_stopping_sends_what_was_typed_on_a_page_that_was_left_by_going_back(
    definition: Definition, draft: Draft
) -> None:
    back = replace(
        draft,
        at="page:start",
        done=(*BEFORE, "page:start"),
        answers={"likes_rain": "yes", "days": 3},
    )

    found = document(definition, back, "stopped")

    assert found["answers"] == {"likes_rain": "yes", "days": 3}
    assert found["reached"] == "rain"


def test_stopping_on_a_page_that_opened_late_sends_what_was_answered_after_it(
    definition: Definition, draft: Draft
) -> None:
    """Back at the beginning, another answer opens a page in the middle; then "Stop and send"."""
    late = replace(
        draft,
        at="page:rain",
        done=(*BEFORE, "page:start", *WARNED, "page:end"),
        answers={"likes_rain": "yes", "seasons": ["summer"]},
    )

    found = document(definition, late, "stopped")

    assert found["answers"] == {"likes_rain": "yes", "seasons": ["summer"]}
    assert found["reached"] == "end"


def test_stopping_tells_a_question_that_appeared_later_from_a_skipped_one(
    definition: Definition, draft: Draft
) -> None:
    """The page was gone through before `snow` was on it."""
    later = replace(
        draft,
        at="page:rain",
        done=(*BEFORE, "page:start", "page:rain", *WARNED, "page:end"),
        seen=("likes_rain", "why_rain", "days", "seasons"),
        answers={"likes_rain": "yes", "days": 3, "seasons": ["winter"]},
    )

    found = document(definition, later, "stopped")

    assert found["reached"] == "end"
    assert "snow" in found["not_shown"]
    assert "why_rain" not in found["not_shown"]


def test_r17_r38_neither_the_age_nor_what_stands_beside_a_refusal_is_sent(
    definition: Definition, draft: Draft
) -> None:
    full = replace(
        draft,
        done=ALL,
        accepted=("thunder",),
        age="13-17",
        declined=("storm_words",),
        beside={"storm_words": {"typed": "unsaid"}},
    )

    sent = response_document(definition, full, "complete").decode()

    assert "13-17" not in sent
    assert "unsaid" not in sent
    assert json.loads(sent)["declined"] == ["storm_words"]
