"""Sheets of words of a key that several people hold: one sheet a person, in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .typesetting import Sheet, typeset
from .words import Words


@dataclass(frozen=True)
class KeySheets:
    """What the sheets of one split say.

    Attributes:
        name: whose key it is.
        fingerprint: of the key, as people read it to each other.
        threshold: how many sheets open it together.
        sheets: the words of each sheet, separated by spaces.
    """

    name: str
    fingerprint: str
    threshold: int
    sheets: Sequence[str]


def print_key_sheet(sheets: KeySheets, place: int) -> bytes:
    """Return one sheet as a PDF of one page; `place` counts from 1."""
    content = {
        "name": sheets.name,
        "fingerprint": sheets.fingerprint,
        "threshold": str(sheets.threshold),
        "place": str(place),
        "count": str(len(sheets.sheets)),
        "words": sheets.sheets[place - 1].split(),
    }
    return typeset(Sheet("key-sheet", "A sheet to keep", content), Words("en"))


def text_of_key_sheet(sheets: KeySheets, place: int) -> str:
    """Return one sheet as text: lines with `#`, then the words, each with its number."""
    words = sheets.sheets[place - 1].split()
    head = (
        f"# Sheet {place} of {len(sheets.sheets)} of the key {sheets.name}\n"
        f"# {sheets.threshold} sheets open it together\n"
        f"# Fingerprint {sheets.fingerprint}\n"
    )
    return head + "".join(f"{number} {word}\n" for number, word in enumerate(words, 1))
