"""What other programs find in the files of a data set: answers, and why there is none."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pyreadstat

from app.research.numbering import country_number

LETTERS = "abcde"


@dataclass(frozen=True)
class Nothing:
    """Why there is no answer."""

    why: str


Row = dict[str, Any]
"""By column: an answer, a `Nothing`, or None where a file could not hold it."""


def codebook_of(folder: Path) -> dict[str, Mapping[str, Any]]:
    """The columns of codebook.json, by name."""
    codebook = json.loads((folder / "codebook.json").read_text(encoding="utf-8"))
    return {each["column"]: each for each in codebook["columns"]}


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _is_number(column: Mapping[str, Any]) -> bool:
    kinds = ("integer", "decimal", "scale", "flag", "select_multiple")
    return column["type"] in kinds


def csv_rows(folder: Path) -> Iterator[Row]:
    """As docs/for-researchers.md says: missing codes first, then one apostrophe."""
    columns = codebook_of(folder)
    with (folder / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            yield {name: _from_text(cell, columns[name]) for name, cell in row.items()}


def _from_text(cell: str, column: Mapping[str, Any]) -> Any:
    if cell in column["missing"]:
        return Nothing(column["missing"][cell])
    typed = cell.removeprefix("'")
    return _number(typed) if _is_number(column) else typed


def xlsx_rows(folder: Path) -> Iterator[Row]:
    """The sheet of codes; a missing code is a text."""
    columns = codebook_of(folder)
    book = openpyxl.load_workbook(folder / "responses.xlsx", read_only=True)
    names, *lines = book["codes"].iter_rows(values_only=True)
    for line in lines:
        row = dict(zip(names, line, strict=True))
        yield {
            str(name): _from_text(cell or "", columns[str(name)])
            if isinstance(cell, str | None)
            else cell
            for name, cell in row.items()
        }


def parquet_rows(folder: Path) -> Iterator[Row]:
    """Numbers are numbers, all else is as in CSV."""
    columns = codebook_of(folder)
    for row in pl.read_parquet(folder / "responses.parquet").iter_rows(named=True):
        yield {
            name: cell if cell is None else _from_parquet(cell, columns[name])
            for name, cell in row.items()
        }


def _from_parquet(cell: Any, column: Mapping[str, Any]) -> Any:
    if isinstance(cell, str):
        return _from_text(cell, column)
    codes = {int(code): why for code, why in column["missing"].items()}
    return Nothing(codes[cell]) if cell in codes else cell


def read_sav(folder: Path, codes: bool = True) -> tuple[pl.DataFrame, Any]:
    """The table of responses.sav, with missing codes or with nothing in their place."""
    path = folder / "responses.sav"
    frame, about = pyreadstat.read_sav(path, output_format="polars", user_missing=codes)
    return pl.DataFrame(frame), about


def read_dta(folder: Path, codes: bool = True) -> tuple[pl.DataFrame, Any]:
    """The table of responses.dta, with Stata's letters or with nothing in their place."""
    path = folder / "responses.dta"
    frame, about = pyreadstat.read_dta(path, output_format="polars", user_missing=codes)
    return pl.DataFrame(frame), about


def sav_rows(folder: Path) -> Iterator[Row]:
    """By what the file itself says is missing, and what it says that it means."""
    frame, about = read_sav(folder)
    for row in frame.iter_rows(named=True):
        yield _row(folder, row, "spss", lambda name, cell: _spss_reason(about, name, cell))


def _spss_reason(about: Any, name: str, cell: Any) -> str | None:
    for span in about.missing_ranges.get(name, []):
        if span["lo"] <= cell <= span["hi"]:
            return str(about.variable_value_labels[name][cell])
    return None


def dta_rows(folder: Path) -> Iterator[Row]:
    """Stata's letters, and what the file says that they mean."""
    frame, about = read_dta(folder)

    def reason(name: str, cell: Any) -> str | None:
        if isinstance(cell, str) and cell in about.missing_user_values.get(name, []):
            return str(about.variable_value_labels[name][cell])
        return None

    for row in frame.iter_rows(named=True):
        yield _row(folder, row, "stata", reason)


def _row(folder: Path, row: Row, program: str, reason: Callable[[str, Any], str | None]) -> Row:
    decoded: Row = {}
    for column in codebook_of(folder).values():
        name = column["names"][program]
        cell = row[name]
        why = None if cell is None else reason(name, cell)
        if why or cell is None:
            decoded[column["column"]] = Nothing(why) if why else None
        else:
            decoded[column["column"]] = _from_numbered(cell, column)
    return decoded


def _from_numbered(cell: Any, column: Mapping[str, Any]) -> Any:
    if _is_number(column) or isinstance(cell, str):
        return cell
    if column["type"] == "date":
        year, month = divmod(int(cell), 100)
        return f"{year:04}-{month:02}" if month else f"{year:04}"
    if column["type"] == "country":
        return next(two for two in ("NP", "XK", "BN", "ZZ", "AA") if country_number(two) == cell)
    names = {number: name for name, number in column["numbers"].items()}
    return names[int(cell)]


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "csv": csv_rows,
    "xlsx": xlsx_rows,
    "parquet": parquet_rows,
    "sav": sav_rows,
    "dta": dta_rows,
}
