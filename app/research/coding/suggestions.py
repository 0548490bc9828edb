"""Which themes the words of a text suggest: plain comparison, on this computer, nothing learnt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from .themes import Theme

_PART_OF_A_WORD = ("L", "M", "N")
"""Unicode categories: vowel signs of Devanagari and Arabic marks belong to their word."""


def suggested(text: str, themes: Iterable[Theme]) -> dict[str, str]:
    """Return the themes whose words stand in a text, each with the first word that was found.

    A word counts where it stands alone, in capitals or not; one that ends in `*` also where other
    letters follow. No theme is ever chosen by this: a person does.
    """
    plain = _plain(text)
    found = {}
    for theme in themes:
        word = next((each for each in theme.words if _stands_in(each, plain)), None)
        if word is not None:
            found[theme.name] = word
    return found


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _stands_in(word: str, plain: str) -> bool:
    beginning = word.endswith("*")
    wanted = _plain(word.removesuffix("*"))
    if not wanted:
        return False
    for match in re.finditer(re.escape(wanted), plain):
        alone_before = not _in_word(plain[match.start() - 1 : match.start()])
        alone_after = beginning or not _in_word(plain[match.end() : match.end() + 1])
        if alone_before and alone_after:
            return True
    return False


def _in_word(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] in _PART_OF_A_WORD
