"""The tables of a report as a workbook: what is hidden on the page is hidden here."""

from __future__ import annotations

import io
from collections.abc import Iterator

from .blocks import Chart, Document, Number, Table
from .shares import Sentences

_WIDE = 60  # letters


def make_workbook(document: Document, words: Sentences) -> bytes:
    """Return an XLSX file: the numbers on one sheet, the tables as printed on another."""
    import xlsxwriter  # noqa: PLC0415 - only this needs it

    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    _ = words.gettext
    lines = book.add_worksheet("numbers")
    header = (
        _("Table"),
        _("Answer"),
        _("Column"),
        _("As printed"),
        _("People"),
        _("Of"),
        "%",
    )
    lines.write_row(0, 0, header, bold)
    for place, line in enumerate(_lines(document), start=1):
        for column, value in enumerate(line):
            if value is not None:
                lines.write(place, column, value, plain)
    lines.freeze_panes(1, 0)
    lines.set_column(0, 1, _WIDE)
    lines.set_column(2, 3, _WIDE // 2)
    tables = book.add_worksheet("tables")
    tables.set_column(0, 0, _WIDE)
    tables.set_column(1, 20, _WIDE // 2)
    place = 0
    for table in _tables(document):
        tables.write(place, 0, table.caption, bold)
        tables.write_row(place + 1, 0, (table.corner, *table.columns), bold)
        for place_of_row, row in enumerate(table.rows, start=place + 2):
            tables.write(place_of_row, 0, row.label, plain)
            tables.write_row(place_of_row, 1, [number.said for number in row.numbers], plain)
        place += len(table.rows) + 3
    if document.direction == "rtl":
        lines.right_to_left()
        tables.right_to_left()
    book.set_properties({"title": document.title, "subject": document.about})
    book.close()
    return written.getvalue()


def _tables(document: Document) -> Iterator[Table]:
    for block in document.blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Chart):
            yield block.table


def _lines(document: Document) -> Iterator[tuple[str | int | None, ...]]:
    for table in _tables(document):
        for row in table.rows:
            for column, number in zip(table.columns, row.numbers, strict=True):
                yield (table.caption, row.label, column, *_parts(number))


def _parts(number: Number) -> tuple[str | int | None, ...]:
    return number.said, number.people, number.base, number.percent
