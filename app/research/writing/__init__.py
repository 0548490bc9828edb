"""The files of a data set, each written from the codebook and the table."""

from __future__ import annotations

from .codebook_json import codebook_as_json
from .texts import write_texts

__all__ = ["codebook_as_json", "write_texts"]
