"""The typesetter and its fonts: shaped as the script asks, accessible, refused when incomplete."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from app.paper.spans import paragraph
from app.paper.typesetting import Sheet, Unprintable, typeset, writable
from app.paper.words import Words

from .reading import glyphs_of


def sheet(text: str) -> Sheet:
    """A form with one paragraph."""
    section = {"label": "", "begins": "page", "blocks": [paragraph(text)]}
    content = {"size": 14, "one_sided": False, "empty": [], "footer": [], "sections": [section]}
    return Sheet("form", "Questions", content)


def glyphs(text: str, language: str) -> int:
    return len(glyphs_of(typeset(sheet(text), Words(language))))


@pytest.mark.parametrize(
    ("text", "apart", "language"),
    [
        ("क्ष", "क्\u200cष", "ne"),
        ("श्री", "श्\u200cरी", "ne"),
        ("ক্ষ", "ক্\u200cষ", "bn"),
    ],
)
def test_letters_join(text: str, apart: str, language: str) -> None:
    """Given letters that make one shape, then fewer glyphs are set than with a non-joiner."""
    assert glyphs(text, language) < glyphs(apart, language)


def test_arabic_letters_take_the_shape_of_their_place() -> None:
    """Given the same letter three times, then first, middle and last are not the same glyph."""
    joined, apart = (
        glyphs_of(typeset(sheet(text), Words("ar"))) for text in ("ععع", "ع\u200cع\u200cع")
    )
    assert (len(set(joined)), len(set(apart))) == (3, 1)


@pytest.mark.parametrize("word", ["राष्ट्रिय", "ट्रक", "ड्राइभर"])
def test_nepali_joins_a_ra_below_as_hindi_does(word: str) -> None:
    """The published font lacks this for Nepali; `fonts/SOURCE.txt` says what was mended."""
    assert glyphs(word, "ne") == glyphs(word, "hi")


def test_nepali_has_its_own_shapes() -> None:
    assert typeset(sheet("झ"), Words("ne")) != typeset(sheet("झ"), Words("hi")).replace(
        b"(hi)", b"(ne)"
    )


def test_every_sign_that_counts_as_writable_has_a_shape() -> None:
    """Glyph 0 is the empty box that a font shows for what it does not have."""
    spoken = [chr(code) for code in sorted(writable()) if chr(code).isprintable()]
    assert len(spoken) > 1500

    assert 0 not in glyphs_of(typeset(sheet(" ".join(spoken)), Words("en")))


@pytest.mark.parametrize(
    "text",
    [
        "àéîõüçß ćčđšžăâîșț ñ¿¡ ŵŷ",
        "Ελληνικά Кириллица ґєії",
        "أهلًا وسهلًا؟ ۱۲۳ ١٢٣ پچژگ",
        "नेपाली १२३।",
        "বাংলা ১২৩।",
    ],
)
def test_the_scripts_of_the_missions_countries_can_be_written(text: str) -> None:
    assert typeset(sheet(text), Words("en"))


@pytest.mark.parametrize("text", ["ሰላም", "中文", "😀", "ខ្មែរ", "\ue000"])
def test_other_scripts_are_refused_by_name(text: str) -> None:
    with pytest.raises(Unprintable, match=f"U\\+{ord(text[0]):04X}"):
        typeset(Sheet("form", text, {}), Words("en"))


def test_the_file_is_tagged_and_says_that_it_is_accessible() -> None:
    root: Any = PdfReader(io.BytesIO(typeset(sheet("A text"), Words("pt-BR")))).root_object

    assert root["/Lang"] == "pt-BR"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_words_are_never_code_of_the_layout() -> None:
    """Given the typesetter's own signs in a text, then they are printed, not carried out."""
    hostile = '#panic("x") $x$ *b* _i_ = h \\ <label> @ref `raw` // c /* d */ #import "x": *'

    assert typeset(sheet(hostile), Words("en"))
