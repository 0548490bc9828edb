"""Expressions and piped labels of a definition: what they name exists, comes earlier, and fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .expression_types import check_types
from .expressions import ExpressionError, parse_expression, references
from .findings import Path, Problem, did_you_mean
from .model import Definition
from .questions import AnyQuestion, Note, SelectOne, choices_of

PIPED = re.compile(r"\$\{\s*([a-z][a-z0-9_]*)\s*\}")
"""A place in a label or a hint where the label of an earlier choice is put."""


@dataclass(frozen=True)
class _Scope:
    """What an expression may look at: questions asked earlier, and in `constraint` its own."""

    earlier: Mapping[str, AnyQuestion]
    everything: Mapping[str, AnyQuestion]
    this: AnyQuestion | None = None


def check_references(definition: Definition) -> Iterator[Problem]:
    """Yield each problem of a `relevant`, a `constraint` or a `${name}` in a text."""
    earlier: dict[str, AnyQuestion] = {}
    everything = definition.questions
    for page_index, page in enumerate(definition.pages):
        path: Path = ("pages", page_index)
        if page.relevant is not None:
            yield from _expression((*path, "relevant"), page.relevant, _Scope(earlier, everything))
        for index, question in enumerate(page.questions):
            where: Path = (*path, "questions", index)
            yield from _question(where, question, dict(earlier), everything)
            earlier[question.name] = question


def _question(
    path: Path,
    question: AnyQuestion,
    earlier: Mapping[str, AnyQuestion],
    everything: Mapping[str, AnyQuestion],
) -> Iterator[Problem]:
    scope = _Scope(earlier, everything)
    if question.relevant is not None:
        yield from _expression((*path, "relevant"), question.relevant, scope)
    if question.constraint is not None:
        own = _Scope({**earlier, question.name: question}, everything, question)
        yield from _expression((*path, "constraint"), question.constraint, own)
    for number, choice in enumerate(choices_of(question)):
        if choice.relevant is not None:
            yield from _expression((*path, "choices", number, "relevant"), choice.relevant, scope)
    yield from _piped(path, question, scope)


def _expression(where: Path, source: str, scope: _Scope) -> Iterator[Problem]:
    try:
        tree = parse_expression(source)
    except ExpressionError as error:
        yield Problem("expression", where, str(error))
        return
    for name in references(tree):
        problem = _unknown(name, scope)
        if problem:
            yield Problem("reference", where, problem)
            return
    for message in check_types(tree, scope.earlier, scope.this):
        yield Problem("comparison", where, message)


def _unknown(name: str, scope: _Scope) -> str:
    """Why a name cannot be looked at; "" when it can."""
    if isinstance(scope.earlier.get(name), Note):
        return f"“{name}” is a note: nobody answers it. Look at a question instead."
    if name in scope.earlier:
        return ""
    if name in scope.everything:
        return (
            f"“{name}” is asked here or later, so its answer is not known yet. Look at an earlier "
            "question, or move this behind it."
        )
    hint = did_you_mean(name, scope.earlier) or " Write the name of an earlier question."
    return f"There is no question “{name}” to look at.{hint}"


def _piped(path: Path, question: AnyQuestion, scope: _Scope) -> Iterator[Problem]:
    for key, text in (("label", question.label), ("hint", question.hint)):
        names = {name for words in (text or {}).values() for name in PIPED.findall(words)}
        for name in sorted(names):
            problem = _unknown(name, scope)
            if not problem and not isinstance(scope.earlier[name], SelectOne):
                problem = (
                    f"Only the chosen label of a select_one can be put into a text; “{name}” is "
                    f"of type {scope.earlier[name].type}. Take it out of this text."
                )
            if problem:
                yield Problem("piped-label", (*path, key), problem)
