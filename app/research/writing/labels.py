"""Labels as long as each program takes them; the whole text is in the codebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.consultation import text_in

from ..codebook import Codebook, Value, Variable, readable

_CUT: Final = "…"


@dataclass(frozen=True)
class Limit:
    """How long a label may be in a program."""

    characters: int
    bytes: int

    def fits(self, text: str) -> bool:
        """Whether a label is short enough."""
        return len(text) <= self.characters and len(text.encode()) <= self.bytes


def shortened(text: str, limit: Limit) -> str:
    """Return a text cut to fit, at a space where there is one not too far back, and with “…”."""
    if limit.fits(text):
        return text
    kept = text[: limit.characters]
    while kept and not limit.fits(kept + _CUT):
        kept = kept[:-1]
    at_space = kept.rpartition(" ")[0]
    if len(at_space) * 2 > len(kept):
        kept = at_space
    return kept.rstrip() + _CUT


def variable_label(variable: Variable, language: str, limit: Limit) -> str:
    """Return the label of a column; the question is cut before the choice or row that it holds."""
    whole = variable.label(language)
    item = readable(text_in(variable.item, language))
    if limit.fits(whole) or not item:
        return shortened(whole, limit)
    tail = f" \N{EN DASH} {item}"
    room = Limit(limit.characters - len(tail), limit.bytes - len(tail.encode()))
    if min(room.characters, room.bytes) < limit.characters // 4:
        return shortened(f"{item} \N{EN DASH} {whole.removesuffix(tail)}", limit)
    return shortened(whole.removesuffix(tail), room) + tail


def value_label(value: Value, language: str, limit: Limit) -> str:
    """Return the label of a choice."""
    return shortened(readable(text_in(value.label, language)), limit)


def file_label(codebook: Codebook, limit: Limit) -> str:
    """Return the label of a whole file."""
    return shortened(readable(codebook.title), limit)
