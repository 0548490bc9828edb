"""`texts.csv`, `quotes.csv` and `texts.html`: what people wrote, and nothing else about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from html import escape
from pathlib import Path
from typing import BinaryIO, Final

from app.consultation import text_in

from ..cells import protect_cell
from ..codebook import Codebook, Variable, readable
from ..folders import csv_line, new_binary_file, new_file
from ..texts import Pieces, Written
from .pages import in_language, page

TEXTS: Final = ("id", "question", "text")
QUOTES: Final = ("id", "question", "text", "contact", "checked_by")
BETWEEN_PIECES: Final = " | "
BATCH: Final = 20
"""Texts between two pauses (R97)."""

_AT_ONCE: Final = 65_536  # characters
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


class TextPieces:
    """Makes of a text what each file has of it."""

    def __init__(self, codebook: Codebook) -> None:
        self._codes = {
            text.name: (number, frozenset(text.column.codes.values()))
            for number, text in enumerate(codebook.texts)
        }
        self._line = csv_line()

    def of(self, text: Written) -> Pieces:
        """Return its lines of texts.csv and quotes.csv, and its part of texts.html."""
        number, codes = self._codes[text.column]
        cell, quote = protect_cell(text.text, codes), ""
        if text.may_be_quoted:
            contact = protect_cell(BETWEEN_PIECES.join(text.marked))
            quote = self._line((text.id, text.column, cell, contact, ""))
        line = self._line((text.id, text.column, cell))
        html = f'<p class="id">{text.id}</p>\n<blockquote dir="auto">{_marked(text)}</blockquote>\n'
        return Pieces(number, line.encode(), quote.encode(), html.encode())


def write_texts(
    folder: Path, codebook: Codebook, texts: Iterable[Pieces], counts: Mapping[str, int]
) -> None:
    """Write every text, and those that may be quoted.

    Args:
        folder: where the files go; those that begin with a dot are for the meanwhile.
        codebook: what there is.
        texts: in random order.
        counts: how many texts each question has, by its column's name.
    """
    if not codebook.texts:
        return
    parts = [folder / f".texts-{number}.html" for number in range(len(codebook.texts))]
    with ExitStack() as stack:
        lines = stack.enter_context(new_binary_file(folder / "texts.csv"))
        quotes = stack.enter_context(new_binary_file(folder / "quotes.csv"))
        lines.write(csv_line()(TEXTS).encode("utf-8-sig"))
        quotes.write(csv_line()(QUOTES).encode("utf-8-sig"))
        files = [stack.enter_context(new_binary_file(part)) for part in parts]
        readings = [
            _Reading(file, _warning(question, codebook.language).encode())
            for file, question in zip(files, codebook.texts, strict=True)
        ]
        for each in texts:
            lines.write(each.line)
            quotes.write(each.quote)
            readings[each.question].add(each.html)
    with new_file(folder / "texts.html") as file:
        title = f"Texts: {codebook.newest.consultation}"
        file.writelines(page(title, _body(codebook, counts, parts)))
    for part in parts:
        part.unlink()


def _body(codebook: Codebook, counts: Mapping[str, int], parts: Iterable[Path]) -> Iterator[str]:
    title = in_language(codebook.title, codebook.language)
    yield f"<h1>{title}</h1>\n{_NOTICE}"
    for question, part in zip(codebook.texts, parts, strict=True):
        count = counts.get(question.name, 0)
        label = in_language(question.label(codebook.language), codebook.language)
        yield f"<h2>{label}</h2>\n<p><code>{question.name}</code>: {count} texts.</p>\n"
        with part.open(encoding="utf-8", newline="") as file:
            while some := file.read(_AT_ONCE):
                yield some


class _Reading:
    """The texts of one question, in batches with a pause between (R97)."""

    def __init__(self, file: BinaryIO, warning: bytes) -> None:
        self._file = file
        self._warning = warning
        self._number = 0

    def add(self, html: bytes) -> None:
        if self._number % BATCH == 0:
            if self._number:
                self._file.write(_PAUSE.format(count=BATCH).encode())
            self._file.write(b"<h3>From %d</h3>\n%b" % (self._number + 1, self._warning))
        self._number += 1
        self._file.write(html)


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
