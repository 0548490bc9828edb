"""Which steps a person's own path has, and what each of them shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, TypeAlias

from app.consultation import Definition, Page, evaluate, parse_expression
from app.consultation.questions import Choice

from .choices import keep_offered, offered_choices
from .draft import Draft

Kind: TypeAlias = Literal[
    "about",
    "safety",
    "age",
    "consent",
    "understanding",
    "leave_out",
    "warning",
    "page",
    "check",
]


@dataclass(frozen=True)
class Step:
    """One screen of the path; `page` names the page of a warning or of questions."""

    kind: Kind
    page: str = ""

    @cached_property
    def key(self) -> str:
        """The step's identity inside a draft and a form, such as `page:online_life`."""
        return f"{self.kind}:{self.page}" if self.page else self.kind


MOST_STEPS = 4096
"""Steps of all definitions that are kept: they hold nothing of a person."""
_step = lru_cache(maxsize=MOST_STEPS)(Step)


@dataclass(frozen=True)
class Path:
    """The steps of one person, in order, as they follow from the answers so far.

    `visible` gives, for each page in the path, the names of the questions it shows; `choices` the
    choices that each of them offers, in order; `answers` holds only what is shown and offered.
    """

    steps: tuple[Step, ...]
    visible: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, tuple[Choice, ...]]
    answers: Mapping[str, Any]
    reachable: int

    def index(self, key: str) -> int | None:
        """The place of the step with this key, from 0; None when the path does not have it."""
        return next((i for i, step in enumerate(self.steps) if step.key == key), None)

    def step(self, number: int) -> Step | None:
        """The step with this number (from 1) if the person may see it by now."""
        return self.steps[number - 1] if 1 <= number <= self.reachable + 1 else None

    def number_of(self, key: str) -> int:
        """The number (from 1) of the step with this key, or of the furthest step reached."""
        index = self.index(key)
        return (self.reachable if index is None else min(index, self.reachable)) + 1


def find_path(definition: Definition, draft: Draft) -> Path:
    """Return the path that follows from `draft`.

    A step is reachable when every step before it was gone through, so a question can never be
    seen before consent (R1), nor before its warning was answered (R20). A page on which a question
    has appeared since is not gone through: nobody skips what they never saw.
    """
    steps = list(_before_questions(definition))
    visible: dict[str, tuple[str, ...]] = {}
    choices: dict[str, tuple[Choice, ...]] = {}
    answers: dict[str, Any] = {}
    for page in definition.pages:
        if page.relevant and not evaluate(parse_expression(page.relevant), answers):
            continue
        page_steps = list(_steps_of(page, draft))
        steps.extend(page_steps)
        if any(step.kind == "page" for step in page_steps):
            visible[page.name] = _visible(page, draft, answers, choices)
    steps.append(_step("check"))
    to_do = (i for i, step in enumerate(steps) if not _is_done(step, definition, draft, visible))
    return Path(tuple(steps), visible, choices, answers, next(to_do, len(steps) - 1))


def unmet_constraints(page: Page, path: Path) -> list[str]:
    """Return the questions of a page whose answer is outside what their constraint allows.

    A constraint never asks for an answer: what was skipped is never outside.
    """
    return [
        question.name
        for question in page.constrained
        if question.name in path.visible.get(page.name, ())
        and question.name in path.answers
        and not evaluate(
            parse_expression(question.constraint), path.answers, path.answers[question.name]
        )
    ]


def _before_questions(definition: Definition) -> Iterator[Step]:
    yield _step("about")
    yield _step("safety")
    if definition.audience.bands:
        yield _step("age")
    yield _step("consent")
    if definition.consent.understanding:
        yield _step("understanding")
    if definition.topics:
        yield _step("leave_out")


def _is_done(
    step: Step, definition: Definition, draft: Draft, visible: Mapping[str, tuple[str, ...]]
) -> bool:
    if step.key not in draft.done:
        return False
    if step.kind != "page":
        return True
    asked = definition.pages_by_name[step.page].asked_names
    return asked.intersection(visible[step.page]).issubset(draft.seen)


def _steps_of(page: Page, draft: Draft) -> Iterator[Step]:
    """The warning of a page, and the page: each only when this person is to see it."""
    shown, warning = _step("page", page.name), _step("warning", page.name)
    left_out = bool(set(page.topics) & set(draft.left_out))
    if not page.content_warning:
        if shown.key in draft.done or not left_out:
            yield shown
        return
    if warning.key in draft.done or not left_out:
        yield warning
    if page.name in draft.accepted:
        yield shown


def _visible(
    page: Page,
    draft: Draft,
    answers: dict[str, Any],
    choices: dict[str, tuple[Choice, ...]],
) -> tuple[str, ...]:
    """The questions that a page shows; adds their choices and answers as it goes."""
    names = []
    for question in page.questions:
        if question.relevant and not evaluate(parse_expression(question.relevant), answers):
            continue
        names.append(question.name)
        offered = offered_choices(question, answers, draft.response_id)
        choices[question.name] = offered
        kept = keep_offered(draft.answers.get(question.name), offered, question)
        if kept is not None:
            answers[question.name] = kept
    return tuple(names)
