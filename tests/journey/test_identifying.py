from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation import Definition, identifying
from app.consultation.identifying import find_identifying, take_out
from app.journey import Draft, PageAnswers, response_document, store_page

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).with_name("identifying-vectors.json").read_text(encoding="utf-8")
)
REGIONS: list[str] = VECTORS["regions"]
LISTED = frozenset(VECTORS["listed"])

pytestmark = pytest.mark.requirement("R72")


def marked(text: str, regions: list[str] = REGIONS) -> list[str]:
    return [piece.text for piece in find_identifying(text, regions, LISTED) if piece.marked]


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["text"][:30])
def test_r72_what_could_show_who_somebody_is_is_marked_and_nothing_else(
    vector: dict[str, Any],
) -> None:
    assert marked(vector["text"]) == vector.get("found", vector.get("server"))


@pytest.mark.parametrize(
    ("regions", "found"), [(["LB"], ["70 123 456"]), (["FR", "GB"], []), ([], [])]
)
def test_few_digits_in_groups_are_a_number_where_a_numbering_plan_knows_them(
    regions: list[str], found: list[str]
) -> None:
    assert marked("70 123 456", regions) == found


def test_a_number_that_everybody_may_call_is_not_marked_whatever_its_groups() -> None:
    assert marked("0203 555 010, 0203555010, (0203) 555-010") == []
    assert marked("0203 555 011") == ["0203 555 011"]


def test_a_free_call_is_nobodys_own_number() -> None:
    """Those who answer at a toll-free number are services (0800 in Britain)."""
    assert marked("0800 555 0123", ["GB"]) == []
    assert marked("0800 555 0123", []) == ["0800 555 0123"]


@given(st.text(alphabet="ab @.,0123456789+-()#_:/www\nक", max_size=300))
def test_the_pieces_together_are_the_text(text: str) -> None:
    pieces = find_identifying(text)

    assert "".join(piece.text for piece in pieces) == (text if pieces else "")
    assert not pieces or any(piece.marked for piece in pieces)


@given(st.text(alphabet="ab @.,0123456789+-()#_:/www\nक", max_size=300))
def test_what_was_taken_out_is_not_there_any_more(text: str) -> None:
    taken = take_out(text)

    assert len(taken) <= len(text)
    for piece in find_identifying(text):
        assert piece.marked or piece.text in taken
    if not find_identifying(text):
        assert taken == text


def test_r72_a_piece_is_taken_out_and_the_words_around_it_stay() -> None:
    text = "Call 024 555 0123 or write to ama@example.org.\nThen wait."

    assert take_out(text, REGIONS) == "Call […] or write to […].\nThen wait."


def test_r72_what_is_sent_is_the_same_whether_anything_was_asked(
    definition: Definition, draft: Draft
) -> None:
    """Neither that the question was asked nor what was chosen goes into a response."""
    told = store_page(draft, ["words"], PageAnswers({"words": "I am @ama_m"}))
    asked = replace(told, noticed=("words",), again={"step": "page:words", "notices": ["words"]})

    sent = response_document(definition, told, "complete")

    assert response_document(definition, asked, "complete") == sent


@pytest.mark.parametrize(
    "text",
    [
        *("1" * 12_000, "a." * 6_000, "@" * 12_000, "a@" * 6_000, "1 -" * 4_000, "a_" * 6_000),
        *("@a." * 4_000, "a#" * 6_000, "#1234" * 2_400, "(" * 12_000, "+1" * 6_000),
        *("02 12 34 56, " * 900, "07700 900123, " * 850, "a.b.c.d.com " * 1_000),
    ],
    ids=lambda text: text[:12],
)
def test_the_longest_text_takes_no_time_to_look_through(text: str) -> None:
    before = time.process_time()

    find_identifying(text, REGIONS, LISTED)

    assert time.process_time() - before < 1


TALK = st.text(alphabet="ab1239@_#.:/ wcom(+)-،؟\u0661\u0662\n", max_size=40) | st.text(max_size=40)


@given(st.lists(TALK | st.sampled_from(["www.", ".com", "https://", "0770"]), max_size=4))
def test_what_is_passed_over_at_once_has_no_piece(parts: list[str]) -> None:
    text = "".join(parts)

    if list(identifying._spans(text, REGIONS, LISTED)):
        assert identifying._could_hold_a_piece(text)
