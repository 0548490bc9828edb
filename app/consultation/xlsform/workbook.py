"""A form as sheets of text, whatever file it came from, and the limits of what is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from .errors import FormError

MAX_FILE_BYTES = 20 * 1024 * 1024
"""The largest file that is read. The largest form met in the field has 0.2 MiB."""
MAX_COLUMNS = 1_000
MAX_ROWS = 100_000
MAX_CELLS = 2_000_000
"""Of the rectangle from A1 to the last cell that holds something: what a reader must keep."""

CellValue = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet that hold something, each with the number a spreadsheet shows."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    no_result: tuple[str, ...] = ()
    """Cells with a formula whose result is not in the file, such as “B4”."""


@dataclass(frozen=True)
class Guess:
    """Something about a file that had to be guessed."""

    file: str
    why: str
    todo: str


@dataclass(frozen=True)
class Workbook:
    """The sheets of one form, and what could not be read of it."""

    sheets: tuple[Sheet, ...]
    too_large: tuple[tuple[str, str], ...] = ()
    """Names of sheets that were not read, each with a sentence about it."""
    guesses: tuple[Guess, ...] = ()


def numbered(name: str, rows: Iterable[tuple[int, Iterable[CellValue]]]) -> Sheet:
    """A sheet of the rows that hold something.

    Raises `FormError` beyond `MAX_ROWS` and `MAX_COLUMNS`.
    """
    kept: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in rows:
        texts = [cell_text(cell) for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            continue
        if len(texts) > MAX_COLUMNS or number > MAX_ROWS:
            raise too_large(name, cell_name(number, len(texts)))
        kept.append((number, tuple(texts)))
    return Sheet(name, tuple(kept))


def too_large(sheet: str, cell: str) -> FormError:
    """The error for a sheet with something far out, and what to do about it."""
    return FormError(
        f"The sheet “{sheet}” has something in cell {cell}, and that is further out than a form "
        f"reaches (column {column_letters(MAX_COLUMNS)}, row {MAX_ROWS}). Delete the columns and "
        "rows after the form, save it, and import it again."
    )


def cell_name(row: int, column: int) -> str:
    """`(4, 2)` as “B4”."""
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """`28` as “AB”."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_text(value: CellValue) -> str:
    """A cell as the text a person sees: 3.0 is “3”, true is “true”, a day is 2027-05-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return str(value)
