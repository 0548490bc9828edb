"""Why a cell holds no answer, and the codes that say so without meeting a real answer."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias


class Missing(Enum):
    """Why there is no answer. The value is the last digit of the code."""

    NOT_ASKED = 5
    NOT_REACHED = 6
    SKIPPED = 7
    DECLINED = 8
    NOT_SHOWN = 9


MEANINGS: Final = {
    Missing.NOT_ASKED: "not asked in this version",
    Missing.NOT_REACHED: "not reached: the person stopped before it",
    Missing.SKIPPED: "skipped: it was shown and left open",
    Missing.DECLINED: "prefer not to say",
    Missing.NOT_SHOWN: "not shown: it did not concern this person, or was left out",
}

Codes: TypeAlias = dict[Missing, str]


def _family(start: str) -> Codes:
    return {reason: f"{start}{reason.value}" for reason in Missing}


USUAL: Final = _family("9")
# Nine digits fit the integers of every statistics program (2,147,483,647).
FAMILIES: Final = tuple(
    _family(sign + "9" * digits)
    for sign, most in (("", 5), ("-", 8))
    for digits in range(1, most + 1)
)
"""95 to 99, 995 to 999, … 999995 to 999999, then -95 to -99, … -999999995 to -999999999."""


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`; None is no limit."""

    low: Decimal | None
    high: Decimal | None

    def holds(self, code: str) -> bool:
        """Whether an answer could be this number."""
        number = Decimal(code)
        above = self.low is None or number >= self.low
        return above and (self.high is None or number <= self.high)


def free_codes(possible: Set[str] | Between) -> Codes:
    """Return the first family of codes of which none could be an answer.

    For numbers without any limit there is none. They get the last family, and an answer that is
    one of its codes is marked in the file like a text that is (see `cells`).
    """
    return next(_free(possible), FAMILIES[-1])


def _free(possible: Set[str] | Between) -> Iterator[Codes]:
    for family in FAMILIES:
        codes = family.values()
        taken = (
            any(possible.holds(code) for code in codes)
            if isinstance(possible, Between)
            else not possible.isdisjoint(codes)
        )
        if not taken:
            yield family
