"""Finding words of one person in a text that is for everybody (R97)."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

WORDS: Final = 5
"""Words in a row that are somebody's own: fewer are everybody's."""
SHORTEST: Final = 4
"""Words of a whole text that is shorter than that; “more police” is what anybody says."""
EVERYBODYS: Final = 10
"""People; what so many wrote in the same words is no one person's."""


class Echoes:
    """Knows what people wrote, and says which of it a text repeats."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take in what people wrote, each text of one person."""
        writers: dict[tuple[str, ...], int] = defaultdict(int)
        for text in texts:
            for run in set(_runs(words_of(text))):
                writers[run] += 1
        self._own = {run for run, people in writers.items() if people < EVERYBODYS}

    def in_text(self, text: str) -> str:
        """Return the longest stretch of words that repeats somebody's own; "" without one.

        Capitals, signs between words and their forms in Unicode make no difference. A text of
        somebody that is a little shorter is found where it stands whole.
        """
        words = words_of(text)
        covered = [False] * len(words)
        for length in range(1, WORDS + 1):
            for start in range(len(words) - length + 1):
                if tuple(words[start : start + length]) in self._own:
                    covered[start : start + length] = [True] * length
        return max(map(" ".join, _stretches(words, covered)), key=len, default="")


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    spaced = (sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in plain)
    return "".join(spaced).split()


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every row of so many words; a text that is a little shorter is one row."""
    if SHORTEST <= len(words) < WORDS:
        yield tuple(words)
    for start in range(len(words) - WORDS + 1):
        yield tuple(words[start : start + WORDS])


def _stretches(words: Sequence[str], covered: Sequence[bool]) -> Iterator[list[str]]:
    stretch: list[str] = []
    for word, inside in zip(words, covered, strict=True):
        if inside:
            stretch.append(word)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch
