"""`texts.csv`, `quotes.csv` and `texts.html`: what people wrote, and nothing else about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain
from pathlib import Path
from typing import Final

from app.consultation import text_in

from ..cells import protect_cell
from ..codebook import Codebook, Variable, readable
from ..folders import new_file, write_csv
from ..opening import Written
from ..texts import TextStore
from .pages import in_language, page

TEXTS: Final = ("id", "question", "text")
QUOTES: Final = ("id", "question", "text", "contact", "checked_by")
BETWEEN_PIECES: Final = " | "
BATCH: Final = 20
"""Texts between two pauses (R97)."""

_NOTICE: Final = (
    "<p class='note'>These are people's own words. Some may be hard to read. Read with somebody "
    "near, stop when you like, and put what troubles you before the person who leads the "
    "research. Marked pieces could show who somebody is: take them out before anything is shared. "
    "Quote only what is in quotes.csv, after somebody has read it and put a name under "
    "checked_by.</p>\n"
)
_PAUSE: Final = (
    "<p class='pause'>{count} texts are read. Look up, breathe, have some water. "
    "The next ones wait.</p>\n"
)


def write_texts(folder: Path, codebook: Codebook, texts: TextStore) -> list[str]:
    """Write every text in random order, and those that may be quoted; the names of the files."""
    if not codebook.texts:
        return []
    codes = {text.name: frozenset(text.column.codes.values()) for text in codebook.texts}
    cells = ((each, protect_cell(each.text, codes[each.column])) for each in texts)
    rows = ((each.id, each.column, cell) for each, cell in cells)
    write_csv(folder / "texts.csv", chain([TEXTS], rows))
    cells = ((each, protect_cell(each.text, codes[each.column])) for each in texts)
    quotable = (
        (each.id, each.column, cell, protect_cell(BETWEEN_PIECES.join(each.marked)), "")
        for each, cell in cells
        if each.may_be_quoted
    )
    write_csv(folder / "quotes.csv", chain([QUOTES], quotable))
    with new_file(folder / "texts.html") as file:
        file.writelines(page(f"Texts: {codebook.newest.consultation}", _body(codebook, texts)))
    return ["texts.csv", "quotes.csv", "texts.html"]


def _body(codebook: Codebook, texts: TextStore) -> Iterator[str]:
    title = in_language(codebook.title, codebook.language)
    yield f"<h1>{title}</h1>\n{_NOTICE}"
    counts = texts.counts()
    for question in codebook.texts:
        count = counts.get(question.name, 0)
        label = in_language(question.label(codebook.language), codebook.language)
        yield f"<h2>{label}</h2>\n<p><code>{question.name}</code>: {count} texts.</p>\n"
        yield from _in_batches(texts.of(question.name), _warning(question, codebook.language))


def _in_batches(texts: Iterable[Written], warning: str) -> Iterator[str]:
    for number, each in enumerate(texts):
        if number % BATCH == 0:
            if number:
                yield _PAUSE.format(count=BATCH)
            yield f"<h3>From {number + 1}</h3>\n{warning}"
        yield f'<p class="id">{each.id}</p>\n<blockquote dir="auto">{_marked(each)}</blockquote>\n'


def _warning(question: Variable, language: str) -> str:
    warning = question.page.content_warning if question.page else None
    if not warning:
        return ""
    said = in_language(readable(text_in(warning, language)), language)
    return f'<p class="note">Those who answered read first: {said}</p>\n'


def _marked(text: Written) -> str:
    """The text as HTML, the pieces that could show who somebody is marked."""
    shown, rest = "", text.text
    for piece in text.marked:  # in the order in which they stand in the text
        before, _, rest = rest.partition(piece)
        shown += f"{escape(before)}<mark>{escape(piece)}</mark>"
    return shown + escape(rest)
