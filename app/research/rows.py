"""Rows of the table, made quickly: most cells of a response are those of many others.

What `Response.cell` says of a response without answers is kept, and the answers are put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeAlias

from app.consultation import Definition, choices_of
from app.consultation.questions import AnyQuestion

from .answers import Cell, Response
from .cells import MARK, protect_cell
from .columns import Column
from .missing import Missing

Put: TypeAlias = Callable[[list[str], Any], None]
"""Puts an answer into its cells of a row."""

_KEPT: Final = 500  # rows without answers: a consultation has few ways through it
_AS_THEY_STAND: Final = ("select_one", "country", "date")
"""Their answers are names, letters and digits that are never a code and never run."""


class Rows:
    """Makes the cells of a row of each response."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = [(column, frozenset(column.codes.values())) for column in columns]
        self._of_version: dict[str, _Version] = {}
        self._empty: dict[tuple[object, ...], list[str]] = {}

    def cells(self, response: Response) -> list[str]:
        """Return the row of a response, as it stands in the file."""
        digest = response.definition.digest
        version = self._of_version.get(digest)
        if version is None:
            version = self._of_version[digest] = _Version(response.definition, self._columns)
        row = self._without_answers(response).copy()
        row[1], row[2] = _protected(response.language), _protected(response.collector)
        for name, at in version.statements.items():
            row[at] = "1" if name in response.consent else "0"
        for name in response.declined:
            if name not in response.not_shown:
                version.decline(row, name)
        for name, answer in response.answers.items():
            put = version.put.get(name)
            if put is not None:
                put(row, answer)
            else:
                self._one_by_one(row, version.places[name], response)
        return row

    def _without_answers(self, response: Response) -> list[str]:
        way = (response.definition.digest, response.ended, response.reached, response.not_shown)
        row = self._empty.get(way)
        if row is None:
            if len(self._empty) == _KEPT:
                self._empty.clear()
            bare = response._replace(answers={}, declined=frozenset())
            row = [write_cell(bare.cell(column), column, codes) for column, codes in self._columns]
            self._empty[way] = row
        return row

    def _one_by_one(self, row: list[str], places: Iterable[int], response: Response) -> None:
        for at in places:
            column, codes = self._columns[at]
            row[at] = write_cell(response.cell(column), column, codes)


class _Version:
    """Where the answers to one version's questions go."""

    def __init__(
        self, definition: Definition, columns: Sequence[tuple[Column, frozenset[str]]]
    ) -> None:
        self.statements: dict[str, int] = {}
        self.places: dict[str, list[int]] = {question.name: [] for question in definition.asked}
        self._declined: dict[str, list[tuple[int, str]]] = {}
        for at, (column, _) in enumerate(columns):
            if definition.version not in column.versions:
                continue
            if column.item and not column.question:
                self.statements[column.item] = at
            asked = definition.questions.get(column.question)
            if asked is not None and asked.type == column.type:
                self.places[asked.name].append(at)
        self.put: dict[str, Put] = {}
        for question in definition.asked:
            parts = [(at, *columns[at]) for at in self.places[question.name]]
            self._declined[question.name] = [
                (at, column.codes[Missing.DECLINED]) for at, column, _ in parts
            ]
            put = _put(question, parts)
            if put is not None:
                self.put[question.name] = put

    def decline(self, row: list[str], name: str) -> None:
        for at, code in self._declined[name]:
            row[at] = code


def _put(  # noqa: PLR0911  # by type
    question: AnyQuestion, parts: Sequence[tuple[int, Column, frozenset[str]]]
) -> Put | None:
    """What puts an answer to this question into a row; None where it takes the long way."""
    if question.type == "select_multiple":
        return None if _depends(question) else _choices({c.item: at for at, c, _ in parts})
    if question.type == "matrix":
        return _rows({c.item: (at, c.codes[Missing.SKIPPED]) for at, c, _ in parts})
    if question.type == "rank":
        return _ranked([(at, c.codes[Missing.SKIPPED]) for at, c, _ in parts])
    if not parts:
        return lambda _row, _answer: None  # a text that stands apart
    ((at, column, codes),) = parts
    if question.type in _AS_THEY_STAND:
        return lambda row, answer: row.__setitem__(at, answer)
    if question.type in ("integer", "scale"):
        return _whole(at, frozenset(map(int, codes)))
    return lambda row, answer: row.__setitem__(at, write_cell(answer, column, codes))


def _depends(question: AnyQuestion) -> bool:
    return any(choice.relevant for choice in choices_of(question))


def _choices(places: Mapping[str, int]) -> Put:
    def put(row: list[str], answer: Any) -> None:
        for at in places.values():
            row[at] = "0"
        for name in answer:
            row[places[name]] = "1"

    return put


def _rows(places: Mapping[str, tuple[int, str]]) -> Put:
    def put(row: list[str], answer: Any) -> None:
        for name, (at, skipped) in places.items():
            row[at] = answer.get(name, skipped)

    return put


def _ranked(places: Sequence[tuple[int, str]]) -> Put:
    def put(row: list[str], answer: Any) -> None:
        for number, (at, skipped) in enumerate(places):
            row[at] = answer[number] if number < len(answer) else skipped

    return put


def _whole(at: int, codes: frozenset[int]) -> Put:
    def put(row: list[str], answer: Any) -> None:
        row[at] = f"{MARK}{answer}" if answer in codes else str(answer)

    return put


@lru_cache(maxsize=100)
def _protected(content: str) -> str:
    return protect_cell(content)


def write_cell(cell: Cell, column: Column, codes: frozenset[str]) -> str:
    """Return a cell as it stands in the file: see `cells` and `missing`."""
    if isinstance(cell, Missing):
        return column.codes[cell]
    content = str(cell)
    if column.is_number:
        # As numbers: 97.0 in the file would be read as the code 97.
        number = Decimal(content)
        return MARK + content if any(number == Decimal(code) for code in codes) else content
    return protect_cell(content, codes)
