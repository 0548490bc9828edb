"""Forms as text: a folder of CSV files, one CSV file, or pyxform's Markdown table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from .errors import FormError
from .workbook import MAX_FILE_BYTES, MAX_ROWS, Guess, Sheet, Workbook, numbered

MAX_FILES = 50
"""Files looked at in a folder. A form has three."""

SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")


def decode(data: bytes) -> tuple[str, bool]:
    """The text in `data`, and whether its encoding had to be guessed. Raises `FormError`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    if b"\0" in data and encodings != ["utf-16"]:
        raise FormError(
            "The file is not a spreadsheet. Heard reads .xlsx and .xls files, a folder of .csv "
            "files, and Markdown tables (.md)."
        )
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding == "cp1252"
        except UnicodeError:
            continue
    raise FormError("The text cannot be read. Save the file as CSV UTF-8, and import it again.")


def read_folder(folder: Path) -> Workbook:
    """The form whose sheets are the CSV files of a folder. Raises `FormError`, `OSError`."""
    files = sorted(
        path for path in islice(folder.iterdir(), 10_000) if path.suffix.lower() in (".csv", ".tsv")
    )
    if not files:
        raise FormError(
            f"There is no .csv file in {folder}. A form as a folder has survey.csv, and often "
            "choices.csv and settings.csv."
        )
    sheets, guesses = [], []
    for path in files[:MAX_FILES]:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FormError(f"{path.name} is larger than {MAX_FILE_BYTES // 1024**2} MiB.")
        text, guessed = decode(path.read_bytes())
        sheets.append(_csv_sheet(path.stem, text))
        if guessed:
            guesses.append(_guessed(path.name))
    return Workbook(tuple(sheets), guesses=tuple(guesses))


def _guessed(name: str) -> Guess:
    return Guess(
        name,
        "it is not UTF-8, so it was read as Windows-1252.",
        "If accents look wrong, save it as CSV UTF-8, and import it again.",
    )


def read_text(data: bytes, name: str) -> Workbook:
    """The form in one text file. Raises `FormError`."""
    text, guessed = decode(data)
    if not text.strip():
        raise FormError("The file is empty.")
    _refuse_markup(text)
    if text.lstrip().startswith("|") or re.search(r"(?m)^[ \t]*\|.*\|[ \t]*$", text):
        workbook = _markdown(text)
    else:
        workbook = _one_csv(text, Path(name).stem)
    return replace(workbook, guesses=(_guessed(name),) if guessed else ())


def _refuse_markup(text: str) -> None:
    start = text.lstrip()[:400].lower()
    if start.startswith("%pdf"):
        raise FormError("The file is a PDF. Import the spreadsheet from which it was made.")
    if start.startswith("{"):
        raise FormError("The file is JSON. Import the form's spreadsheet (XLSForm) instead.")
    if not start.startswith("<"):
        return
    if "xforms" in text[:4000].lower() or "h:html" in start:
        raise FormError(
            "The file is the form as XML (XForm). Download the form as XLS or XLSX from the "
            "program it is in, and import that file."
        )
    raise FormError(
        "The file is a web page or XML under another name. Open it in a spreadsheet program, "
        "save it as .xlsx, and import that file."
    )


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        yield from islice(enumerate(reader, 1), MAX_ROWS + 1)
    except csv.Error as error:
        limit = csv.field_size_limit()
        raise FormError(
            f"The CSV cannot be read near line {reader.line_num} ({error}). A cell has at most "
            f"{limit} letters, and a quotation mark inside a text is written twice."
        ) from error


def _delimiter(text: str) -> str:
    """The sign between the columns: the most frequent one in the first line."""
    head = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t|", key=head.count)


def _csv_sheet(name: str, text: str) -> Sheet:
    return numbered(name, _csv_rows(text))


def _one_csv(text: str, name: str) -> Workbook:
    """One file is the survey, or has each sheet's name alone in its first column."""
    rows = list(_csv_rows(text))
    first = [cell.strip().lower() for cell in next((row for _, row in rows if any(row)), [])]
    if first and first[0] in SHEETS and not any(first[1:]):
        return _sections(rows)
    return Workbook((numbered("survey" if "type" in first else name, rows),))


def _sections(rows: Iterable[tuple[int, list[str]]]) -> Workbook:
    """Rows whose first column names the sheet that starts there."""
    sheets: dict[str, list[tuple[int, list[str]]]] = {}
    current = ""
    for number, cells in rows:
        if cells and cells[0].strip():
            current = cells[0].strip()
        sheets.setdefault(current, []).append((number, cells[1:]))
    return Workbook(tuple(numbered(name, found) for name, found in sheets.items() if name))


def _markdown(text: str) -> Workbook:
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped.startswith("|") or re.fullmatch(r"[|\s:-]+", stripped):
            continue
        inner = stripped[1:-1] if stripped.endswith("|") else stripped[1:]
        cells = [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]
        rows.append((number, cells))
    if rows and "type" in (cell.lower() for cell in rows[0][1][:1]):
        return Workbook((numbered("survey", rows),))
    return _sections(rows)
