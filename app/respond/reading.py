"""What one posted page holds, and what becomes of answers that exclude each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.consultation.questions import AnyQuestion
from app.journey import PageAnswers

MOST_KEPT = 12_000
"""Characters of one text that a draft keeps even when the question asks for fewer."""


@dataclass
class Reading:
    """What one posted page holds: stored answers, and what a person may want to look at again.

    `beside` holds what was given beside a choice that excludes it, field by field as typed.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    declined: set[str] = field(default_factory=set)
    errors: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    far_too_long: set[str] = field(default_factory=set)
    beside: dict[str, dict[str, str]] = field(default_factory=dict)

    def page_answers(self) -> PageAnswers:
        """What can be stored: of a text that no draft has room for, its beginning."""
        long = self.far_too_long & set(self.answers)
        cut = {name: self.answers[name][:MOST_KEPT].rstrip() for name in long}
        beside = {
            name: {place: text[:MOST_KEPT] for place, text in typed.items()}
            for name, typed in self.beside.items()
        }
        return PageAnswers({**self.answers, **cut}, frozenset(self.declined), beside)


def put_beside(question: AnyQuestion, typed: Mapping[str, str], reading: Reading) -> None:
    """Keep what cannot stay together on screen and out of the answers, and say what follows.

    "I prefer not to say" wins over an answer beside it: what is sent by mistake cannot be unsent.
    Of two choices that exclude each other nobody knows which is meant, so neither is sent.

    Args:
        question: the question.
        typed: what stands in its fields, by their last part; or the chosen choices.
        reading: of the page, with the question in `declined` if it is declined.
    """
    reading.beside[question.name] = dict(typed)
    reading.errors[question.name] = [beside_words(declined=question.name in reading.declined)]


def beside_words(*, declined: bool) -> str:
    """What is said about an answer beside a choice that excludes it."""
    if declined:
        return _(
            "You gave an answer, and you also chose “I prefer not to say”. Keep one of them. If "
            "you leave both and go on, your answer is deleted."
        )
    return _(
        "Two of your answers do not go together. Keep one of them. If you leave both and go on, "
        "this question is skipped."
    )
