"""What holds whatever a person does, in any order: presses, changes of mind, going back."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.consultation import Page
from app.journey import (
    Draft,
    PageAnswers,
    Path,
    Step,
    decide_warning,
    find_path,
    finish_page,
    give_consent,
    leave_out,
    mark_done,
    remove_answer,
    response_document,
    skip_page,
    store_page,
)
from tests.definitions import BRANCHING, load

from .conftest import new_draft

DEFINITION = load(BRANCHING)
ASKED = {question.name for question in DEFINITION.asked}
ENDINGS: tuple[Literal["complete", "stopped"], ...] = get_args(Literal["complete", "stopped"])

POSSIBLE: dict[str, list[Any]] = {
    "likes_rain": ["yes", "no"],
    "loud": ["yes", "no"],
    "days": [0, 1, 2],
    "seasons": [["summer"], ["winter"], ["summer", "winter"]],
    "snow": [1, 2, 3],
}


def given_on(names: tuple[str, ...], chance: random.Random) -> PageAnswers:
    """What a person may give to these questions: an answer, a preference, nothing."""
    answers, declined = {}, set()
    for name in names:
        what = chance.choice(["answer", "answer", "skip", "decline"])
        if what == "answer" and name in ASKED:
            answers[name] = chance.choice(POSSIBLE.get(name, ["some words"]))
        elif what == "decline" and DEFINITION.questions[name].prefer_not_to_say:
            declined.add(name)
    return PageAnswers(answers, frozenset(declined))


def on_page(draft: Draft, path: Path, step: Step, chance: random.Random) -> Draft:
    """Answer a page and go on, or answer and go elsewhere, or skip it."""
    page = DEFINITION.pages_by_name[step.page]
    if chance.random() < 0.2:
        skipped = skip_page(draft, page, path.visible[step.page])
        assert not {question.name for question in page.questions} & set(skipped.answers)
        return skipped
    shown = path.visible[step.page]
    draft = store_page(draft, shown, given_on(shown, chance))
    return finish_page(draft, page, shown) if chance.random() < 0.7 else draft


def on_warning(draft: Draft, _path: Path, step: Step, chance: random.Random) -> Draft:
    decisions: list[Literal["continue", "skip", "skip_topic"]]
    decisions = ["continue", "continue", "skip", "skip_topic"]
    page, decision = DEFINITION.pages_by_name[step.page], chance.choice(decisions)
    decided = decide_warning(draft, page, decision, DEFINITION)
    if decision == "skip_topic":
        nothing_of_these_is_open(decided, set(page.topics))
    return decided


def on_leave_out(draft: Draft, _path: Path, _step: Step, chance: random.Random) -> Draft:
    topics = [topic for topic in ("storms", "floods") if chance.random() < 0.4]
    left = leave_out(draft, topics, DEFINITION)
    nothing_of_these_is_open(left, set(topics))
    return left


def on_consent(draft: Draft, _path: Path, _step: Step, chance: random.Random) -> Draft:
    return give_consent(draft, ["take_part", "quotes"][: chance.randint(1, 2)])


def on_check(draft: Draft, _path: Path, _step: Step, chance: random.Random) -> Draft:
    name = chance.choice(sorted(ASKED))
    removed = remove_answer(draft, name)
    assert name not in {*removed.answers, *removed.declined}
    return removed


def on_text(draft: Draft, _path: Path, step: Step, _chance: random.Random) -> Draft:
    return mark_done(draft, step.key)


ON: dict[str, Callable[[Draft, Path, Step, random.Random], Draft]] = {
    "about": on_text,
    "safety": on_text,
    "consent": on_consent,
    "leave_out": on_leave_out,
    "warning": on_warning,
    "page": on_page,
    "check": on_check,
}


def act(draft: Draft, back: int, chance: random.Random) -> Draft:
    """Do something on the step that is `back` steps before the furthest one."""
    path = find_path(DEFINITION, draft)
    place = max(0, path.reachable - back)
    step = path.steps[place]
    after = replace(ON[step.kind](draft, path, step, chance), at=step.key)
    if step.kind != "check":  # where answers of earlier pages can be taken out
        # No step before this one, nor this one, has another number now (R28).
        assert find_path(DEFINITION, after).steps[: place + 1] == path.steps[: place + 1]
    return after


def nothing_of_these_is_open(draft: Draft, topics: set[str]) -> None:
    """No page about a topic that was left out just now waits to be seen (R21)."""
    for step in find_path(DEFINITION, draft).steps:
        if step.kind == "page" and set(DEFINITION.pages_by_name[step.page].topics) & topics:
            assert step.key in draft.done


def no_question_before_consent_and_its_warning(draft: Draft) -> None:  # R1, R20
    path = find_path(DEFINITION, draft)
    for number in range(1, len(path.steps) + 2):
        step = path.step(number)
        if step is None or step.kind not in ("page", "warning"):
            continue
        assert {"about", "safety", "consent", "leave_out"} <= set(draft.done)
        page = DEFINITION.pages_by_name[step.page]
        if step.kind == "page" and page.content_warning:
            assert f"warning:{page.name}" in draft.done
            assert page.name in draft.accepted


def nobody_is_past_a_question_they_never_saw(draft: Draft) -> None:
    path = find_path(DEFINITION, draft)
    for step in path.steps[: path.reachable]:
        if step.kind == "page":
            assert (set(path.visible[step.page]) & ASKED).issubset(draft.seen)


def what_is_sent_is_what_is_shown_and_all_of_it(draft: Draft) -> None:
    path = find_path(DEFINITION, draft)
    shown = {name for names in path.visible.values() for name in names}
    for ended in ENDINGS:
        sent = json.loads(response_document(DEFINITION, draft, ended))
        assert sent["answers"] == {n: v for n, v in draft.answers.items() if n in shown}
        assert set(sent["declined"]) == set(draft.declined) & shown
        told = [*sent["answers"], *sent["declined"], *sent["not_shown"]]
        assert len(told) == len(set(told))
        if ended == "complete":
            assert set(sent["not_shown"]) == ASKED - shown


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    backs=st.lists(st.integers(0, 7), min_size=5, max_size=25),
    straight_on=st.integers(0, 14),
    seed=st.integers(0, 2**16),
)
@example(backs=[0] * 40, straight_on=0, seed=1)
@pytest.mark.requirement("R20", "R36")
def test_whatever_a_person_does(backs: list[int], straight_on: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - answers of a test
    draft = new_draft(DEFINITION)
    for back in [0] * straight_on + backs:
        draft = act(draft, back, chance)
        no_question_before_consent_and_its_warning(draft)
        nobody_is_past_a_question_they_never_saw(draft)
        what_is_sent_is_what_is_shown_and_all_of_it(draft)
        back_again = json.loads(json.dumps(draft.to_plain()))
        assert back_again == draft.to_plain()  # so that what did not change is seen
        assert Draft.from_plain(back_again) == draft
        where = replace(draft, at="check", return_to="consent", again={"step": "check"})
        assert find_path(DEFINITION, where) == find_path(DEFINITION, draft)  # see Visit.noting


def test_the_pages_of_the_definition_branch_in_every_way() -> None:
    def kinds(page: Page) -> tuple[bool, bool, bool]:
        return bool(page.topics), bool(page.content_warning), bool(page.relevant)

    assert {kinds(page) for page in DEFINITION.pages} == {
        (False, False, False),
        (False, False, True),
        (True, True, False),
        (True, True, True),
        (False, True, False),
    }
