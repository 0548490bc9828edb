"""What the journey writes, research reads: the samples, answered at random, ended anywhere."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Literal

import pytest

from app.consultation import Definition, choices_of, load_definition_file
from app.consultation.questions import AnyQuestion, Matrix, Scale
from app.journey import Draft, find_path, response_document
from app.research.answers import Reader
from app.research.columns import build_columns
from app.research.missing import Missing

SAMPLES = sorted((Path(__file__).parents[2] / "surveys").glob("*.yaml"))


def any_answer(question: AnyQuestion, dice: random.Random) -> Any:
    names = [choice.name for choice in choices_of(question)]
    if isinstance(question, Scale):
        return dice.choice(question.points)
    if isinstance(question, Matrix):
        return {row.name: dice.choice(names) for row in question.rows if dice.random() < 0.7}
    several = dice.sample(names, dice.randrange(len(names) + 1)) if names else []
    plain: dict[str, Any] = {
        "select_one": dice.choice(names or [""]),
        "select_multiple": [name for name in names if name in several],
        "rank": several,
        "integer": dice.randrange(20),
        "decimal": "1.5",
        "text": "words",
        "date": "2020-05",
        "country": "NP",
    }
    return plain[question.type]


def random_draft(definition: Definition, dice: random.Random) -> Draft:
    come_to = definition.pages[: dice.randrange(1, len(definition.pages) + 1)]
    questions = [question for page in come_to for question in page.asked]
    answers = {q.name: any_answer(q, dice) for q in questions if dice.random() < 0.6}
    draft = Draft(
        consultation=definition.consultation,
        digest=definition.digest,
        language=dice.choice(definition.languages),
        response_id="00" * 16,
        withdrawal_code="",
        collector=dice.choice([None, "nepal"]),
        consent=(definition.consent.statements[0].name,),
        left_out=tuple(t.name for t in definition.topics if dice.random() < 0.3),
        accepted=tuple(page.name for page in definition.pages if dice.random() < 0.7),
        answers={name: answer for name, answer in answers.items() if answer},
        declined=tuple(q.name for q in questions if q.name not in answers and dice.random() < 0.3),
    )
    path = find_path(definition, draft)
    behind = [step for step in path.steps if step.page in {"", *(page.name for page in come_to)}]
    done = [step.key for step in behind[:-1]]
    gone_through = [names for page, names in path.visible.items() if f"page:{page}" in done]
    seen = [name for names in gone_through for name in names]
    return Draft.from_plain({**draft.to_plain(), "done": done, "seen": seen})


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("ended", ["complete", "stopped"])
def test_every_document_of_the_journey_is_understood(
    path: Path, ended: Literal["complete", "stopped"]
) -> None:
    definition = load_definition_file(path)
    columns = [column for column in build_columns([definition]) if column.question]
    dice = random.Random(11)  # noqa: S311 - a test that repeats
    reasons = set()
    for _ in range(60):
        document = response_document(definition, random_draft(definition, dice), ended)

        response = Reader({definition.digest: definition}).read(document)

        for column in columns:
            cell = response.cell(column)
            if column.question not in response.answers:
                assert isinstance(cell, Missing)
                reasons.add(cell)
            elif not column.part:
                assert cell == response.answers[column.question]
    assert {Missing.SKIPPED, Missing.NOT_SHOWN} <= reasons
    assert (Missing.NOT_REACHED in reasons) == (ended == "stopped")
