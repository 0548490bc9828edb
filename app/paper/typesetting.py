"""From blocks to a PDF: the typesetter Typst, the layouts beside this file, and the fonts."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from .words import Words

FONTS = Path(__file__).parent / "fonts"
"""A folder of font files, which together have every script that Heard speaks."""
LAYOUTS = Path(__file__).parent / "layouts"
ACCESSIBLE: Final = "ua-1"
"""PDF/UA-1 (ISO 14289-1): tagged for screen readers, with title and language, or refused."""

_SHAPING = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\n")
"""Signs that have no shape of their own."""
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unprintable(Exception):
    """A text has signs that the fonts of Heard do not have: they would be empty boxes."""

    def __init__(self, signs: str, text: str) -> None:
        shown = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in signs[:10])
        super().__init__(
            f"These signs cannot be printed: {shown}. They stand in “{text[:60]}”. Write the text "
            "without them, or ask for a font of that script to be added to Heard."
        )


@dataclass(frozen=True)
class Sheet:
    """A document before it is typeset.

    Attributes:
        layout: the name of a file in `layouts/`, without its ending.
        title: the title of the PDF; it says nothing of the subject (R9).
        content: what the layout takes, as plain data.
    """

    layout: str
    title: str
    content: dict[str, Any]


def typeset(sheet: Sheet, words: Words) -> bytes:
    """Return a PDF; the same sheet gives the same bytes.

    Raises `Unprintable` for a sign that no font has.
    """
    _refuse_missing_signs(sheet.title)
    for text in _texts(sheet.content):
        _refuse_missing_signs(text)
    document = {
        "title": sheet.title,
        "language": words.locale.language,
        "region": words.locale.territory,
        "direction": words.direction,
        **sheet.content,
    }
    return typst.compile(
        LAYOUTS / f"{sheet.layout}.typ",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(document)},
        format="pdf",
        pdf_standards=ACCESSIBLE,
        timestamp=0,
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


def _texts(node: Any) -> Iterator[str]:
    """Every text in plain data; keys and page labels are none."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, item in node.items():
            if key not in ("page", "label"):
                yield from _texts(item)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)


def _refuse_missing_signs(text: str) -> None:
    missing = [s for s in dict.fromkeys(text) if s not in _SHAPING | _BIDI and not _can_write(s)]
    if missing:
        raise Unprintable("".join(missing), text)


def _can_write(sign: str) -> bool:
    return ord(sign) in writable()


@lru_cache(maxsize=1)
def writable() -> frozenset[int]:
    """Return the code points for which one of the fonts has a shape."""
    found: set[int] = set()
    for path in FONTS.glob("*.ttf"):
        found |= _code_points(path.read_bytes())
    return frozenset(found)


def _code_points(font: bytes) -> set[int]:
    """The code points of a font, from its character map of format 4 (OpenType 1.9, `cmap`).

    The fonts were cut down to the Basic Multilingual Plane, for which format 4 is complete.
    """
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * i) for i in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    (maps,) = struct.unpack_from(">H", font, cmap + 2)
    starts = (struct.unpack_from(">HHI", font, cmap + 4 + 8 * i)[2] for i in range(maps))
    at = next(cmap + s for s in starts if font[cmap + s : cmap + s + 2] == b"\0\4")
    (twice,) = struct.unpack_from(">H", font, at + 6)
    ends = struct.unpack_from(f">{twice // 2}H", font, at + 14)
    begins = struct.unpack_from(f">{twice // 2}H", font, at + 16 + twice)
    pairs = zip(begins, ends, strict=True)
    return {code for begin, end in pairs for code in range(begin, end + 1)} - {0xFFFF}
