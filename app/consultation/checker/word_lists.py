"""The word lists that rules look for, one file a list and language in `words/`.

A line is a word or a phrase. `*` stands for any letters (or none) inside a word, `…` for up to
five words; a line that begins with `=` stands for a whole text. Capitals, accents and Arabic vowel
signs make no difference. Lines that begin with `#` are for people: what the list is for, and who
has read it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"

_GAP = r"(?:\W+\w+){0,5}?\W+"
_LEFT_OUT = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670]")
_VOWEL_SIGNS = (
    *(range(0x0900, 0x0964), range(0x0971, 0x0E00), range(0x0E00, 0x0E80)),  # Indic scripts, Thai
    *(range(0x1000, 0x10A0), range(0x1780, 0x17D4), range(0x200C, 0x200E)),  # Burmese, Khmer
)
_SAME: dict[
    int, str | int | None
] = {  # regular expressions take no vowel sign for a letter: each becomes a letter of its own
    **{
        sign: chr(0x20000 + sign)
        for each in _VOWEL_SIGNS
        for sign in each
        if not chr(sign).isalnum()
    },
    **str.maketrans("أإآٱى’", "ااااي'"),  # noqa: RUF001
}


def base_language(tag: str) -> str:
    """The language without country or script: `pt` for `pt-BR`."""
    return tag.split("-", maxsplit=1)[0].lower()


def has_lists(tag: str) -> bool:
    """Whether there are word lists in this language."""
    return any(FOLDER.glob(f"*.{base_language(tag)}.txt"))


def find_words(name: str, tag: str, text: str) -> list[str]:
    """Return what in `text` stands in the list `name` for the language `tag`, as it is written.

    A language without this list has no findings: see `has_lists`.
    """
    pattern = _pattern(name, base_language(tag))
    if pattern is None:
        return []
    folded, origin = _folded(text)
    found = (match.span() for match in pattern.finditer(folded))
    whole = (text[origin[start] : origin[end - 1] + 1] for start, end in found)
    return list(dict.fromkeys(" ".join(each.split()) for each in whole))


def fold(text: str) -> str:
    """`text` as the lists compare it: small letters without accents and vowel signs."""
    return _folded(text)[0]


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters where it came from."""
    letters: list[str] = []
    origin: list[int] = []
    for index, letter in enumerate(text):
        plain = _LEFT_OUT.sub("", unicodedata.normalize("NFD", letter).translate(_SAME))
        for each in unicodedata.normalize("NFC", plain).casefold():
            letters.append(each)
            origin.append(index)
    return "".join(letters), origin


@cache
def _pattern(name: str, language: str) -> re.Pattern[str] | None:
    path = FOLDER / f"{name}.{language}.txt"
    if not path.is_file():
        return None
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    entries = [line for line in lines if line and not line.startswith("#")]
    whole = [_entry(line[1:]) for line in entries if line.startswith("=")]
    parts = sorted((_entry(line) for line in entries if line[0] != "="), key=len, reverse=True)
    options = [rf"\A\W*(?:{'|'.join(whole)})\W*\Z"] if whole else []
    if parts:
        options.append(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
    return re.compile("|".join(options))


def _entry(line: str) -> str:
    """The regular expression of one line of a list."""
    parts = (part.split() for part in fold(line).split("…"))
    return _GAP.join(r"\W+".join(_word(word) for word in part) for part in parts)


def _word(word: str) -> str:
    return r"\w*".join(re.escape(piece) for piece in word.split("*"))
