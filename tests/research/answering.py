"""People who answer a consultation at random, the same each time, sealed and opened."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.consultation import Definition, choices_of, evaluate, parse_expression
from app.consultation.questions import (
    AnyQuestion,
    Integer,
    Matrix,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
)
from app.research import open_bundle, unseal

from .conftest import KEY, bundle_of, make_document, sealed


def answered(
    definition: Definition, chance: random.Random, collector: str | None, skips: float = 0.08
) -> dict[str, Any]:
    """What one person answers: pages in order, conditions kept, some questions left open."""
    answers: dict[str, Any] = {}
    not_shown: list[str] = []
    declined: list[str] = []
    for page in definition.pages:
        for question in page.asked:
            if not (_shown(page.relevant, answers) and _shown(question.relevant, answers)):
                not_shown.append(question.name)
            elif question.prefer_not_to_say and chance.random() < skips:
                declined.append(question.name)
            elif chance.random() >= skips:
                answers[question.name] = _answer(question, chance)
    return {
        "answers": answers,
        "not_shown": not_shown,
        "declined": declined,
        "collector": collector,
        "language": chance.choice(definition.languages),
    }


def _shown(condition: str | None, answers: dict[str, Any]) -> bool:
    return condition is None or bool(evaluate(parse_expression(condition), answers))


def _answer(question: AnyQuestion, chance: random.Random) -> Any:  # noqa: PLR0911
    """Answers lean towards the first choices, so that the last are rare."""
    names = [choice.name for choice in choices_of(question)]
    weights = [2.0 ** -(i % 7) for i in range(len(names))]
    match question:
        case SelectOne():
            return chance.choices(names, weights)[0]
        case SelectMultiple():
            alone = {choice.name for choice in question.choices if choice.exclusive}
            found = set(chance.choices(names, weights, k=3))
            return sorted(found - alone) or [sorted(found)[0]]
        case Rank():
            return chance.sample(names, len(names))
        case Matrix():
            return {row.name: chance.choices(names, weights)[0] for row in question.rows}
        case Scale():
            return chance.choice(list(question.points))
        case Integer():
            return chance.randint(int(question.from_ or 0), int(question.to or 40))
        case _:
            written = {"country": "NP", "date": "2026-01", "decimal": "1.5"}
            return written.get(question.type, "Something in my own words")


def opened_folder(
    place: Path,
    definition: Definition,
    people: Mapping[str, int] | Mapping[None, int],
    seed: int = 1,
) -> Path:
    """A data set of this many people of each collector, sealed, bundled and unsealed."""
    chance = random.Random(seed)  # noqa: S311 - the same people each time
    rows = [
        sealed(make_document(definition, **one), definition.consultation)
        for one in _everybody(definition, people, chance)
    ]
    bundle = place / "all.heard"
    bundle_of(bundle, [definition], rows)
    with open_bundle(bundle) as opened:
        unseal([opened], KEY, place / "answers")
    return place / "answers"


def _everybody(
    definition: Definition, people: Mapping[str, int] | Mapping[None, int], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for collector, count in people.items():
        for _ in range(count):
            yield answered(definition, chance, collector)
