"""From an opened response document to the cells of a row. Anybody may have sealed the document."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final, TypeAlias

from app.consultation import Definition, choices_of, evaluate, parse_expression
from app.consultation.expressions import ExpressionError
from app.consultation.questions import (
    AnyQuestion,
    Integer,
    Matrix,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
    TextQuestion,
)

from .columns import Column
from .missing import Missing

FORMAT: Final = 1

Cell: TypeAlias = str | int | Missing

LARGEST: Final = 10**60  # no program reads more digits, and Python counts them slowly
_FORMS: Final = {
    "decimal": re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?"),
    "date": re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?"),
    "country": re.compile(r"[A-Z]{2}"),
}
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
_COLLECTOR: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class NotUnderstood(Exception):
    """The document is not a response to a definition that is at hand."""


@dataclass(frozen=True)
class Response:
    """A response, checked against the definition that it names."""

    definition: Definition
    language: str
    collector: str
    consent: frozenset[str]
    answers: Mapping[str, Any]
    not_shown: frozenset[str]
    declined: frozenset[str]
    ended: str
    reached: str | None

    def cell(self, column: Column) -> Cell:
        """What this response has in a column."""
        if not column.question:
            return self._about(column)
        question = self.definition.questions.get(column.question)
        if (
            question is None
            or question.type != column.type
            or self.definition.version not in column.versions
        ):
            return Missing.NOT_ASKED
        if question.name not in self.answers:
            return self._why(question)
        if column.part == "choice" and not self._was_offered(question, column.item):
            return Missing.NOT_SHOWN
        return _part_of(self.answers[question.name], column)

    def _about(self, column: Column) -> Cell:
        if column.item:
            if self.definition.version not in column.versions:
                return Missing.NOT_ASKED
            return int(column.item in self.consent)
        about: dict[str, Cell] = {
            "version": self.definition.version,
            "language": self.language,
            "collector": self.collector,
            "ended": self.ended,
        }
        return about[column.name]

    def _was_offered(self, question: AnyQuestion, name: str) -> bool:
        """Whether a choice that may depend on other answers was shown to this person."""
        conditions = [c.relevant for c in choices_of(question) if c.name == name and c.relevant]
        if not conditions or name in self.answers[question.name]:
            return True
        try:
            return bool(evaluate(parse_expression(conditions[0]), self.answers))
        except ExpressionError:
            return True

    def _why(self, question: AnyQuestion) -> Missing:
        if question.name in self.not_shown:
            return Missing.NOT_SHOWN
        if question.name in self.declined:
            return Missing.DECLINED
        if self.ended == "stopped":
            order = [page.name for page in self.definition.pages]
            last = order.index(self.reached) if self.reached is not None else -1
            if order.index(self.definition.page_of[question.name].name) > last:
                return Missing.NOT_REACHED
        return Missing.SKIPPED


def _part_of(answer: Any, column: Column) -> Cell:
    if column.part == "choice":
        return int(column.item in answer)
    if column.part == "row":
        row: Cell = answer.get(column.item, Missing.SKIPPED)
        return row
    if column.part == "place":
        place = int(column.item)
        return answer[place - 1] if place <= len(answer) else Missing.SKIPPED
    whole: Cell = answer
    return whole


def read_response(document: bytes, definitions: Mapping[str, Definition]) -> Response:
    """Return the response in an opened document.

    Args:
        document: UTF-8 JSON, as it came out of the envelope.
        definitions: the definitions at hand, by digest.

    Raises:
        NotUnderstood: it is no response, or does not fit the definition that it names.
    """
    try:
        content = json.loads(document)
    except (ValueError, RecursionError):
        raise NotUnderstood from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise NotUnderstood
    digest = content.get("definition")
    definition = definitions.get(digest) if isinstance(digest, str) else None
    if definition is None:
        raise NotUnderstood
    return _checked(content, definition)


def _checked(content: dict[str, Any], definition: Definition) -> Response:
    _require(content.get("consultation") == definition.consultation)
    _require(content.get("version") == definition.version)
    asked = {question.name: question for question in definition.asked}
    statements = {statement.name for statement in definition.consent.statements}
    pages = {page.name for page in definition.pages}
    collector, given = content.get("collector"), content.get("answers")
    answers: dict[str, Any] = given if isinstance(given, dict) else {"": given}
    _require(all(name in asked and fits(answers[name], asked[name]) for name in answers))
    _require(content.get("ended") in ("complete", "stopped"))
    _require(collector is None or _matches(collector, _COLLECTOR))
    _require(_matches(content.get("language"), _LANGUAGE))
    return Response(
        definition=definition,
        language=content["language"],
        collector=collector or "",
        consent=_names(content.get("consent"), statements),
        answers=answers,
        not_shown=_names(content.get("not_shown"), asked),
        declined=_names(content.get("declined"), asked),
        ended=content["ended"],
        reached=next(iter(_names([content.get("reached")], {*pages, None}))),
    )


def _require(holds: bool) -> None:
    if not holds:
        raise NotUnderstood


def _matches(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _names(value: object, known: Container[object]) -> frozenset[Any]:
    plain = isinstance(value, list) and all(isinstance(name, (str, NoneType)) for name in value)
    _require(plain)
    names = frozenset(value if isinstance(value, list) else [])
    _require(all(name in known for name in names))
    return names


def fits(answer: object, question: AnyQuestion) -> bool:
    """Whether a value has the form of an answer to this question."""
    match question:
        case SelectOne():
            return _is_one_of(answer, question)
        case SelectMultiple() | Rank():
            return (
                isinstance(answer, list)
                and all(_is_one_of(name, question) for name in answer)
                and len(set(answer)) == len(answer)
            )
        case Matrix():
            rows = {row.name for row in question.rows}
            return isinstance(answer, dict) and all(
                row in rows and _is_one_of(name, question) for row, name in answer.items()
            )
        case Scale():
            return type(answer) is int and answer in question.points
        case Integer():
            return type(answer) is int and abs(answer) < LARGEST
        case _:
            return _is_written(answer, question)


def _is_one_of(answer: object, question: AnyQuestion) -> bool:
    return isinstance(answer, str) and answer in {choice.name for choice in choices_of(question)}


def _is_written(answer: object, question: AnyQuestion) -> bool:
    """Texts may hold anything that can be written to a file; half a surrogate pair cannot."""
    if isinstance(question, TextQuestion):
        return isinstance(answer, str) and not _SURROGATE.search(answer)
    return _matches(answer, _FORMS[question.type])
