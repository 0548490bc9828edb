"""Forms made in a test: sheets as lists of rows, written as the files that people have."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from app.consultation.xlsform import Imported, import_form

Cell = str | int | float | bool | None
Rows = Sequence[Sequence[Cell]]

YES_NO: Rows = [
    ["list_name", "name", "label"],
    ["yes_no", "yes", "Yes"],
    ["yes_no", "no", "No"],
]


def xlsx(sheets: dict[str, Rows]) -> bytes:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def imported(
    folder: Path, sheets: dict[str, Rows], name: str = "form.xlsx", language: str | None = None
) -> Imported:
    """What becomes of a workbook with these sheets."""
    path = folder / name
    path.write_bytes(xlsx(sheets))
    return import_form(path, language)


def imported_survey(
    folder: Path, survey: Rows, choices: Rows = YES_NO, settings: Rows = ()
) -> Imported:
    """What becomes of a form with these rows."""
    sheets: dict[str, Rows] = {"survey": survey, "choices": choices}
    return imported(folder, sheets | ({"settings": settings} if settings else {}))


def told(found: Imported, row: int | None = None, sheet: str = "survey") -> str:
    """Everything that an import says about a row, in one text."""
    return "\n".join(
        f"{remark.kind}: {remark.what} {remark.name}: {remark.why} {remark.todo}"
        for remark in found.remarks
        if remark.sheet == sheet and (row is None or remark.row == row)
    )
