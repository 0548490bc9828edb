"""Names that the consultation language admits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.xlsform.names import Names, choice_name_from, id_from, name_from

MADE = {
    **{"Q1.Näme-of person": "q1_name_of_person", "_1": "q_1", "1st": "q_1st", "a__b": "a_b"},
    **{"समय": "otherwise", "": "otherwise", "A" * 60: "a" * 40, "Österreich": "osterreich"},
}
CHOICES = {"-888": "minus_888", "Yes, A": "yes_a", "0.5": "0_5", "99": "99", "…": "otherwise"}


@pytest.mark.parametrize("written", MADE)
def test_a_question_gets_a_name(written: str) -> None:
    assert name_from(written, "otherwise") == MADE[written]


@pytest.mark.parametrize("written", CHOICES)
def test_a_choice_gets_a_name(written: str) -> None:
    assert choice_name_from(written, "otherwise") == CHOICES[written]


def test_an_id_has_hyphens() -> None:
    assert id_from("2024 My Form!") == "my-form"


@given(st.lists(st.text(max_size=60), max_size=30))
def test_names_are_admitted_and_given_once(written: list[str]) -> None:
    names = Names(["action"])
    given_names = [names.give(name_from(one, "question")) for one in written]
    assert len(set(given_names)) == len(given_names)
    assert "action" not in given_names
    for name in given_names:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name)
        assert "__" not in name
