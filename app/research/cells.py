"""Cells of a CSV file: nothing in them runs, nothing is ambiguous, everything can be restored.

A leading apostrophe marks a cell whose content would otherwise be taken for something else: for a
formula, for one of the column's missing codes, or for such a mark. `restore_cell` removes it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final

MARK: Final = "'"

_STARTS_FORMULA: Final = frozenset("=+-@\N{MINUS SIGN}")
# OWASP, CSV Injection: these begin a formula, or start a new cell in some programs.
_STARTS_CELL: Final = frozenset("\t\r\n\0")


def protect_cell(content: str, codes: Collection[str] = ()) -> str:
    """Return the text to write for `content`, in a column with these missing codes."""
    if content.startswith(MARK) or content in codes or could_run(content):
        return MARK + content
    return content


def restore_cell(cell: str) -> str:
    """Return the content that `protect_cell` was given. Look for missing codes before."""
    return cell.removeprefix(MARK)


def could_run(content: str) -> bool:
    """Whether a spreadsheet might take the content for a formula.

    Programs skip spaces before it, and some read full-width, small and superscript signs as plain
    ones: so those are normalised first.
    """
    if content[:1] in _STARTS_CELL and content:
        return True
    if content[:1].isalnum() and content.isascii():
        return False
    for letter in content:
        if letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf", "Zs", "Mn"):
            continue
        return unicodedata.normalize("NFKC", letter)[:1] in _STARTS_FORMULA
    return False
