"""What the types of the model cannot say: names, references and languages have to fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from .findings import Path, Problem, did_you_mean
from .kinds import EVERYWHERE
from .model import Definition
from .questions import (
    PREFER_NOT_TO_SAY,
    AnyQuestion,
    Matrix,
    Scale,
    choices_of,
)
from .references import check_references
from .texts import is_language_tag, texts_of

RESERVED = frozenset(
    {
        *("action", "csrf_token", "step", "shown", "told"),
        *("consultation", "version", "definition"),
        *("language", "collector", "consent", "ended", "reached", "declined", "not_shown"),
    }
)
"""Names of form fields and of columns that Heard itself uses."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def check_structure(definition: Definition) -> Iterator[Problem]:
    """Yield each problem of the definition; every one of them is an error."""
    yield from _languages(definition)
    yield from _names(definition)
    yield from _topics(definition)
    yield from _choices(definition)
    yield from _dates(definition)
    yield from _bands(definition)
    yield from _understanding(definition)
    yield from check_references(definition)


def _languages(definition: Definition) -> Iterator[Problem]:
    tags = definition.languages
    for index, tag in enumerate(tags):
        if not is_language_tag(tag):
            message = f"“{tag}” is not a language tag. Write one such as en, fr or pt-BR."
            yield Problem("language-tag", ("languages", index), message)
    yield from _duplicates(tags, [("languages", index) for index in range(len(tags))], "languages")
    for tag in definition.exit_to:
        if tag not in (*tags, EVERYWHERE):
            message = f"“{tag}” is not in the list languages at the top, and not “{EVERYWHERE}”."
            yield Problem("undeclared-language", ("exit_to", tag), message)
    for path, text in texts_of(definition):
        if not text.get(tags[0], "").strip():
            message = f"This text is missing in {tags[0]}, the first language. Write it."
            yield Problem("text-missing", path, message)
        for tag in text:
            if tag not in tags:
                hint = did_you_mean(tag, tags) or " Add it there, or take this text out."
                message = f"“{tag}” is not in the list languages at the top.{hint}"
                yield Problem("undeclared-language", (*path, tag), message)


def _duplicates(names: list[str], paths: list[Path], what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, path in zip(names, paths, strict=True):
        if name in seen:
            message = f"There are two {what} called “{name}”. Give one another name."
            yield Problem("duplicate-name", path, message)
        seen.add(name)


def _named(things: Sequence[_Named], path: Path, what: str) -> Iterator[Problem]:
    """Names that stand twice in a list of things with names."""
    paths: list[Path] = [(*path, index, "name") for index in range(len(things))]
    yield from _duplicates([thing.name for thing in things], paths, what)


def _names(definition: Definition) -> Iterator[Problem]:
    yield from _named(definition.pages, ("pages",), "pages")
    yield from _named(definition.collectors, ("collectors",), "collectors")
    yield from _named(definition.topics, ("topics",), "topics")
    statements = definition.consent.statements
    yield from _named(statements, ("consent", "statements"), "statements")
    located = list(_located(definition))
    paths: list[Path] = [(*path, "name") for path, _ in located]
    yield from _duplicates([question.name for _, question in located], paths, "questions")
    for index, statement in enumerate(statements):
        if statement.name in RESERVED:
            message = f"Heard itself uses “{statement.name}”. Choose another name."
            yield Problem("reserved-name", ("consent", "statements", index, "name"), message)
    used = RESERVED | {statement.name for statement in statements}
    for path, question in located:
        if question.name in used:
            message = f"Heard itself uses “{question.name}”. Choose another name."
            yield Problem("reserved-name", (*path, "name"), message)
        if "__" in question.name:
            message = "Two _ in a row are kept for the columns of a table. Write one."
            yield Problem("reserved-name", (*path, "name"), message)
    if all(statement.optional for statement in statements):
        message = (
            "Every statement is optional, so nobody agrees to take part. Take “optional: true” "
            "out of the one that says so."
        )
        yield Problem("taking-part", ("consent", "statements"), message)


def _located(definition: Definition) -> Iterator[tuple[Path, AnyQuestion]]:
    for page_index, page in enumerate(definition.pages):
        for index, question in enumerate(page.questions):
            yield ("pages", page_index, "questions", index), question


def _topics(definition: Definition) -> Iterator[Problem]:
    known = [topic.name for topic in definition.topics]
    for index, page in enumerate(definition.pages):
        for number, topic in enumerate(page.topics):
            if topic not in known:
                hint = did_you_mean(topic, known) or " Add it there, with a label."
                message = f"“{topic}” is not in the list topics at the top.{hint}"
                yield Problem("unknown-topic", ("pages", index, "topics", number), message)


def _choices(definition: Definition) -> Iterator[Problem]:
    for path, question in _located(definition):
        choices = choices_of(question)
        yield from _named(choices, (*path, "choices"), "choices")
        for index, choice in enumerate(choices):
            if choice.name == PREFER_NOT_TO_SAY:
                message = "Write “prefer_not_to_say: true” on the question instead of this choice."
                where = (*path, "choices", index, "name")
                yield Problem("reserved-name", where, message)
        if isinstance(question, Matrix):
            yield from _named(question.rows, (*path, "rows"), "rows")
        if isinstance(question, Scale):
            yield from (Problem("scale", (*path, *end), said) for end, said in _scale(question))


def _scale(scale: Scale) -> Iterator[tuple[Path, str]]:
    if scale.to <= scale.from_:
        yield ("to",), f"“to” is not greater than “from”. Write {scale.from_ + 1} or more."
    for point in (scale.from_, scale.to):
        if str(point) not in scale.labels:
            yield ("labels",), f"The end {point} has no words. Add “'{point}': …” here."
    unlabelled = [str(p) for p in scale.points if str(p) not in scale.labels]
    if scale.faces and unlabelled:
        points = ", ".join(unlabelled)
        yield ("labels",), f"A face says nothing to everybody: give {points} a label too."
    for point_name in scale.labels:
        if point_name not in {str(point) for point in scale.points}:
            ends = f"{scale.from_} to {scale.to}"
            said = f"“{point_name}” is not a point of this scale. Write points from {ends}."
            yield ("labels", point_name), said


def _dates(definition: Definition) -> Iterator[Problem]:
    dates = definition.dates
    ordered = [
        *(("opens", dates.opens), ("closes", dates.closes), ("results_by", dates.results_by)),
        ("delete_by", dates.delete_by),
    ]
    for (earlier, first), (later, second) in pairwise(ordered):
        if second < first:
            message = f"{later} ({second}) is before {earlier} ({first}). Write a later day."
            yield Problem("date-order", ("dates", later), message)
    if dates.last_withdrawal > dates.delete_by:
        message = f"There is nothing to take back after delete_by ({dates.delete_by})."
        yield Problem("date-order", ("dates", "withdraw_until"), f"{message} Write an earlier day.")
    audience = definition.audience
    if audience.to_age is not None and audience.to_age < audience.from_age:
        message = f"to_age is below from_age. Write {audience.from_age} or more."
        yield Problem("age-order", ("audience", "to_age"), message)


def _bands(definition: Definition) -> Iterator[Problem]:
    """R17: spans wide enough to say little, so that every age has one, inside or outside."""
    audience = definition.audience
    path: Path = ("audience", "bands")
    bands = audience.bands
    for index, band in enumerate(bands):
        if band.to_age is not None and band.to_age <= band.from_age:
            message = "This band is less than two years wide. Write a higher to_age."
            yield Problem("age-bands", (*path, index, "to_age"), message)
    for index, (band, following) in enumerate(pairwise(bands), 1):
        if band.to_age is None or following.from_age != band.to_age + 1:
            wanted = "Only the last band can be without to_age."
            if band.to_age is not None:
                wanted = f"The next band begins at {band.to_age + 1}, neither before nor after."
            yield Problem("age-bands", (*path, index, "from_age"), wanted)
    if not bands:
        return
    if audience.from_age not in [band.from_age for band in bands]:
        message = f"One band has to begin at {audience.from_age}, the youngest who are asked."
        yield Problem("age-bands", path, message)
    if audience.to_age not in [band.to_age for band in bands]:
        last = "have no to_age" if audience.to_age is None else f"end at {audience.to_age}"
        yield Problem("age-bands", path, f"One band has to {last}, as the audience does.")


def _understanding(definition: Definition) -> Iterator[Problem]:
    for index, question in enumerate(definition.consent.understanding):
        right = [choice.right for choice in question.choices]
        if all(right) or not any(right):
            message = "Write “right: true” on what is meant, and leave it out on another choice."
            yield Problem("understanding", ("consent", "understanding", index, "choices"), message)
