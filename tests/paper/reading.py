"""Reading a PDF again: which letters stand on which page.

A glyph that is shifted up or down, as marks are in Arabic and Bengali, is a piece of its own in the
file, and says the letters of its whole cluster once more. So pieces that repeat the letters of
their neighbour are passed over, and right-to-left lines are put together from places on the page.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream

GLYPH_BYTES = 2
SAME_LINE = 0.45
"""Part of the size of the type by which pieces of one line are apart at most."""

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass
class Piece:
    """Glyphs written at one place: the letters of each cluster, from left to right."""

    x: float
    y: float
    size: float = 0
    clusters: list[str] = field(default_factory=list)

    @property
    def right_to_left(self) -> bool:
        """Whether the letters run from right to left."""
        return any(unicodedata.bidirectional(c) in ("R", "AL") for c in "".join(self.clusters))


@dataclass(frozen=True)
class PageRead:
    """What one page shows."""

    pieces: list[Piece]

    @property
    def sizes(self) -> set[float]:
        """The sizes of type, in points."""
        return {piece.size for piece in self.pieces if piece.clusters}

    @cached_property
    def text(self) -> str:
        """All letters of a page in a left-to-right language that shifts no glyph."""
        return squeezed("".join(c for piece in self.pieces for c in piece.clusters))

    def shows(self, text: str) -> bool:
        """Whether the page shows a text; lines may break anywhere."""
        wanted = squeezed(text)
        if wanted in self.text:
            return True
        if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in wanted):
            lines = self._right_to_left_lines
            return all(word in lines for word in re.findall(r"\w+", text))
        return self._shows_with_repeats(wanted)

    @cached_property
    def _clusters(self) -> list[str]:
        every = (squeezed(c) for piece in self.pieces for c in piece.clusters)
        return [cluster for cluster in every if cluster]

    def _shows_with_repeats(self, wanted: str) -> bool:
        """Whether clusters give the text when some that repeat the one before are passed over."""
        clusters = self._clusters
        for start in range(len(clusters)):
            reached = {0}
            before = ""
            for cluster in clusters[start:]:
                again = reached if cluster == before else set()
                on = {at + len(cluster) for at in reached if wanted.startswith(cluster, at)}
                reached, before = again | on, cluster
                if len(wanted) in reached:
                    return True
                if not reached:
                    break
        return False

    @cached_property
    def _right_to_left_lines(self) -> str:
        lines: list[list[Piece]] = []
        for piece in sorted(self.pieces, key=lambda p: -p.y):
            if lines and lines[-1][0].y - piece.y < SAME_LINE * max(piece.size, 1):
                lines[-1].append(piece)
            else:
                lines.append([piece])
        return "\n".join(_right_to_left_line(line) for line in lines)


def _right_to_left_line(line: list[Piece]) -> str:
    kept: list[Piece] = []
    for piece in sorted(line, key=lambda p: (-p.x, -len(p.clusters))):
        base = kept[-1] if kept and abs(kept[-1].x - piece.x) < 0.1 else None
        if base and base.clusters[:1] == piece.clusters:
            continue
        if piece.clusters:
            kept.append(piece)
    return "".join(
        "".join(reversed(piece.clusters) if piece.right_to_left else piece.clusters)
        for piece in kept
    )


def squeezed(text: str) -> str:
    """A text without any white space, and without signs that have no shape."""
    return re.sub(r"[\s\u200b-\u200f\u00ad]+", "", text)


def read(pdf: bytes) -> list[PageRead]:
    """Every page of a PDF."""
    reader = PdfReader(io.BytesIO(pdf))
    return [PageRead(list(_pieces(page, reader))) for page in reader.pages]


def _pieces(page: PageObject, reader: PdfReader) -> Iterator[Piece]:
    fonts: Any = page["/Resources"]
    maps = {name: _map(font.get_object()) for name, font in fonts["/Font"].items()}
    matrix, kept = IDENTITY, list[Matrix]()
    piece, letters_of = Piece(0, 0), dict[int, str]()
    depth, given_at = 0, -1
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"q":
            kept.append(matrix)
        elif operator == b"Q":
            matrix = kept.pop()
        elif operator == b"cm":
            matrix = _times(_matrix(operands), matrix)
        elif operator == b"BT":
            piece = Piece(matrix[4], matrix[5])
        elif operator == b"ET":
            yield piece
        elif operator == b"Tf":
            letters_of, piece.size = maps[operands[0]], round(float(operands[1]), 2)
        elif operator in (b"BDC", b"BMC"):
            depth += 1
            if operator == b"BDC" and "/ActualText" in operands[1]:
                given_at = depth
                piece.clusters.append(str(operands[1]["/ActualText"]))
        elif operator == b"EMC":
            given_at = -1 if depth == given_at else given_at
            depth -= 1
        elif operator in (b"Tj", b"TJ") and given_at < 0:
            piece.clusters.extend(letters_of[code] for code in _codes(operands[0]))


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        (e * h + f * j + m),
    )


def _codes(operand: Any) -> Iterator[int]:
    """Glyph codes of a `Tj` or `TJ` operand; numbers in it only move the next glyph."""
    for piece in operand if isinstance(operand, ArrayObject) else [operand]:
        if hasattr(piece, "original_bytes"):
            raw = piece.original_bytes
            for at in range(0, len(raw), GLYPH_BYTES):
                yield int.from_bytes(raw[at : at + GLYPH_BYTES], "big")


def _map(font: Any) -> dict[int, str]:
    """The letters of each glyph, from the font's ToUnicode map."""
    source = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.+?)endbfchar", source, re.DOTALL):
        for code, letters in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    return found


def glyphs_of(pdf: bytes) -> list[int]:
    """The glyphs on all pages together."""
    reader = PdfReader(io.BytesIO(pdf))
    return [
        code
        for page in reader.pages
        for operands, operator in ContentStream(page.get_contents(), reader).operations
        if operator in (b"Tj", b"TJ")
        for code in _codes(operands[0])
    ]
