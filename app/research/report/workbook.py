"""The tables of a report as a workbook: what is hidden on the page is hidden here."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .blocks import Bullets, Chart, ContentWarning, Document, Heading, Number, Paragraph, Table
from .shares import Sentences

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_WIDE = 60  # letters


def make_workbook(document: Document, words: Sentences) -> bytes:
    """Return an XLSX file: the numbers on one sheet, the tables as printed on another.

    A third says how to read them and how all was done: a workbook travels alone.
    """
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
    _write_numbers(book.add_worksheet("numbers"), document, words, bold, plain)
    _write_tables(book.add_worksheet("tables"), document, bold, plain)
    about = book.add_worksheet("about")
    about.set_column(0, 0, 2 * _WIDE)
    for place, (text, strong) in enumerate(_how_to_read(document)):
        about.write(place, 0, text, bold if strong else plain)
    if document.direction == "rtl":
        for sheet in book.worksheets():
            sheet.right_to_left()
    book.set_properties({"title": document.title, "subject": document.about})
    book.close()
    return written.getvalue()


def _write_numbers(
    sheet: Worksheet, document: Document, words: Sentences, bold: Format, plain: Format
) -> None:
    """One line for each number, with its base: for who goes on counting."""
    _ = words.gettext
    header = (
        _("Table"),
        _("Answer"),
        _("Column"),
        _("As printed"),
        _("People"),
        _("Of"),
        "%",
    )
    sheet.write_row(0, 0, header, bold)
    for place, line in enumerate(_lines(document), start=1):
        for column, value in enumerate(line):
            if value is not None:
                sheet.write(place, column, value, plain)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 1, _WIDE)
    sheet.set_column(2, 3, _WIDE // 2)


def _write_tables(sheet: Worksheet, document: Document, bold: Format, plain: Format) -> None:
    """The tables as they stand on the page, with what is said above them."""
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, 20, _WIDE // 2)
    place = 0
    for notes, table in _tables(document):
        sheet.write(place, 0, table.caption, bold)
        for note in notes:
            place += 1
            sheet.write(place, 0, note, plain)
        sheet.write_row(place + 1, 0, (table.corner, *table.columns), bold)
        for place_of_row, row in enumerate(table.rows, start=place + 2):
            sheet.write(place_of_row, 0, row.label, plain)
            sheet.write_row(place_of_row, 1, [number.said for number in row.numbers], plain)
        place += len(table.rows) + 3


def _tables(document: Document) -> Iterator[tuple[list[str], Table]]:
    """Every table, with what the page says between its heading and it."""
    notes: list[str] = []
    warned: list[str] = []
    for block in document.blocks:
        if isinstance(block, ContentWarning):
            warned = [block.text]
        elif isinstance(block, Heading):
            notes, warned = warned, []
        elif isinstance(block, Paragraph) and block.quiet:
            notes = [*notes, block.text]
        elif isinstance(block, Table | Chart):
            yield notes, block.table if isinstance(block, Chart) else block


def _how_to_read(document: Document) -> Iterator[tuple[str, bool]]:
    """Whose answers these are, how to read them, how it was done: lines, and which are titles."""
    yield document.title, True
    yield document.about, False
    told = False
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 2:  # noqa: PLR2004 - a section
            told = block.anchor in ("everybody", "methods")
            if told:
                yield block.text, True
        elif isinstance(block, Bullets) and told:
            yield from ((item, False) for item in block.items)


def _lines(document: Document) -> Iterator[tuple[str | int | None, ...]]:
    for _notes, table in _tables(document):
        for row in table.rows:
            for column, number in zip(table.columns, row.numbers, strict=True):
                yield (table.caption, row.label, column, *_parts(number))


def _parts(number: Number) -> tuple[str | int | None, ...]:
    return number.said, number.people, number.base, number.percent
