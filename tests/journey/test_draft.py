from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.journey import Draft, store_page
from app.journey.progress import PageAnswers


def test_a_draft_is_the_same_after_a_stay_as_json(draft: Draft) -> None:
    full = replace(
        draft,
        collector="north",
        at="page:start",
        done=("about", "safety", "consent"),
        consent=("take_part", "quotes"),
        left_out=("floods",),
        accepted=("thunder",),
        answers={"seasons": ["summer", "winter"], "heard": {"row": "yes"}, "words": "ह🌧"},
        declined=("loud",),
        noticed=("words",),
        again={"step": "page:start", "errors": {"days": ["Look at this again"]}},
        seen=("likes_rain", "why_rain"),
        beside={"loud": {"typed": "a few words"}},
        age="12-14",
        return_to="page:start",
        shortcut_off=True,
        sent=True,
        views_of_code=2,
    )

    assert Draft.from_plain(json.loads(json.dumps(full.to_plain()))) == full


def test_a_field_of_another_version_of_the_program_is_left(draft: Draft) -> None:
    assert Draft.from_plain({**draft.to_plain(), "mood": "calm"}) == draft


def test_an_act_leaves_the_draft_before_it_as_it_was(draft: Draft) -> None:
    before = json.dumps(draft.to_plain())

    store_page(draft, ["likes_rain"], PageAnswers({"likes_rain": "yes"}))

    assert json.dumps(draft.to_plain()) == before


@pytest.mark.requirement("R86")
def test_a_draft_has_no_place_for_who_or_when(draft: Draft) -> None:
    assert set(draft.to_plain()) == {
        *("consultation", "digest", "language", "collector", "code"),
        *("response_id", "withdrawal_code", "sent", "views_of_code"),
        *("at", "done", "consent", "left_out", "accepted", "answers", "declined"),
        *("noticed", "media", "again", "forms", "shortcut_off", "seen", "beside", "return_to"),
        "age",  # a span of two years at least, for the text to read (R17)
        *("card", "return_words", "came_from", "kept"),
    }
