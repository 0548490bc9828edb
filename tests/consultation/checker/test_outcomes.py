"""Numbers that people are told: none of fewer than ten, none that can be worked out."""

from __future__ import annotations

import pytest

from tests.complete import check, with_blocks

pytestmark = pytest.mark.requirement("R97")


def found(text: str, language: str = "en") -> list[str]:
    """What the rule says of a text that is heard."""
    told = f"""\
languages: [{language}]
outcomes:
  - heard: "{text}"
    child_version: x
    change: There are 2 lamps in three parks.
    by: 2027-09-30
    state: agreed
"""
    return [f.message for f in check(with_blocks(told)).findings if f.rule == "outcome-numbers"]


@pytest.mark.parametrize(
    "text",
    [
        "3 of you",
        "only 9",
        "Three of you",
        "one girl said so",
        "50% (4 of 8)",
        "83% (35 of 42)",
        "83 % ( 35 out of 42 )",
        "٣ منكم",
        "९ जना",
        "Answers: 7.",
    ],
)
def test_few_people_are_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Many of you",
        "71% (85 of 120)",
        "100% (42 of 42)",
        "about 5% of you",
        "between 13 and 17",
        "on 3.5.2027",
        "24/7",
        "10 of you",
        "at 9:30",
        "the 4-hour line",
        "G7",
        "someone",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Trois filles l'ont dit"),
        ("es", "Cinco chicas"),
        ("pt", "Duas de vocês"),
        ("sw", "Watu watatu walisema"),
        ("ar", "قالت ثلاث فتيات"),
        ("ne", "दुई जना किशोरीले भने"),
        ("bn", "তিনজন বলেছে"),
    ],
)
def test_words_of_eight_languages(language: str, text: str) -> None:
    assert found(text, language)


def test_a_childs_version_may_say_within_two_days_and_not_3_of_you() -> None:
    told = (
        "outcomes:\n  - {heard: x, child_version: CHILD, change: y, by: 2027-09-30, state: sent}\n"
    )
    rules = {
        child: {f.rule for f in check(with_blocks(told.replace("CHILD", child))).findings}
        for child in ("They answer within two days.", "3 of you said so.")
    }

    assert ["outcome-numbers" in each for each in rules.values()] == [False, True]


def test_a_draft_may_say_anything() -> None:
    told = "outcomes: [{heard: 3 of you, state: draft}]\n"

    assert [f for f in check(with_blocks(told)).findings if f.rule == "outcome-numbers"] == []
