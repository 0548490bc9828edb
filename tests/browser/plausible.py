"""Answers that anybody could give to any consultation, for looking at its pages filled in."""

from __future__ import annotations

from app.consultation import Definition
from app.consultation.questions import (
    AnyQuestion,
    Country,
    Date,
    Decimal,
    Integer,
    Matrix,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
    TextQuestion,
    choices_of,
)

from .walking import Answer

WORDS = "A few words of mine. كلمات قليلة मेरा केही शब्द"


def plausible_answers(definition: Definition) -> dict[str, Answer]:
    """One answer to each question; a choice opens the pages that depend on it where it can."""
    answers = {question.name: _answer(question, definition) for question in definition.asked}
    return {name: answer for name, answer in answers.items() if answer}


def _answer(  # noqa: PLR0911 - one line for each type of question
    question: AnyQuestion, definition: Definition
) -> Answer:
    names = [choice.name for choice in choices_of(question) if not choice.exclusive]
    match question:
        case SelectOne():
            return names[0]
        case SelectMultiple():
            return names[:2]
        case Rank():
            return {name: str(place) for place, name in enumerate(names[:3], 1)}
        case Matrix():
            return {row.name: names[-1] for row in question.rows}
        case Scale():
            return str(question.to)
        case TextQuestion():
            return WORDS
        case Integer() | Decimal():
            return str(int(question.from_ or 0) + 3)
        case Country():
            return definition.support.countries[0]
        case Date():
            return {"year": "2026", **({"month": "5"} if question.precision == "month" else {})}
    return ""
