"""What came of the answers: when it is late, what is told of which area, and what stays a draft."""

from __future__ import annotations

import datetime as dt

import pytest

from app.consultation import DefinitionErrors
from app.consultation.outcomes import Reply, by_area, reply_from_json
from tests.complete import check, with_blocks
from tests.definitions import SMALLEST, load

DAY = dt.date(2027, 3, 1)
NEXT = DAY + dt.timedelta(days=1)
REPLY = """\
outcomes:
  - {heard: It is hard to tell, change: One button, by: 2027-03-01, state: STATE}
"""


def told(state: str) -> Reply:
    return load(SMALLEST + REPLY.replace("STATE", state)).reply


@pytest.mark.parametrize("state", ["agreed", "sent", "answered"])
def test_r93_an_outcome_is_late_the_day_after_its_day_and_not_before(state: str) -> None:
    (outcome,) = told(state).outcomes

    assert not outcome.is_late(DAY)
    assert outcome.is_late(NEXT)


def test_r93_what_is_done_is_never_late_nor_what_has_no_day() -> None:
    (done,) = told("done").outcomes
    refused = "outcomes: [{heard: x, no_change: y, why: z, state: answered}]"
    (no_day,) = load(SMALLEST + refused).reply.outcomes

    assert not done.is_late(NEXT)
    assert not no_day.is_late(NEXT)


@pytest.mark.parametrize(
    ("state", "late"), [("agreed", True), ("sent", True), ("answered", False), ("done", False)]
)
def test_r93_who_listens_is_late_until_everything_is_answered(state: str, late: bool) -> None:
    assert told(state).is_late(DAY, NEXT) is late
    assert not told(state).is_late(DAY, DAY)


def test_r93_who_listens_is_late_when_nothing_is_told_at_all() -> None:
    assert not Reply().is_late(DAY, DAY)
    assert Reply().is_late(DAY, NEXT)


def test_late_cannot_be_typed() -> None:
    with pytest.raises(DefinitionErrors) as refused:
        told("late")

    (finding,) = refused.value.findings
    assert (finding.rule, finding.line) == ("value", SMALLEST.count("\n") + 2)
    assert "draft" in finding.message


def test_a_draft_and_what_has_no_state_are_told_to_nobody() -> None:
    assert told("draft").is_empty
    assert load(SMALLEST + "outcomes: [{heard: x}]").reply.is_empty


def test_what_is_told_afterwards_makes_no_other_version() -> None:
    before, after = load(SMALLEST), load(SMALLEST + REPLY.replace("STATE", "sent"))

    assert after.digest == before.digest
    assert "outcomes" not in after.canonical_json()


def test_a_language_is_offered_although_an_outcome_is_not_yet_translated() -> None:
    two = SMALLEST.replace("languages: [en]", "languages: [en, fr]")
    for word in ("A title", "Questions", "Who asks, and what about.", "I want to answer", "Red"):
        two = two.replace(f": {word}", f': {{en: "{word}", fr: "{word}"}}')
    for word in ("Somebody", "My words may be quoted", "Which colour?", "Blue", "We read it."):
        two = two.replace(f": {word}", f': {{en: "{word}", fr: "{word}"}}')

    assert load(two).complete_languages == ["en", "fr"]
    assert load(two + REPLY.replace("STATE", "sent")).complete_languages == ["en", "fr"]


def test_a_reply_comes_back_from_its_json_with_its_languages_in_order() -> None:
    text = SMALLEST.replace("languages: [en]", "languages: [fr, ar, en]")
    text = text.replace("title: A title", "title: {fr: T, ar: T, en: T}")
    heard = "outcomes: [{heard: {ar: ع, en: e, fr: f}, state: sent, change: c, by: 2027-03-01}]"
    reply = load(text + heard).reply

    again = reply_from_json(reply.to_json(), ["fr", "ar", "en"])

    assert again == reply
    assert list(again.outcomes[0].heard) == ["fr", "ar", "en"]


AREAS = SMALLEST.replace("  - name: first\n", "  - name: first\n    area: reporting\n")


def blocks(text: str) -> list[tuple[str | None, int, str]]:
    whole = load(text)
    return [
        (block.area, len(block.outcomes), block.empty)
        for block in by_area(whole.reply, whole.areas)
    ]


def test_r93_every_area_is_told_of_also_when_there_is_nothing() -> None:
    asked = AREAS + (
        "  - {name: two, area: support, questions: [{name: q2, type: text, label: Q}]}\n"
        "  - name: three\n"
        "    questions: [{name: q3, type: text, label: Q, area: training}]\n"
        "nobody_answered: [training]\n"
    )
    told = "outcomes: [{heard: x, area: reporting, state: sent}, {heard: y, state: sent}]"

    assert blocks(asked + told) == [
        ("reporting", 1, ""),
        ("support", 0, "nothing yet"),
        ("information", 0, "not asked"),
        ("training", 0, "nobody answered"),
        (None, 1, ""),
    ]


def test_without_areas_there_is_one_block() -> None:
    assert blocks(SMALLEST + "outcomes: [{heard: y, state: sent}]") == [(None, 1, "")]
    assert blocks(SMALLEST) == []


def test_an_area_of_an_outcome_shows_all_four_although_no_question_has_one() -> None:
    found = blocks(SMALLEST + "outcomes: [{heard: y, area: support, state: sent}]")

    assert [area for area, _, _ in found] == ["reporting", "support", "information", "training"]
    assert [empty for _, _, empty in found] == ["not asked", "", "not asked", "not asked"]


WHOLE = "heard: x, child_version: You say x., change: y, by: 2027-03-01"


@pytest.mark.parametrize(
    ("outcome", "rule"),
    [
        ("heard: x, state: sent, child_version: x", "outcome"),
        ("heard: x, child_version: x, state: sent, no_change: y", "outcome"),
        ("heard: x, child_version: x, state: answered, change: y", "outcome"),
        (
            "heard: x, child_version: x, state: sent, no_change: y, why: z, by: 2027-03-01",
            "outcome",
        ),
        ("heard: x, child_version: x, state: done, no_change: y, why: z", "outcome"),
        ("heard: x, state: sent, change: y, by: 2027-03-01", "outcome-for-children"),
    ],
)
def test_what_is_told_is_whole_and_a_draft_may_be_half(outcome: str, rule: str) -> None:
    shown = check(with_blocks(f"outcomes: [{{{outcome}}}]"))
    state = next(word for word in ("sent", "answered", "done") if f"state: {word}" in outcome)
    draft = check(with_blocks(f"outcomes: [{{{outcome.replace(state, 'draft')}}}]"))

    assert [finding.rule for finding in shown.standing] == [rule]
    assert draft.standing == ()


def test_r94_adults_alone_need_no_version_for_children() -> None:
    grown = with_blocks(
        "audience: {from_age: 18}\nconsent: {model: adult, text: It is your choice.,"
        " statements: [{name: take_part, label: Yes}]}"
    )
    outcome = "outcomes: [{heard: x, state: sent, change: y, by: 2027-03-01}]"

    rules = {finding.rule for finding in check(with_blocks(outcome, grown)).findings}

    assert "outcome-for-children" not in rules


FOR_ADULTS = (
    "The companies will put one button on every page. They will answer every report within a day, "
    "and they will publish how many there were."
)
"""School grade 5.8: more than people of 13 read, and less than adults do."""


@pytest.mark.parametrize(("key", "found"), [("heard: x", []), ("You say x.", ["reading-grade"])])
def test_r94_the_version_for_children_is_measured_at_their_grade(
    key: str, found: list[str]
) -> None:
    text = WHOLE.replace(key, key.replace("x", "").replace("You say .", "") + f"'{FOR_ADULTS}'")

    standing = check(with_blocks(f"outcomes: [{{{text}, state: sent}}]")).standing

    assert [finding.rule for finding in standing] == found


def test_children_meet_no_words_of_lawyers_in_their_version() -> None:
    lawyers = WHOLE.replace("You say x.", "Stakeholders agree.")
    for_adults = WHOLE.replace("heard: x", "heard: Stakeholders agree.")

    found = [
        check(with_blocks(f"outcomes: [{{{text}, state: sent}}]")).standing
        for text in (lawyers, for_adults)
    ]

    assert [[finding.rule for finding in standing] for standing in found] == [["legal-words"], []]


def test_nobody_answered_is_said_of_what_was_asked_and_is_not_told() -> None:
    never = check(with_blocks("nobody_answered: [training]"))
    outcome = f"outcomes: [{{{WHOLE}, area: training, state: sent}}]\nnobody_answered: [training]"
    both = check(with_blocks(outcome))

    assert [finding.rule for finding in never.standing] == ["outcome"]
    assert [finding.rule for finding in both.standing] == ["outcome"]
