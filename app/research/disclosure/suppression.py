"""Cell suppression over everything that one report prints (R97).

A report is a set of counts and of sums that tie them together: a row and its total, a question's
table and the margin of a crossing with it, the countries and the whole. Primary suppression hides
every count of 1 to k-1 people. Complementary suppression hides more, until somebody who solves all
sums at once still finds a range at least k wide for each hidden count.

Method: the attacker's linear program over the hidden counts, which are only known not to be
negative; Fischetti and Salazar-González, "Models and algorithms for the 2-dimensional cell
suppression problem in statistical disclosure control", Mathematical Programming 84 (1999), name it
the attacker problem. Which further cells to hide is chosen greedily: the smallest counts that
widen the range. That may hide more than the least possible, and never less than is safe.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

THRESHOLD: Final = 10  # people; R97 with the Decisions of the practice report
FLOOR: Final = 5
_TOLERANCE: Final = 1e-6  # of the solver, in people

Cell = TypeVar("Cell", bound=Hashable)
Numbers: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sum(Generic[Cell]):
    """A count that everybody knows to be the sum of others, such as a total of its row."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Publication(Generic[Cell]):
    """Every count of people that a report would like to print, and how the counts hang together.

    Args:
        counts: people, by cell.
        sums: each total with its parts; all of them are in `counts`.

    Raises `ValueError` when a sum does not add up: what is printed would contradict itself.
    """

    counts: Mapping[Cell, int]
    sums: Sequence[Sum[Cell]]

    def __post_init__(self) -> None:
        for each in self.sums:
            if self.counts[each.total] != sum(self.counts[part] for part in each.parts):
                raise ValueError(f"{each.total} is not the sum of its parts")

    @cached_property
    def sums_of(self) -> Mapping[Cell, tuple[Sum[Cell], ...]]:
        """The sums that each cell stands in."""
        found: dict[Cell, list[Sum[Cell]]] = defaultdict(list)
        for each in self.sums:
            for cell in (each.total, *each.parts):
                found[cell].append(each)
        return {cell: tuple(sums) for cell, sums in found.items()}


def suppress(publication: Publication[Cell], threshold: int = THRESHOLD) -> frozenset[Cell]:
    """Return the cells that must not be printed.

    Every count from 1 to threshold - 1 is among them, and enough others that each hidden count
    could, as far as the printed ones tell, be anything in a range at least `threshold` wide. A
    count of nobody is printed, unless hiding it is needed for that.

    Raises `ValueError` for a threshold under `FLOOR`.
    """
    if threshold < FLOOR:
        raise ValueError(f"The smallest group is at least {FLOOR} people.")
    hidden = {cell for cell, count in publication.counts.items() if 0 < count < threshold}
    open_questions = sorted(hidden, key=repr)
    while open_questions:
        cell = open_questions[-1]
        if _is_wide(publication, hidden, cell, threshold):
            open_questions.pop()
            continue
        more = _next_to_hide(publication, hidden, cell, threshold)
        if more is None:  # nothing left that could blur it: it is alone in all its sums
            open_questions.pop()
            continue
        hidden.add(more)
        open_questions.append(more)
    return frozenset(hidden)


def possible_range(
    publication: Publication[Cell], hidden: Iterable[Cell], cell: Cell
) -> tuple[float, float]:
    """Return the least and the most people that a hidden cell could hold, for all that is printed.

    The most is infinite when no printed sum bounds it.
    """
    system = _System.around(publication, frozenset(hidden), cell)
    return system.bound(cell, least=True), system.bound(cell, least=False)


def _is_wide(publication: Publication[Cell], hidden: set[Cell], cell: Cell, threshold: int) -> bool:
    least, most = possible_range(publication, hidden, cell)
    return most - least >= threshold - _TOLERANCE


def _next_to_hide(
    publication: Publication[Cell], hidden: set[Cell], cell: Cell, threshold: int
) -> Cell | None:
    """The printed cell that blurs a hidden one at the least loss, one step at a time.

    First a cell that makes the range wide by itself, the smallest count first; else the smallest
    one that stands in a sum with what is hidden around this cell.
    """
    near = sorted(
        _neighbours(publication, hidden, cell), key=lambda c: (publication.counts[c], repr(c))
    )
    useful = [c for c in near if publication.counts[c] > 0] or near
    for candidate in useful:
        if _is_wide(publication, hidden | {candidate}, cell, threshold):
            return candidate
    return useful[0] if useful else None


def _neighbours(publication: Publication[Cell], hidden: set[Cell], cell: Cell) -> set[Cell]:
    """Printed cells in a sum with any cell that is tied to this one by sums of hidden cells."""
    tied = _tied(publication, hidden, cell)
    return {
        other
        for each in tied
        for line in publication.sums_of.get(each, ())
        for other in (line.total, *line.parts)
        if other not in hidden
    }


def _tied(
    publication: Publication[Cell], hidden: set[Cell] | frozenset[Cell], cell: Cell
) -> list[Cell]:
    """The hidden cells that this one can be worked out with, itself first."""
    found, waiting = {cell: None}, [cell]
    while waiting:
        for line in publication.sums_of.get(waiting.pop(), ()):
            for other in (line.total, *line.parts):
                if other in hidden and other not in found:
                    found[other] = None
                    waiting.append(other)
    return list(found)


@dataclass(frozen=True)
class _System(Generic[Cell]):
    """The attacker's equations over the hidden cells that are tied together."""

    unknown: Mapping[Cell, int]
    matrix: Numbers
    right: Numbers

    @classmethod
    def around(
        cls, publication: Publication[Cell], hidden: frozenset[Cell], cell: Cell
    ) -> _System[Cell]:
        unknown = {each: i for i, each in enumerate(_tied(publication, hidden, cell))}
        lines = dict.fromkeys(
            line for each in unknown for line in publication.sums_of.get(each, ())
        )
        matrix, right = np.zeros((len(lines), len(unknown))), np.zeros(len(lines))
        for row, line in enumerate(lines):
            for part, sign in _signed(line):
                if part in unknown:
                    matrix[row, unknown[part]] += sign
                else:
                    right[row] -= sign * publication.counts[part]
        return cls(unknown, matrix, right)

    def bound(self, cell: Cell, *, least: bool) -> float:
        if not self.right.size:
            return 0.0 if least else np.inf
        aim = np.zeros(len(self.unknown))
        aim[self.unknown[cell]] = 1.0 if least else -1.0
        solved = linprog(aim, A_eq=self.matrix, b_eq=self.right, bounds=(0, None), method="highs")
        if solved.status == 3:  # noqa: PLR2004 - scipy: unbounded
            return np.inf
        if solved.status != 0:
            raise ArithmeticError(f"The sums around {cell} could not be solved: {solved.message}")
        found = float(solved.fun or 0.0)
        return found if least else -found


def _signed(line: Sum[Cell]) -> Iterator[tuple[Cell, float]]:
    yield line.total, 1.0
    for part in line.parts:
        yield part, -1.0
