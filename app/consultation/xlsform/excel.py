"""Excel's two formats, told apart by what is inside and read within fixed bounds.

An .xlsx is looked through as a stream before the reader sees it: how large it unpacks to, and how
far out its last cell is. The reader keeps a whole rectangle, so both would otherwise be limits
that a stray cell, or an attacker, decides.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

import python_calamine
import xlrd  # type: ignore[import-untyped]

from .errors import FormError
from .workbook import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, CellValue, Sheet, Workbook, numbered
from .workbook import cell_name as name_of
from .workbook import too_large as refuse_large

MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""Of all the XML in an .xlsx. The largest form met in the field unpacks to 1.5 MiB."""
CHUNK_BYTES = 64 * 1024
MANY_FORMULAS = 50

_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OSError)
_DAMAGED = "The file is damaged: open it in a spreadsheet program, save it again, and import that."
_LOCKED = (
    "The file is locked with a password. Open it in a spreadsheet program, remove the password, "
    "save it, and import it again."
)


def read_xlsx(data: bytes) -> Workbook:
    """The sheets of an .xlsx or .xlsm file. Raises `FormError`."""
    extents = _look_through(data)
    try:
        return _read_cells(data, extents)
    except FormError:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a fault in the reader's Rust is not an Exception
        raise FormError(_DAMAGED) from error


def _read_cells(data: bytes, extents: dict[str, _Extent]) -> Workbook:
    too_large = []
    sheets = []
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for name in book.sheet_names:
            extent = extents.get(name)
            if extent is None:
                continue
            if extent.far_out:
                too_large.append((name, str(refuse_large(name, extent.far_out))))
                continue
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            sheet = numbered(name, enumerate(rows, 1))
            sheets.append(Sheet(name, sheet.rows, tuple(extent.no_result[:MANY_FORMULAS])))
    return Workbook(tuple(sheets), tuple(too_large))


@dataclass
class _Extent:
    """How far a worksheet reaches, found while its XML streams by."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    far_out: str = ""
    no_result: list[str] = field(default_factory=list)
    holds_value: bool = False
    holds_formula: bool = False
    inside_value: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.row = _whole(attributes.get("r"), self.row + 1)
            self.column = 0
        elif tag == "c":
            self.row, self.column = _position(attributes.get("r"), (self.row, self.column + 1))
            self.holds_value = self.holds_formula = False
        elif tag in ("v", "is"):
            self._reach()  # the reader keeps a cell with an empty value too
            self.inside_value = True
        elif tag == "f":
            self.holds_formula = True

    def text(self, text: str) -> None:
        if self.inside_value and text:
            self.holds_value = True

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("v", "is"):
            self.inside_value = False
        elif tag == "c" and self.holds_formula and not self.holds_value:
            self.no_result.append(name_of(self.row, self.column))

    def _reach(self) -> None:
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        beyond = self.last_row > MAX_ROWS or self.last_column > MAX_COLUMNS
        if not self.far_out and (beyond or self.last_row * self.last_column > MAX_CELLS):
            self.far_out = name_of(self.row, self.column)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _position(reference: str | None, otherwise: tuple[int, int]) -> tuple[int, int]:
    """`"AB12"` as `(12, 28)`."""
    found = re.fullmatch(r"([A-Za-z]{1,7})([0-9]{1,9})", reference or "")
    if not found:
        return otherwise
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _look_through(data: bytes) -> dict[str, _Extent]:
    """The extent of every worksheet by its name. Raises `FormError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _extents(archive)
    except RuntimeError as error:  # zipfile's word for a locked entry
        raise FormError(_LOCKED) from error
    except expat.ExpatError as error:
        raise FormError(_DAMAGED) from error
    except _ZIP_ERRORS as error:
        raise FormError(_DAMAGED) from error


def _extents(archive: zipfile.ZipFile) -> dict[str, _Extent]:
    names = [info.filename for info in archive.infolist()]
    if len({name.lower() for name in names}) != len(names):
        raise FormError(_DAMAGED)
    _refuse_other_kinds(set(names))
    extents: dict[str, _Extent] = {}
    left = MAX_UNPACKED_BYTES
    for info in archive.infolist():
        if not info.filename.lower().endswith((".xml", ".rels")):
            continue
        extent = _Extent() if "sheets/" in info.filename else None
        for chunk in _streamed(archive, info, extent):
            left -= chunk
            if left < 0:
                raise FormError(
                    f"The file unpacks to more than {MAX_UNPACKED_BYTES // 1024**2} MiB, and no "
                    "form is that large. Copy the sheets survey, choices and settings into a new "
                    "file, and import that."
                )
        if extent:
            extents[info.filename] = extent
    parts = _parts_of_sheets(archive)
    return {name: extents[part] for name, part in parts.items() if part in extents}


def _streamed(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, extent: _Extent | None
) -> Iterator[int]:
    """Yield the size of each unpacked chunk; the extent, if there is one, sees its XML."""
    parser = _parser(extent) if extent else None
    with archive.open(info) as part:
        while chunk := part.read(CHUNK_BYTES):
            yield len(chunk)
            if parser:
                parser.Parse(chunk, False)
    if parser:
        parser.Parse(b"", True)


def _parser(extent: _Extent) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.EndElementHandler = extent.end
    parser.CharacterDataHandler = extent.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_declared: object) -> None:
    """No spreadsheet program writes a document type; entities that grow come with one."""
    raise FormError(_DAMAGED)


def _parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The file inside the archive that holds each sheet, by the sheet's name."""
    targets = {
        attributes.get("Id", ""): posixpath.normpath(
            posixpath.join("/xl", attributes.get("Target", ""))
        ).lstrip("/")
        for attributes in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    parts = {}
    for attributes in _elements(archive, "xl/workbook.xml", "sheet"):
        link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        parts[attributes.get("name", "")] = targets.get(link, "")
    return parts


def _elements(archive: zipfile.ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    """The attributes of every element `tag` in a part that is small by now."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == tag:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        content = archive.read(part)
    except KeyError:
        raise FormError(_DAMAGED) from None
    parser.Parse(content, True)
    return found


_OTHER_KINDS = {
    "xl/workbook.bin": "The file is an Excel Binary Workbook (.xlsb). In Excel, choose Save As, "
    "Excel Workbook (.xlsx), and import that file.",
    "word/document.xml": "The file is a Word document. Heard reads forms in spreadsheets: write "
    "the questions into a sheet called survey with the columns type, name and label, or start "
    "from a draft with: heard new",
    "ppt/presentation.xml": "The file is a presentation, not a spreadsheet.",
    "content.xml": "The file is an OpenDocument file (.ods). In LibreOffice, choose Save As, "
    "Excel 2007-365 (.xlsx), and import that file.",
}


def _refuse_other_kinds(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    for part, message in _OTHER_KINDS.items():
        if part in names:
            raise FormError(message)
    raise FormError("The file is an archive (.zip) and not a spreadsheet. Unpack it first.")


def read_xls(data: bytes) -> Workbook:
    """The sheets of an .xls file of Excel 97 to 2003. Raises `FormError`."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise FormError(_LOCKED)
    if "WordDocument".encode("utf-16-le") in data:
        raise FormError(_OTHER_KINDS["word/document.xml"])
    try:
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - the reader wants a stream to grumble to
            book = xlrd.open_workbook(
                file_contents=data, logfile=nowhere, ragged_rows=True, on_demand=True
            )
            return Workbook(tuple(_xls_sheet(book, name) for name in book.sheet_names()))
    except FormError:
        raise
    except Exception as error:
        # The reader's own errors, and any other when the bytes are not what they claim to be.
        locked = "encrypted" in str(error).lower()
        raise FormError(_LOCKED if locked else _DAMAGED) from error


def _xls_sheet(book: xlrd.Book, name: str) -> Sheet:
    sheet = book.sheet_by_name(name)
    rows = ((row + 1, _xls_row(book, sheet.row(row))) for row in range(sheet.nrows))
    return numbered(name, rows)


def _xls_row(book: xlrd.Book, cells: list[xlrd.sheet.Cell]) -> list[CellValue]:
    return [_xls_cell(book, cell) for cell in cells]


def _xls_cell(book: xlrd.Book, cell: xlrd.sheet.Cell) -> CellValue:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)  # type: ignore[no-any-return]
        except (xlrd.XLDateError, ValueError, OverflowError):
            return float(cell.value)
    if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    return str(cell.value) if isinstance(cell.value, str) else float(cell.value)
