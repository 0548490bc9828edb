"""Conditions in words: right for every way in which an expression can be written."""

from __future__ import annotations

import pytest

from app.consultation.questions import Note
from app.paper.clauses import Clause, Clauses, Condition, Several
from app.paper.conditions import condition_of
from app.paper.words import Words

from .definitions import everything


@pytest.fixture(scope="module")
def clauses() -> Clauses:
    """Questions numbered as they stand in the file; `never` is not printed."""
    definition = everything()
    asked = [name for name, q in definition.questions.items() if not isinstance(q, Note)]
    numbers = {name: number for number, name in enumerate(asked, 1) if name != "never"}
    return Clauses(definition.questions, numbers, Words("en"))


def said(condition: Condition) -> object:
    """A condition as nested plain data: words, or ("all" or "any", …)."""
    if isinstance(condition, Clause):
        return condition.words
    if isinstance(condition, Several):
        return ("all" if condition.every else "any", *map(said, condition.parts))
    return condition


ONE_QUESTION = [
    ("${weather} = 'rain'", "you answered “Rain” to question 1"),
    ("'rain' = ${weather}", "you answered “Rain” to question 1"),
    ("selected(${weather}, 'rain')", "you answered “Rain” to question 1"),
    ("not(${weather} = 'rain')", "you did not answer “Rain” to question 1"),
    # A skipped question makes a comparison false, so != is not the opposite of =.
    ("${weather} != 'rain'", "you answered “Sun” or “Snow” to question 1"),
    ("not(${weather} != 'rain')", "you did not answer “Sun” or “Snow” to question 1"),
    ("${weather} = 'sun' or ${weather} = 'rain'", "you answered “Sun” or “Rain” to question 1"),
    ("${weather} = 'sun' and ${weather} = 'rain'", False),
    ("answered(${weather})", "you answered question 1"),
    ("not(answered(${weather}))", "you did not answer question 1"),
    ("answered(${weather}) or not(answered(${weather}))", True),
    ("selected(${likes}, 'smell')", "you ticked “The smell” in question 2"),
    ("not(selected(${likes}, 'smell'))", "you did not tick “The smell” in question 2"),
    (
        "selected(${likes}, 'smell') and selected(${likes}, 'light')",
        "you ticked “The smell” and “The light” in question 2",
    ),
    (
        "selected(${likes}, 'smell') or selected(${likes}, 'light')",
        "you ticked “The smell” or “The light” in question 2",
    ),
    (
        "not(selected(${likes}, 'smell') or selected(${likes}, 'light'))",
        "you did not tick “The smell” or “The light” in question 2",
    ),
    ("count_selected(${likes}) >= 2", "you ticked at least 2 squares in question 2"),
    ("count_selected(${likes}) > 2", "you ticked at least 3 squares in question 2"),
    ("count_selected(${likes}) = 1", "you ticked exactly 1 square in question 2"),
    # A question that was left out has no count, so “fewer than 3” needs one tick.
    ("count_selected(${likes}) < 3", "you ticked 1 to 2 squares in question 2"),
    ("not(count_selected(${likes}) >= 3)", "you ticked no more than 2 squares in question 2"),
    ("count_selected(${likes}) > 0", "you answered question 2"),
    ("count_selected(${likes}) > 9", False),
    ("${days} = 3", "you wrote 3 in question 3"),
    ("${days} != 3", "you wrote something other than 3 in question 3"),
    ("${days} < 3", "you wrote less than 3 in question 3"),
    ("${days} <= 3", "you wrote 3 or less in question 3"),
    ("3 < ${days}", "you wrote more than 3 in question 3"),
    ("${days} >= -3", "you wrote −3 or more in question 3"),
    ("selected(${best}, 'a')", "you gave “First thing” a place in question 6"),
    ("not(selected(${best}, 'a'))", "you gave “First thing” no place in question 6"),
    ("${how_much} >= 8", "you answered 8, 9, or 10 to question 7"),
    ("${how_much} + 1 > 9 and ${how_much} < 10", "you answered 9 to question 7"),
    ("${words} = 'yes'", "you wrote “yes” in question 11"),
    ("${when} = '2026-05'", "you wrote May 2026 in question 13"),
    ("${year} = '2026'", "you wrote 2026 in question 14"),
    ("${where} = 'NP'", "you wrote Nepal in question 15"),
    ("true()", True),
    ("not(true())", False),
]

SEVERAL = [
    (
        "${weather} = 'rain' and ${days} > 3",
        ("all", "you answered “Rain” to question 1", "you wrote more than 3 in question 3"),
    ),
    (
        "${weather} = 'rain' or ${days} > 3",
        ("any", "you answered “Rain” to question 1", "you wrote more than 3 in question 3"),
    ),
    (
        "not(${weather} = 'rain' or ${days} > 3)",
        (
            "all",
            "you did not answer “Rain” to question 1",
            ("any", "you wrote 3 or less in question 3", "you did not answer question 3"),
        ),
    ),
    (
        "${weather} = 'sun' or ${days} > 3 or ${weather} = 'rain'",
        (
            "any",
            "you answered “Sun” or “Rain” to question 1",
            "you wrote more than 3 in question 3",
        ),
    ),
    (
        "${weather} = 'sun' and (${days} > 3 or selected(${likes}, 'none'))",
        (
            "all",
            "you answered “Sun” to question 1",
            ("any", "you wrote more than 3 in question 3", "you ticked “Nothing” in question 2"),
        ),
    ),
    (
        "not(selected(${likes}, 'smell') and selected(${likes}, 'light'))",
        (
            "any",
            "you did not tick “The smell” in question 2",
            "you did not tick “The light” in question 2",
        ),
    ),
    (
        "count_selected(${likes}) != 2",
        (
            "any",
            "you ticked exactly 1 square in question 2",
            "you ticked at least 3 squares in question 2",
        ),
    ),
    # What is not on paper is skipped by everybody.
    ("${never} = 'x'", False),
    ("not(${never} = 'x')", True),
    ("${never} = 'x' or ${days} > 3", "you wrote more than 3 in question 3"),
]

FORMULAS = [
    ("${days} + ${hours} > 10", "[answer 3] + [answer 4] > 10"),
    ("${days} * (${hours} - 2) <= 10", "[answer 3] × ([answer 4] - 2) ≤ 10"),
    ("${words} = ${line}", "[answer 11] = [answer 12]"),
    ("count_selected(${best}) > 1", "[how many you chose in question 6] > 1"),
]


@pytest.mark.parametrize(("source", "words"), [*ONE_QUESTION, *SEVERAL])
def test_it_says_for_whom_a_question_is(clauses: Clauses, source: str, words: object) -> None:
    assert said(condition_of(source, clauses)) == words


@pytest.mark.parametrize(("source", "formula"), FORMULAS)
def test_what_words_cannot_say_is_a_formula(clauses: Clauses, source: str, formula: str) -> None:
    before = "this is so, with your answers in place of the brackets: "

    assert said(condition_of(source, clauses)) == before + formula
    negative = said(condition_of(f"not({source})", clauses))
    assert negative == before.replace("is so", "is not so") + formula


def test_a_comparison_with_a_question_that_is_not_printed_never_holds(clauses: Clauses) -> None:
    assert said(condition_of("${line} = ${never}", clauses)) is False


@pytest.mark.parametrize("source", [source for source, _words in ONE_QUESTION])
@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_every_language_can_say_it(clauses: Clauses, source: str, language: str) -> None:
    """Given a language of the interface, then no sentence and no number is missing."""
    there = Clauses(clauses.questions, clauses.numbers, Words(language))

    english = said(condition_of(source, clauses))
    words = said(condition_of(source, there))

    if isinstance(english, str):
        assert isinstance(words, str)
        assert words != english
        numbers = [part for part in english.split() if part.isdigit()]
        assert numbers[-1] in words
    else:
        assert words == english
