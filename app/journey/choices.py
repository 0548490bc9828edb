"""Which choices a question offers to one person, in which order, and words taken up again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from app.consultation import Definition, choices_of, evaluate, parse_expression, text_in
from app.consultation.questions import AnyQuestion, Choice, Rank, SelectMultiple, SelectOne
from app.consultation.references import PIPED

NOT_ANSWERED = "…"
RANDOMIZABLE = (SelectOne, SelectMultiple, Rank)


def offered_choices(
    question: AnyQuestion, answers: Mapping[str, Any], person: str
) -> tuple[Choice, ...]:
    """Return the choices of a question that hold for these answers, in this person's order.

    Args:
        question: any question; one without choices offers none.
        answers: the answers so far, by question name.
        person: a random text that stays the same for one person, so that Back and Forward show
            the same order. Exclusive choices stay at the end, where people look for them.
    """
    offered = [
        choice
        for choice in choices_of(question)
        if not choice.relevant or evaluate(parse_expression(choice.relevant), answers)
    ]
    if isinstance(question, RANDOMIZABLE) and question.randomize:
        offered.sort(key=lambda c: (c.exclusive, _shuffled(person, question.name, c.name)))
    return tuple(offered)


def _shuffled(person: str, question: str, choice: str) -> bytes:
    return hashlib.sha256(f"{person}\0{question}\0{choice}".encode()).digest()


def keep_offered(answer: Any, offered: tuple[Choice, ...], question: AnyQuestion) -> Any:
    """Return `answer` without choices that are not offered any more; None when nothing is left."""
    if answer is None or not choices_of(question):
        return answer
    names = {choice.name for choice in offered}
    if isinstance(answer, list):
        return [name for name in answer if name in names] or None
    if isinstance(answer, dict):
        return {row: name for row, name in answer.items() if name in names} or None
    return answer if answer in names else None


def pipe(text: str, definition: Definition, answers: Mapping[str, Any], language: str) -> str:
    """Return `text` with the chosen labels of earlier questions in their places.

    Only labels of choices are ever put into a text, never words that somebody typed.
    """

    def label(match: re.Match[str]) -> str:
        question = definition.questions.get(match[1])
        if isinstance(question, SelectOne):
            for choice in question.choices:
                if choice.name == answers.get(match[1]):
                    return text_in(choice.label, language)
        return NOT_ANSWERED

    return PIPED.sub(label, text)
