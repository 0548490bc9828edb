"""From an opened response document to the cells of a row. Anybody may have sealed the document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self, TypeAlias

from pydantic_core import from_json

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

Fits: TypeAlias = Callable[[object], bool]
"""Tells whether a value has the form of an answer to one question."""

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


class Response(NamedTuple):
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
        if question is None or not asked_in(self.definition, column):
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


def asked_in(definition: Definition, column: Column) -> bool:
    """Whether a version asks what is in this column."""
    question = definition.questions.get(column.question)
    has_it = question is not None and question.type == column.type
    return has_it and definition.version in column.versions


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


class Reader:
    """Reads opened documents as responses to the definitions at hand, which are by digest."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._known = {digest: _Known.of(each) for digest, each in definitions.items()}

    def read(self, document: bytes) -> Response:
        """Return the response in a document: UTF-8 JSON, as it came out of the envelope.

        Raises:
            NotUnderstood: it is no response, or does not fit the definition that it names.
        """
        content = read_json(document)
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise NotUnderstood
        digest = content.get("definition")
        known = self._known.get(digest) if isinstance(digest, str) else None
        if known is None:
            raise NotUnderstood
        try:
            return _checked(content, known)
        except (KeyError, TypeError, AttributeError):  # a list or an object for a name, or no list
            raise NotUnderstood from None


def read_json(document: bytes) -> object:
    """Return what JSON says; raises `NotUnderstood`.

    The quick reader takes a part of what Python's own takes, and gives the same for it. It keeps
    no strings but the names of things.
    """
    try:
        return from_json(document, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        pass
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        raise NotUnderstood from None


@dataclass(frozen=True)
class _Known:
    """A definition, and what a response to it can name."""

    definition: Definition
    fits: Mapping[str, Fits]
    asked: frozenset[str]
    statements: frozenset[str]
    pages: frozenset[str]

    @classmethod
    def of(cls, definition: Definition) -> Self:
        return cls(
            definition,
            {question.name: _fitting(question) for question in definition.asked},
            frozenset(question.name for question in definition.asked),
            frozenset(statement.name for statement in definition.consent.statements),
            frozenset(page.name for page in definition.pages),
        )


def _checked(content: dict[str, Any], known: _Known) -> Response:
    _require(content.get("consultation") == known.definition.consultation)
    _require(content.get("version") == known.definition.version)
    collector, given = content.get("collector"), content.get("answers")
    answers: dict[str, Any] = given if isinstance(given, dict) else {"": given}
    fits = known.fits
    for name, answer in answers.items():
        if not fits[name](answer):
            raise NotUnderstood
    language, ended, reached = content.get("language"), content.get("ended"), content.get("reached")
    _require(ended in ("complete", "stopped"))
    _require(reached is None or reached in known.pages)
    _require(collector is None or _matches(collector, _COLLECTOR))
    _require(_matches(language, _LANGUAGE))
    return Response(
        known.definition,
        str(language),
        collector or "",
        _names(content.get("consent"), known.statements),
        answers,
        _names(content.get("not_shown"), known.asked),
        _names(content.get("declined"), known.asked),
        str(ended),
        reached,
    )


def _require(holds: bool) -> None:
    if not holds:
        raise NotUnderstood


def _matches(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _names(value: object, known: frozenset[str]) -> frozenset[str]:
    if not isinstance(value, list):
        raise NotUnderstood
    named = frozenset(value)
    if not named <= known:
        raise NotUnderstood
    return named


def _fitting(question: AnyQuestion) -> Fits:  # noqa: PLR0911  # by type
    """Return what tells whether a value has the form of an answer to this question.

    For a value that cannot be one it may raise `TypeError` or `AttributeError` instead.
    """
    names = frozenset(choice.name for choice in choices_of(question))
    match question:
        case SelectOne():
            return names.__contains__
        case SelectMultiple() | Rank():
            return lambda answer: type(answer) is list and _are_some_of(answer, names)
        case Matrix():
            return _matrix(frozenset(row.name for row in question.rows), names)
        case Scale():
            points = question.points
            return lambda answer: type(answer) is int and answer in points
        case Integer():
            return lambda answer: type(answer) is int and abs(answer) < LARGEST
        case TextQuestion():
            # Texts may hold anything that can be written to a file; half a surrogate pair cannot.
            return lambda answer: (
                type(answer) is str and (answer.isascii() or not _SURROGATE.search(answer))
            )
        case _:
            form = _FORMS[question.type]
            return lambda answer: _matches(answer, form)


def _are_some_of(answer: list[object], names: frozenset[str]) -> bool:
    named = frozenset(answer)
    return len(named) == len(answer) and named <= names


def _matrix(rows: frozenset[str], names: frozenset[str]) -> Fits:
    return lambda answer: (
        type(answer) is dict and answer.keys() <= rows and names.issuperset(answer.values())
    )
