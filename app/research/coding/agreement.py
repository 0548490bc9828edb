"""How far two coders agree on one theme, beyond what chance would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Agreement:
    """Two coders and one theme: in how many texts each of them found it.

    Attributes:
        both: found by both.
        first_only: by the first alone.
        second_only: by the second alone.
        neither: by nobody.
    """

    both: int
    first_only: int
    second_only: int
    neither: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[bool, bool]]) -> Agreement:
        """Count pairs: whether the first found it, whether the second did, for each text."""
        counts = Counter(pairs)
        one_each = (counts[True, True], counts[True, False], counts[False, True])
        return cls(*one_each, counts[False, False])

    @property
    def texts(self) -> int:
        """How many texts both coded."""
        return self.both + self.first_only + self.second_only + self.neither

    @property
    def agreed(self) -> int:
        """In how many of them they agree."""
        return self.both + self.neither

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None without texts, or where chance alone would make them agree."""
        return kappa(self.both, self.first_only, self.second_only, self.neither)


def kappa(both: int, first_only: int, second_only: int, neither: int) -> float | None:
    """Return (observed - expected) / (1 - expected), of the shares of agreement.

    Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20 (1960), 37-46. Counted in fractions, so that nothing is rounded on the way.
    """
    total = both + first_only + second_only + neither
    if not total:
        return None
    first, second = both + first_only, both + second_only
    expected = Fraction(first * second + (total - first) * (total - second), total * total)
    if expected == 1:
        return None
    observed = Fraction(both + neither, total)
    return float((observed - expected) / (1 - expected))
