"""A gentle look for words that could show who a person is (R72): never a block, never stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PATTERNS = re.compile(
    r"""
      [\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}     # an e-mail address
    | (?:https?://|www\.)[^\s<>"']{3,200}                 # a link
    | (?<![\w@/])@[A-Za-z0-9_.]{3,30}                     # a handle
    | (?<!\w)\+?\d(?:[ ().\-/]{0,2}\d){6,14}(?!\w)        # a phone number or another long number
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Piece:
    """A part of a text; `marked` when it could show who someone is."""

    text: str
    marked: bool


def find_identifying(text: str) -> list[Piece]:
    """Return `text` cut into plain and marked pieces; an empty list when nothing stands out."""
    pieces: list[Piece] = []
    end = 0
    for match in _PATTERNS.finditer(text):
        if match.start() > end:
            pieces.append(Piece(text[end : match.start()], marked=False))
        pieces.append(Piece(match.group(), marked=True))
        end = match.end()
    if not pieces:
        return []
    if end < len(text):
        pieces.append(Piece(text[end:], marked=False))
    return pieces
