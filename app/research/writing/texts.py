"""`texts.csv`, `quotes.csv` and `texts.html`: what people wrote, and nothing else about them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from ..cells import protect_cell
from ..codebook import Codebook
from ..folders import write_csv
from ..texts import TextStore

TEXTS: Final = ("id", "question", "text")
QUOTES: Final = ("id", "question", "text", "contact", "checked_by")
BETWEEN_PIECES: Final = " | "


def write_texts(folder: Path, codebook: Codebook, texts: TextStore) -> list[str]:
    """Write every text in random order, and those that may be quoted; the names of the files."""
    if not codebook.texts:
        return []
    codes = {text.name: frozenset(text.column.codes.values()) for text in codebook.texts}

    def rows() -> Iterator[tuple[str, ...]]:
        for each in texts:
            yield each.id, each.column, protect_cell(each.text, codes[each.column])

    def quotable() -> Iterator[tuple[str, ...]]:
        for each in texts:
            if each.may_be_quoted:
                pieces = protect_cell(BETWEEN_PIECES.join(each.marked))
                text = protect_cell(each.text, codes[each.column])
                yield each.id, each.column, text, pieces, ""

    write_csv(folder / "texts.csv", chain([TEXTS], rows()))
    write_csv(folder / "quotes.csv", chain([QUOTES], quotable()))
    return ["texts.csv", "quotes.csv"]
