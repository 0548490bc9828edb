"""Shares of people: whole percentages with their base, and nothing of a number that is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import Final, Protocol

from app.research.disclosure.cell import Cell
from app.research.disclosure.counting import Counted

from .blocks import Number

_BEFORE_SIGN: Final = {"fr": "\u202f", "es": "\u00a0"}
"""What stands between a number and its sign (Unicode CLDR)."""


class Sentences(Protocol):
    """Heard's own sentences in one language."""

    language: str

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        ...

    def gettext(self, sentence: str, **values: object) -> str:
        """A sentence in this language."""
        ...

    def quoted(self, words: str) -> str:
        """Words between quotation marks."""
        ...

    def all_of(self, items: Sequence[str]) -> str:
        """Items joined with “and”."""
        ...


def half_up(share: Fraction) -> int:
    """Return a share as whole percent, halves rounded up."""
    return floor(share * 100 + Fraction(1, 2))


def share_of(count: int, base: int) -> int:
    """Return whole percent of a base that is not 0."""
    return half_up(Fraction(count, base))


def told(counted: Counted, words: Sentences, cell: Cell, base: Cell) -> Number:
    """How a count is printed: `83% (35 of 42)`, or that it is hidden.

    A percentage stands only where its count and its base are printed, and the base is no smaller
    than the smallest group: whoever reads it knows both.
    """
    people, of = counted.printable(cell), counted.printable(base)
    if people is None:
        return Number(hidden_words(counted, words))
    if of is None or of < counted.threshold:
        return Number(str(people), people)
    return Number(share_words(words, people, of), people, of, share_of(people, of))


def share_words(words: Sentences, people: int, of: int) -> str:
    """A share with its numbers, as `83% (35 of 42)`."""
    return words.gettext(
        "%(percent)s (%(count)s of %(base)s)",
        percent=percent_words(words, share_of(people, of)),
        count=people,
        base=of,
    )


def percent_words(words: Sentences, percent: int) -> str:
    """A percentage as its language writes it; it stays whole where letters run to the left."""
    shown = f"{percent}{_BEFORE_SIGN.get(words.language, '')}%"
    return f"\u2066{shown}\u2069" if words.direction == "rtl" else shown


def counted_as(counted: Counted, words: Sentences, cell: Cell) -> Number:
    """A count without a percentage, or that it is hidden."""
    people = counted.printable(cell)
    return Number(hidden_words(counted, words) if people is None else str(people), people)


def short(number: Number, words: Sentences) -> Number:
    """The same for a narrow column: what a hidden number is was said before."""
    return Number(words.gettext("hidden")) if number.people is None else number


def hidden_words(counted: Counted, words: Sentences) -> str:
    """What stands instead of a hidden number: the same words for all of them."""
    return words.gettext("fewer than %(smallest)s, or hidden", smallest=counted.threshold)


def equal_share(
    counted: Counted, collectors: Sequence[str], cell_of: Callable[[str], tuple[Cell, Cell]]
) -> int | None:
    """The mean of the shares of all collectors in whole percent, each counting the same.

    None unless every number that it is made of is printed, or could be: then it says nothing new.
    Collectors of which nobody answered have no share.
    """
    shares = []
    for collector in collectors:
        cell, base = cell_of(collector)
        people, of = counted.printable(cell), counted.printable(base)
        if people is None or of is None:
            return None
        if of:
            shares.append(Fraction(people, of))
    return half_up(sum(shares, Fraction(0)) / len(shares)) if shares else None
