"""The files of a data set, each written from the codebook and the table."""

from __future__ import annotations

from .codebook_json import codebook_as_json
from .formats import FORMATS, Format, load_writers, write_descriptions, write_tables
from .texts import TextPieces, write_texts

__all__ = [
    "FORMATS",
    "Format",
    "TextPieces",
    "codebook_as_json",
    "load_writers",
    "write_descriptions",
    "write_tables",
    "write_texts",
]
