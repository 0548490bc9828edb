"""How hard a text is to read: sentences, words, syllables, school grade (R76).

The grade is that of Kincaid, Fishburne, Rogers and Chissom (1975), the formula of most readability
programs. It is for English; for other languages only the length of sentences is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_MARKUP = re.compile(r"\[([^\]]{0,500})\]\([^)]{0,500}\)|[*_#`>]+|\$\{[^}]{0,80}\}")
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_END = re.compile(r"(?<=[.?!…։؟۔।॥])[\"'”’»)\]]*\s+|(?<=[。？！])")  # noqa: RUF001
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0600-\u06ff\u0900-\u0dff'’-])*")  # noqa: RUF001
_ABBREVIATIONS = re.compile(r"\b(e\.g|i\.e|etc|Dr|Mr|Mrs|Ms|St|No)\.", re.IGNORECASE)


def paragraphs(text: str) -> list[str]:
    """The paragraphs and list items of a Markdown text, without the marks."""
    items = (_ITEM.sub("", block) for block in _BLOCK.split(text))
    blocks = (_MARKUP.sub(lambda found: found[1] or "", block) for block in items)
    return [" ".join(block.split()) for block in blocks if block.strip()]


def sentences(paragraph: str) -> list[str]:
    """The sentences of one paragraph."""
    whole = _ABBREVIATIONS.sub(r"\1", paragraph)
    return [part.strip() for part in _END.split(whole) if words(part)]


def words(text: str) -> list[str]:
    """The words of a text, in any script that writes spaces between them."""
    return _WORD.findall(text)


def grade(passages: Iterable[str]) -> float:
    """Flesch-Kincaid grade of English passages read one after the other; 0 for none."""
    counted = [
        words(sentence)
        for passage in passages
        for paragraph in paragraphs(passage)
        for sentence in sentences(paragraph)
    ]
    total = sum(len(sentence) for sentence in counted)
    if not total:
        return 0.0
    beats = sum(syllables(word) for sentence in counted for word in sentence)
    return round(0.39 * total / len(counted) + 11.8 * beats / total - 15.59, 1)


_SILENT_INSIDE = re.compile(
    r"(?:some|home|life|safe|care|where|there|here|face|place|like|more|time|fire|house|frame|else"
    r"|guide)(?=[bcdfgklmnprstvw][a-z])"
)
_SILENT_BEFORE_SUFFIX = re.compile(
    r"(?<=[a-z][bcdfgklmnprstvz])e(?=(?:ly|ness|ful|less)$)|(?<=[gnrtdv])e(?=ments?$)"
)
_SILENT_END = re.compile(r"(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzcgh])es$|(?<=[thp]h)es$|(?<=.)e$")
_SPOKEN_END = re.compile(r"[^aeiouyl]l(?:e|es|ed)$|^[^aeiouy]*e$|[cs]hes$")
_TWO_SOUNDS = re.compile(
    r"(?<![tscgxn])i[ao](?!u)|(?<![tcxg])iou|(?<![pg])eo(?!u)|(?<![qg])ua|(?<![qg])uen(?=[ct])"
    r"|(?<![tcs])ien(?=[ct])|[iu]u|[aeouy]ing$|iet|(?<=cr)eate|(?<=[dlnprtv])iers?$|nia$|(?<=s)ier$|sms?$|thms?$"
)
_KNOWN = {
    **dict.fromkeys(["one", "ones", "once", "been", "are", "were", "here", "there"], 1),
    **dict.fromkeys(["people", "every", "business", "someone", "layer", "honest", "safety"], 2),
    **dict.fromkeys(["evening", "something", "sometimes"], 2),
    **dict.fromkeys(["anyone", "area", "idea", "areas", "ideas", "component", "whoever"], 3),
    **dict.fromkeys(["everyone", "everything", "everywhere"], 3),
    "everybody": 4,
}


@lru_cache(maxsize=8192)
def syllables(word: str) -> int:
    """Syllables of an English word, counted by rules: right for 19 words of 20."""
    plain = re.sub(r"['’]s?$|['’]", "", word.lower())  # noqa: RUF001
    if "-" in plain:
        return sum(syllables(part) for part in plain.split("-") if part)
    if plain in _KNOWN:
        return _KNOWN[plain]
    plain = _SILENT_INSIDE.sub(lambda found: found[0][:-1], plain)
    plain = _SILENT_BEFORE_SUFFIX.sub("", plain)
    spoken = plain if _SPOKEN_END.search(plain) else _SILENT_END.sub("", plain)
    groups = len(re.findall(r"[aeiouy]+", spoken))
    return max(1, groups + len(_TWO_SOUNDS.findall(plain)))
