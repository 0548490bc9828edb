"""A definition as an XLSForm: survey, choices, settings, and a sheet for all the rest."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ..model import Definition, Page
from ..questions import (
    AnyQuestion,
    Country,
    Date,
    Decimal,
    Integer,
    Matrix,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
    TextQuestion,
)
from ..texts import text_in
from .exported_cells import Cells, condition, constraint, media, number, words
from .exported_choices import ExportedLists, filter_of
from .languages import heading_of
from .sheets import HEARD

SURVEY = ("type", "name", "label", "hint", "relevant", "constraint", "constraint_message")
CHOICES = ("list_name", "name", "label")
WIDTH = 28
"""Of a column, in letters."""


def export_form(definition: Definition) -> bytes:
    """The definition as an .xlsx file that ODK, KoboToolbox and Heard read."""
    survey = _Survey(definition)
    rows = list(survey.rows())
    book = Workbook()
    book.remove(book.worksheets[0])
    _write(book, "survey", rows, [*SURVEY, "heard::type"])
    _write(book, "choices", survey.lists.rows(), CHOICES)
    _write(book, "settings", [_settings(definition)], ["form_title"])
    _write(book, HEARD, _rest(definition), ["key", "value"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class _Survey:
    """The rows of the sheet survey; the choice lists are collected on the way."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.lists = ExportedLists(definition)
        self.names = set(definition.questions)

    def rows(self) -> Iterator[Cells]:
        """Every page as a group."""
        for page in self.definition.pages:
            yield from self._page(page)

    def _page(self, page: Page) -> Iterator[Cells]:
        relevant = {"relevant": condition(page.relevant)}
        if page.content_warning:
            yield {
                **{"type": "note", "name": self._free(f"{page.name}_warning")},
                **words("label", page.content_warning),
                **{**relevant, "heard::type": "content_warning"},
            }
        group = self._free(page.name)
        yield {
            **{"type": "begin_group", "name": group, "appearance": "field-list"},
            **{**words("label", page.title), **relevant, "heard::type": "page"},
            "heard::name": page.name if group != page.name else "",
            "heard::topics": " ".join(page.topics),
            "heard::area": page.area or "",
        }
        for question in page.questions:
            yield from self._question(question)
        yield {"type": "end_group", "name": group}

    def _free(self, name: str) -> str:
        """A name that no question and no group has."""
        while name in self.names:
            name += "_page"
        self.names.add(name)
        return name

    def _question(self, question: AnyQuestion) -> Iterator[Cells]:
        cells: Cells = {
            **{"type": question.type, "name": question.name},
            **words("label", question.label),
            **words("hint", question.hint),
            "relevant": condition(question.relevant),
            "constraint": constraint(question),
            **words("constraint_message", question.constraint_message),
            **words("heard::why", question.why),
            "heard::area": question.area or "",
            **media(question.image, question.audio),
        }
        if isinstance(question, Matrix):
            yield from self._matrix(question, cells)
            return
        has_choice = isinstance(question, (SelectOne, SelectMultiple, Scale))
        if question.prefer_not_to_say and not has_choice:
            cells["heard::prefer_not_to_say"] = "yes"
        yield cells | self._of_type(question)

    def _of_type(self, question: AnyQuestion) -> Cells:
        """The cells that only this type has."""
        if isinstance(question, (SelectOne, SelectMultiple, Rank)):
            listed = self.lists.of(question)
            cells = {"type": f"{question.type} {listed.name}", "choice_filter": listed.filter}
            return cells | ({"parameters": "randomize=true"} if question.randomize else {})
        if isinstance(question, Scale):
            cells = {"type": f"select_one {self.lists.of_scale(question)}", "heard::type": "scale"}
            faces = "yes" if question.faces else ""
            return cells | {"appearance": "likert", "heard::faces": faces}
        if isinstance(question, Country):
            return {"type": f"select_one {self.lists.countries()}", "heard::type": "country"}
        return _in_the_row(question)

    def _matrix(self, question: Matrix, cells: Cells) -> Iterator[Cells]:
        listed = self.lists.of(question)
        look = "field-list" if listed.filter else "table-list"  # pyxform has no filtered tables
        table = {"type": "begin_group", "appearance": look, "heard::type": "matrix"}
        yield {**cells, **table}
        for row in question.rows:
            yield {
                "type": f"select_one {listed.name}",
                "name": f"{question.name}__{row.name}",
                **words("label", row.label),
                "choice_filter": listed.filter,
            }
        yield {"type": "end_group", "name": question.name}


def _in_the_row(question: AnyQuestion) -> Cells:
    """The cells of types that need no choices."""
    if isinstance(question, Date):
        return {"appearance": "year" if question.precision == "year" else "month-year"}
    if isinstance(question, TextQuestion) and question.lines > 1:
        return {"appearance": "multiline", "heard::lines": str(question.lines)}
    if isinstance(question, (Integer, Decimal)):
        ends = {"heard::from": question.from_, "heard::to": question.to}
        return {key: number(end) for key, end in ends.items() if end is not None}
    return {}


def _settings(definition: Definition) -> Cells:
    first = definition.languages[0]
    return {
        "form_title": text_in(definition.title, first),
        "form_id": definition.consultation,
        "version": str(definition.version),
        "default_language": heading_of(first),
    }


def _rest(definition: Definition) -> list[Cells]:
    """Everything but the pages, one value a row."""
    tree = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for key in ("pages", "choice_lists"):
        tree.pop(key, None)
    rows = [{"key": key, "value": value} for key, value in _flat(tree, "")]
    if definition.choice_lists:
        rows.append({"key": "choice_lists", "value": " ".join(definition.choice_lists)})
    rows += [
        {"key": f"choice_filters.{name}", "value": filter_of(choices)}
        for name, choices in definition.choice_lists.items()
    ]
    rows.append({"key": "languages", "value": " ".join(definition.languages)})
    return rows


def _flat(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if path == "languages":
        return
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _flat(value, f"{path}.{index}")
    else:
        yield path, str(node).lower() if isinstance(node, bool) else str(node)


def _write(book: Workbook, name: str, rows: list[Cells], first: Iterable[str]) -> None:
    """One sheet: headings that some row fills, the usual ones first, everything as text."""
    sheet = book.create_sheet(name)
    filled = {heading for row in rows for heading, cell in row.items() if cell}
    headings = _ordered(filled | {"heard::type"} if name == "survey" else filled, first)
    for column, heading in enumerate(headings, 1):
        cell = sheet.cell(1, column, heading)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    for number_, row in enumerate(rows, 2):
        for column, heading in enumerate(headings, 1):
            if row.get(heading):
                cell = sheet.cell(number_, column)
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", row[heading])
                cell.data_type = "s"  # a text that starts with = is no formula
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _ordered(headings: set[str], first: Iterable[str]) -> list[str]:
    """The columns of one kind together, languages in their order, Heard's own at the end."""
    order = {key: number_ for number_, key in enumerate(first)}

    def place(heading: str) -> tuple[bool, int, str]:
        base = heading.partition("::")[0]
        known = order.get(heading, order.get(base, len(order)))
        return heading.startswith("heard"), known, heading

    return sorted(headings, key=place)
