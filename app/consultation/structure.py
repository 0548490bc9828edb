"""What the types of the model cannot say: names, references and languages have to fit together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from .findings import Path, Problem, did_you_mean
from .model import Definition
from .questions import (
    PREFER_NOT_TO_SAY,
    AnyQuestion,
    Matrix,
    Scale,
    choices_of,
)
from .references import check_references
from .texts import is_language_tag

_RESERVED = frozenset(
    {
        *("action", "csrf_token", "step", "shown", "consultation", "version", "definition"),
        *("language", "collector", "consent", "ended", "reached", "declined", "not_shown"),
    }
)
"""Names of form fields and of columns that Heard itself uses."""


def check_structure(definition: Definition) -> Iterator[Problem]:
    """Yield each problem as the path of the node and a sentence that says what to do."""
    yield from _languages(definition)
    yield from _names(definition)
    yield from _topics(definition)
    yield from _choices(definition)
    yield from _dates(definition)
    yield from check_references(definition)


def _languages(definition: Definition) -> Iterator[Problem]:
    for index, tag in enumerate(definition.languages):
        if not is_language_tag(tag):
            yield ("languages", index), f"“{tag}” is not a language tag such as en, fr or pt-BR."
    plain = definition.model_dump(by_alias=True)
    wanted = set(definition.languages)
    for path, text in _texts(plain, ()):
        missing = [tag for tag in definition.languages if not text.get(tag, "").strip()]
        if missing:
            yield path, f"This text is missing in: {', '.join(missing)}."
        for tag in sorted(set(text) - wanted):
            yield path, f"“{tag}” is not in languages at the top.{did_you_mean(tag, wanted)}"


_TEXT_KEYS = frozenset(
    {
        *("title", "public_name", "about", "label", "hint", "why", "text", "content_warning"),
        *("what_happens_next", "space", "voice", "who", "promise", "can_change", "cannot_change"),
        *("constraint_message", "alt", "transcript"),
    }
)


def _texts(node: Any, path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Every text of the definition, with its path."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _texts(item, (*path, index))
    elif isinstance(node, dict):
        for key, item in node.items():
            scale_label = len(path) > 0 and path[-1] == "labels"
            organisation = path == ("organisation",) and key == "name"
            is_text = key in _TEXT_KEYS or scale_label or organisation
            if is_text and isinstance(item, dict) and "duties" not in path:
                yield (*path, key), item
            else:
                yield from _texts(item, (*path, key))


def _duplicates(names: list[str], paths: list[Path], what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, path in zip(names, paths, strict=True):
        if name in seen:
            yield path, f"There are two {what} called “{name}”. Give one another name."
        seen.add(name)


def _names(definition: Definition) -> Iterator[Problem]:
    page_paths: list[Path] = [("pages", i, "name") for i in range(len(definition.pages))]
    yield from _duplicates([page.name for page in definition.pages], page_paths, "pages")
    located = list(_located(definition))
    paths: list[Path] = [(*path, "name") for path, _ in located]
    yield from _duplicates([question.name for _, question in located], paths, "questions")
    statements = [statement.name for statement in definition.consent.statements]
    for path, question in located:
        if question.name in _RESERVED or question.name in statements:
            yield (*path, "name"), f"“{question.name}” is used by Heard. Choose another name."
        if "__" in question.name:
            yield (*path, "name"), "Two _ in a row are kept for columns. Use one."
    collectors = [collector.name for collector in definition.collectors]
    collector_paths: list[Path] = [("collectors", i, "name") for i in range(len(collectors))]
    yield from _duplicates(collectors, collector_paths, "collectors")
    if all(statement.optional for statement in definition.consent.statements):
        yield ("consent", "statements"), "One statement must not be optional: taking part itself."


def _located(definition: Definition) -> Iterator[tuple[Path, AnyQuestion]]:
    for page_index, page in enumerate(definition.pages):
        for index, question in enumerate(page.questions):
            yield ("pages", page_index, "questions", index), question


def _topics(definition: Definition) -> Iterator[Problem]:
    known = [topic.name for topic in definition.topics]
    for index, page in enumerate(definition.pages):
        for number, topic in enumerate(page.topics):
            if topic not in known:
                hint = did_you_mean(topic, known)
                message = f"“{topic}” is not in the list topics at the top.{hint}"
                yield ("pages", index, "topics", number), message
        if page.topics and not page.content_warning:
            message = "A page with topics needs a content_warning, so that nobody is surprised."
            yield ("pages", index), message


def _choices(definition: Definition) -> Iterator[Problem]:
    for path, question in _located(definition):
        choices = choices_of(question)
        names = [choice.name for choice in choices]
        where: list[Path] = [(*path, "choices", i, "name") for i in range(len(names))]
        yield from _duplicates(names, where, "choices")
        if PREFER_NOT_TO_SAY in names:
            message = "Write prefer_not_to_say: true on the question instead of this choice."
            yield (*path, "choices"), message
        if isinstance(question, Matrix):
            rows = [row.name for row in question.rows]
            row_paths: list[Path] = [(*path, "rows", i, "name") for i in range(len(rows))]
            yield from _duplicates(rows, row_paths, "rows")
        if isinstance(question, Scale):
            yield from _scale(path, question)


def _scale(path: Path, scale: Scale) -> Iterator[Problem]:
    if scale.to <= scale.from_:
        yield (*path, "to"), f"“to” has to be greater than “from” ({scale.from_})."
    for point in (scale.from_, scale.to):
        if str(point) not in scale.labels:
            yield (*path, "labels"), f"The end {point} of the scale needs a label."
    unlabelled = [str(p) for p in scale.points if str(p) not in scale.labels]
    if scale.faces and unlabelled:
        message = f"A face says nothing to everybody: give {', '.join(unlabelled)} a label too."
        yield (*path, "labels"), message
    for point_name in scale.labels:
        if point_name not in {str(point) for point in scale.points}:
            yield (*path, "labels", point_name), f"{point_name} is not a point of this scale."


def _dates(definition: Definition) -> Iterator[Problem]:
    dates = definition.dates
    ordered = [("opens", dates.opens), ("closes", dates.closes), ("delete_by", dates.delete_by)]
    for (earlier, first), (later, second) in pairwise(ordered):
        if second < first:
            yield ("dates", later), f"{later} ({second}) is before {earlier} ({first})."
    audience = definition.audience
    if audience.to_age is not None and audience.to_age < audience.from_age:
        yield ("audience", "to_age"), "to_age is below from_age."
