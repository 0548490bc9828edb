"""From a path to the sheets of a form: what kind of file it is, its content decides."""

from __future__ import annotations

from pathlib import Path

from .errors import FormError
from .excel import read_xls, read_xlsx
from .text_forms import read_folder, read_text
from .workbook import MAX_FILE_BYTES, Workbook

_ZIP = b"PK"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")


def read_workbook(path: Path) -> Workbook:
    """The sheets of the form at `path`: .xlsx, .xls, a folder of .csv, .csv, or .md.

    Raises `FormError` with a message for a facilitator.
    """
    try:
        if path.is_dir():
            return read_folder(path)
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise FormError(
                f"The file is larger than {MAX_FILE_BYTES // 1024**2} MiB. Copy the sheets "
                "survey, choices and settings into a new file, and import that."
            )
        data = path.read_bytes()
    except OSError as error:
        raise FormError(f"{path} cannot be read: {error.strerror}.") from error
    return read_data(data, path.name)


def read_data(data: bytes, name: str) -> Workbook:
    """The sheets of the form in `data`; `name` is the file's name in messages."""
    if not data.strip():
        raise FormError("The file is empty.")
    if data.startswith(_ZIP):
        return read_xlsx(data)
    if data.startswith(_COMPOUND) or data.startswith(_OLD_BIFF):
        return read_xls(data)
    return read_text(data, name)
