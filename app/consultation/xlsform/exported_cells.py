"""Cells of an exported sheet: texts by language, pictures and sounds, conditions, numbers."""

from __future__ import annotations

import decimal
from collections.abc import Mapping
from typing import TypeAlias

from ..expressions import Tree, parse_expression
from ..questions import (
    DEFAULT_MAX_LENGTH,
    AnyQuestion,
    Audio,
    Decimal,
    Image,
    Integer,
    SelectMultiple,
    TextQuestion,
)
from .conditions import as_number
from .languages import heading_of
from .spelling import Spelling, spelled

Cells: TypeAlias = dict[str, str]
"""One row: what stands in each column, by the column's heading."""


def words(key: str, text: Mapping[str, str] | None) -> Cells:
    """A text as one cell for each language."""
    return {f"{key}::{heading_of(tag)}": said for tag, said in (text or {}).items()}


def media(image: Image | None, audio: Audio | None) -> Cells:
    """The cells of a picture and a sound of a question."""
    cells: Cells = {}
    if image:
        cells |= {"media::image": image.file, **words("heard::alt", image.alt)}
    if audio:
        cells |= {"media::audio": audio.file, **words("heard::transcript", audio.transcript)}
    return cells


def choice_media(image: Image | None, audio: Audio | None) -> Cells:
    """The cells of a picture and a sound of a choice.

    pyxform takes a heading with `::` in the sheet choices for its own, and fails on others.
    """
    cells: Cells = {}
    if image:
        cells |= {"media::image": image.file, **_plain_words("heard_alt", image.alt)}
    if audio:
        cells |= {"media::audio": audio.file, **_plain_words("heard_transcript", audio.transcript)}
    return cells


def _plain_words(key: str, text: Mapping[str, str]) -> Cells:
    return {f"{key}_{tag}": said for tag, said in text.items()}


def number(value: float) -> str:
    """A number without an exponent, with all its digits."""
    return f"{decimal.Decimal(repr(value)):f}"


def condition(source: str | None) -> str:
    """A condition in XLSForm's spelling; empty when there is none."""
    return spelled(parse_expression(source), Spelling.XLSFORM) if source else ""


def constraint(question: AnyQuestion) -> str:
    """What an answer has to fulfil: the question's own limits, and its constraint."""
    parts = [*_limits(question)]
    if question.constraint:
        parts.append(parse_expression(question.constraint))
    if not parts:
        return ""
    tree = parts[0] if len(parts) == 1 else ["and", *parts]
    return spelled(tree, Spelling.XLSFORM)


def _limits(question: AnyQuestion) -> list[Tree]:
    """Limits that are keys in a definition and constraints in XLSForm."""
    if isinstance(question, (Integer, Decimal)):
        ends = ((">=", question.from_), ("<=", question.to))
        return [
            [sign, ["this"], as_number(decimal.Decimal(repr(end)))]
            for sign, end in ends
            if end is not None
        ]
    if isinstance(question, TextQuestion) and question.max_length != DEFAULT_MAX_LENGTH:
        length: Tree = ["string_length", ["this"]]
        return [["<=", length, ["number", str(question.max_length)]]]
    if isinstance(question, SelectMultiple):
        many: Tree = [">", ["count_selected", ["this"]], ["number", "1"]]
        return [
            ["not", ["and", ["selected", ["this"], choice.name], many]]
            for choice in question.choices
            if choice.exclusive
        ]
    return []
