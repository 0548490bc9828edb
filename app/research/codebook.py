"""The codebook: what each column of a data set means. Every file is written from this object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from babel import Locale

from app.consultation import Definition, Page, text_in
from app.consultation.questions import AnyQuestion, Area, Scale

from .columns import Asked, Column, all_asked, build_columns, choices_in, rows_in
from .missing import MEANINGS, Missing
from .naming import Names, legal_names
from .numbering import country_number, missing_numbers, numbered_choices

Text: TypeAlias = Mapping[str, str]
"""A text by language tag."""

Kind: TypeAlias = Literal["number", "choice", "country", "month", "words"]
"""How the cells of a column are read: as numbers, as one of `values`, or as they stand."""

Measure: TypeAlias = Literal["nominal", "ordinal", "scale"]
"""SPSS's words for what may be computed with it."""

_ABOUT: Final = {
    "version": "Which version of the consultation was answered.",
    "language": "The language in which it was answered.",
    "collector": "The link through which the person came; empty for the common one.",
    "ended": "Whether the person went to the end (complete) or stopped and sent (stopped).",
}
_ENDED: Final = {"complete": "went to the end", "stopped": "stopped and sent"}
_AGREED: Final = {"1": "agreed", "0": "did not agree"}
_CHOSEN: Final = {"1": "chosen", "0": "not chosen"}
_KINDS: Final[Mapping[str, Kind]] = {
    "integer": "number",
    "decimal": "number",
    "scale": "number",
    "flag": "number",
    "select_multiple": "number",
    "select_one": "choice",
    "matrix": "choice",
    "rank": "choice",
    "ended": "choice",
    "country": "country",
    "date": "month",
}
_PUT_IN: Final = re.compile(r"\$\{([a-z0-9_]+)\}")


@dataclass(frozen=True)
class Value:
    """What a cell can hold: as in responses.csv, as a number for SPSS and Stata, in words."""

    code: str
    number: int
    label: Text


@dataclass(frozen=True)
class Variable:
    """One column of the table, or one question that is answered in words.

    `asked` is None for columns that are not about a question. `item` is the label of the choice,
    row or place that the column holds of it. `values` are all that it can hold where that is a
    list; a number may have some of its points labelled. `missing` gives each missing code as it
    stands in responses.csv, `numbers` the same for SPSS, Parquet and Stata's letters.
    """

    column: Column
    names: Names
    asked: Asked | None
    page: Page | None
    question: Text
    item: Text
    kind: Kind
    measure: Measure
    values: tuple[Value, ...]
    numbers: Mapping[Missing, int]

    @property
    def name(self) -> str:
        """What it is called in the files that take any name."""
        return self.column.name

    @property
    def area(self) -> Area | None:
        """Which of the mission's four areas it belongs to."""
        own = self.asked.newest.area if self.asked else None
        return own or (self.page.area if self.page else None)

    def label(self, language: str) -> str:
        """Return the whole question in a language, with the choice, row or place it holds."""
        question = readable(text_in(self.question, language))
        item = readable(text_in(self.item, language))
        return f"{question} \N{EN DASH} {item}" if item else question

    def meanings(self) -> Iterator[tuple[int, str]]:
        """Yield each missing code as a number, and why there is no answer."""
        return ((number, MEANINGS[reason]) for reason, number in self.numbers.items())


@dataclass(frozen=True)
class Codebook:
    """A consultation's data set: `variables` are the columns of its table, `texts` the rest.

    `texts` are the questions that are answered in words; they are among the variables only when
    somebody gave a reason (`with_text`). `language` is the one in which labels are written.
    """

    definitions: tuple[Definition, ...]
    language: str
    variables: tuple[Variable, ...]
    texts: tuple[Variable, ...]
    with_text: str | None = None

    @property
    def newest(self) -> Definition:
        """The version that was published last."""
        return self.definitions[-1]

    @property
    def title(self) -> str:
        """What the consultation is about, in the language."""
        return text_in(self.newest.title, self.language)

    @property
    def columns(self) -> list[Column]:
        """The columns of the table."""
        return [variable.column for variable in self.variables]


def build_codebook(
    definitions: Sequence[Definition], language: str | None = None, with_text: str | None = None
) -> Codebook:
    """Return the codebook of a data set.

    Args:
        definitions: every version, all of one consultation.
        language: of the labels; None for the first language of the newest version.
        with_text: why texts stand in the table beside the other answers; None: they do not.
    """
    in_order = tuple(sorted(definitions, key=lambda definition: definition.version))
    asked: dict[tuple[str, str], Asked] = {
        (each.name, each.newest.type): each for each in all_asked(in_order)
    }
    columns = build_columns(in_order)
    names = legal_names(column.name for column in columns)
    variables = [
        _about(column, name, in_order)
        if not column.question
        else _question(column, name, asked[column.question, column.type], in_order)
        for column, name in zip(columns, names, strict=True)
    ]
    texts = tuple(variable for variable in variables if variable.column.type == "text")
    table = (variable for variable in variables if with_text or variable not in texts)
    return Codebook(in_order, language or in_order[-1].languages[0], tuple(table), texts, with_text)


def readable(text: str) -> str:
    """Return a label on one line, with `[name]` where people saw the answer to another question."""
    return " ".join(_PUT_IN.sub(r"[\1]", text).split())


def _about(column: Column, names: Names, definitions: Sequence[Definition]) -> Variable:
    labels: dict[str, Text] = {name: {"en": label} for name, label in _ABOUT.items()}
    if column.item:
        labels = {
            statement.name: statement.label
            for definition in definitions
            for statement in definition.consent.statements
        }
    values = _AGREED if column.type == "flag" else _ENDED if column.type == "ended" else {}
    return Variable(
        column=column,
        names=names,
        asked=None,
        page=None,
        question=labels[column.item or column.name],
        item={},
        kind=_KINDS.get(column.type, "words"),
        measure="nominal",
        values=_in_english(values),
        numbers=missing_numbers(column, ()),
    )


def _in_english(labels: Mapping[str, str]) -> tuple[Value, ...]:
    return tuple(
        Value(code, int(code) if code.isdecimal() else count, {"en": label})
        for count, (code, label) in enumerate(labels.items(), start=1)
    )


def _question(
    column: Column, names: Names, asked: Asked, definitions: Sequence[Definition]
) -> Variable:
    newest = next(d for d in reversed(definitions) if d.version == asked.forms[0][0])
    kind: Kind = "number" if column.part == "choice" else _KINDS.get(column.type, "words")
    values = tuple(_values(column, asked, newest.languages))
    numbered = [value.number for value in values] if kind in ("choice", "country") else ()
    return Variable(
        column=column,
        names=names,
        asked=asked,
        page=newest.page_of[asked.name],
        question=asked.newest.label,
        item=_item(column, asked),
        kind=kind,
        measure=_measure(asked.newest),
        values=values,
        numbers=missing_numbers(column, numbered),
    )


def _item(column: Column, asked: Asked) -> Text:
    if column.part == "choice":
        return next(each.label for each in choices_in(asked) if each.name == column.item)
    if column.part == "row":
        return next(each.label for each in rows_in(asked) if each.name == column.item)
    return {"en": f"place {column.item}"} if column.part == "place" else {}


def _measure(question: AnyQuestion) -> Measure:
    if question.type in ("integer", "decimal"):
        return "scale"
    return "ordinal" if question.type in ("scale", "date") else "nominal"


def _values(column: Column, asked: Asked, languages: Sequence[str]) -> Iterator[Value]:
    newest = asked.newest
    if column.part == "choice":
        yield from _in_english(_CHOSEN)
    elif isinstance(newest, Scale):
        for point, label in newest.labels.items():
            yield Value(point, int(point), label)
    elif newest.type == "country":
        yield from _countries(languages)
    else:
        numbers = numbered_choices(asked)
        for choice in choices_in(asked):
            yield Value(choice.name, numbers[choice.name], choice.label)


def _countries(languages: Sequence[str]) -> Iterator[Value]:
    named = {tag: Locale.parse(tag, sep="-").territories for tag in languages}
    for code in map(str, Locale("en").territories):
        if len(code) == 2:  # noqa: PLR2004  # the others are parts of the world
            label = {tag: str(names.get(code, code)) for tag, names in named.items()}
            yield Value(code, country_number(code), label)
