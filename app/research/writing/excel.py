"""`responses.xlsx` and `codebook.xlsx` for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from app.consultation import text_in

from ..codebook import Codebook, Variable, readable
from ..missing import MEANINGS

NAME: Final = "responses.xlsx"
BOOK: Final = "codebook.xlsx"
MOST_ROWS: Final = 1_048_575  # below the line of names; Excel specifications and limits
LONGEST_CELL: Final = 32_767  # characters
_WIDEST: Final = 60


def write_excel(folder: Path, table: Path, codebook: Codebook) -> int:
    """Write the table twice, as codes and as labels; the number of cells left empty: none.

    The table passes line by line. Numbers are numbers. A missing code is a text, so that no sum
    and no average counts it.
    """
    with _workbook(folder, NAME) as book:
        bold = book.add_format({"bold": True})
        codes, labels = book.add_worksheet("codes"), book.add_worksheet("labels")
        for sheet in (codes, labels):
            sheet.write_row(0, 0, [variable.name for variable in codebook.variables], bold)
            sheet.freeze_panes(1, 0)
        coded = [_code(variable) for variable in codebook.variables]
        labelled = [_label(variable, codebook.language) for variable in codebook.variables]
        for number, row in enumerate(_rows(table), start=1):
            for place, cell in enumerate(row):
                _write(codes, number, place, coded[place](cell))
                _write(labels, number, place, labelled[place](cell))
    return 0


def write_codebook_workbook(folder: Path, codebook: Codebook) -> None:
    """Write one sheet with a line for each column, and one with a line for each answer."""
    with _workbook(folder, BOOK) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        sheets: dict[str, Iterator[Sequence[str | float]]] = {
            "columns": _columns(codebook),
            "answers": _answers(codebook),
        }
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, 0, 30, wrapped)
            sheet.set_column(1, 20, 24, wrapped)
            for number, line in enumerate(lines):
                for place, cell in enumerate(line):
                    _write(sheet, number, place, cell, bold if number == 0 else wrapped)


def _workbook(folder: Path, name: str) -> Any:
    import xlsxwriter  # noqa: PLC0415

    # What it keeps in files meanwhile are answers in the clear: beside the others, not elsewhere.
    options = {"constant_memory": True, "tmpdir": str(folder), "in_memory": False}
    return xlsxwriter.Workbook(folder / name, options)


def _rows(table: Path) -> Iterator[list[str]]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        next(rows)
        yield from rows


def _write(sheet: Any, row: int, place: int, content: str | float, form: Any = None) -> None:
    if isinstance(content, str):
        sheet.write_string(row, place, content[:LONGEST_CELL], form)
    else:
        sheet.write_number(row, place, content, form)


def _code(variable: Variable) -> Callable[[str], str | float]:
    """What makes of a cell of responses.csv one of a spreadsheet."""
    if variable.kind != "number":
        return lambda cell: cell
    missing = frozenset(variable.column.codes.values())
    return lambda cell: cell if cell in missing else _number(cell)


def _number(cell: str) -> str | float:
    typed = cell.removeprefix("'")
    # Excel keeps 15 digits of a number, and everything of a text.
    return float(typed) if len(typed.lstrip("-").replace(".", "")) <= 15 else typed  # noqa: PLR2004


def _label(variable: Variable, language: str) -> Callable[[str], str | float]:
    labels = {
        value.code: readable(text_in(value.label, language))
        for value in variable.values
        if variable.column.type != "scale"
    }
    labels |= {code: MEANINGS[reason] for reason, code in variable.column.codes.items()}
    number = _code(variable)
    return lambda cell: labels[cell] if cell in labels else number(cell)


def _columns(codebook: Codebook) -> Iterator[list[str]]:
    about = ["column", "label", "question", "type", "measure", "page", "area", "versions"]
    yield [*about, "SPSS", "Stata", "R", "missing codes"]
    for each in codebook.variables:
        yield [
            each.name,
            each.label(codebook.language),
            each.column.question,
            each.column.type,
            each.measure,
            each.page.name if each.page else "",
            each.area or "",
            ", ".join(map(str, each.column.versions)),
            each.names.spss,
            each.names.stata,
            each.names.r,
            "; ".join(f"{code} {MEANINGS[why]}" for why, code in each.column.codes.items()),
        ]


def _answers(codebook: Codebook) -> Iterator[list[str | float]]:
    languages = codebook.newest.languages
    yield ["column", "in responses.csv", "in SPSS and Stata", *languages]
    for variable in codebook.variables:
        for value in variable.values:
            labels = [readable(text_in(value.label, language)) for language in languages]
            yield [variable.name, value.code, float(value.number), *labels]
