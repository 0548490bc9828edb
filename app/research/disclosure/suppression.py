"""Cell suppression over everything that one report prints (R97).

A report is a set of counts and of sums that tie them together: a row and its total, a question's
table and the margin of a crossing with it, the countries and the whole. Primary suppression hides
every count of 1 to k-1 people. Complementary suppression hides more, until somebody who solves all
sums at once still finds a range at least k wide for each hidden count.

Method: the attacker's linear program over the hidden counts, which are only known not to be
negative; Fischetti and Salazar-González, "Models and algorithms for the 2-dimensional cell
suppression problem in statistical disclosure control", Mathematical Programming 84 (1999), name it
the attacker problem. Which further counts to hide is a linear program too, in the manner of Kelly,
Golden and Assad, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22
(1992): two ways in which the report could read that are k apart at the count to protect, and differ
from the truth in as few and as small printed counts as can be; those are hidden. That may hide more
than the least possible, and never less than is safe.

Each solution shows for every hidden count at once one number that it could be, so most counts are
proven safe without a program of their own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, vstack

from .publication import Publication, Sum

THRESHOLD: Final = 10  # people; R97 with the Decisions of the practice report
FLOOR: Final = 5
_TOLERANCE: Final = 1e-6  # of the solver, in people
_MARGIN: Final = 1e-3  # people asked for beyond the threshold, so that rounding never eats it
_NOBODY: Final = 30.0  # what it costs to hide that nobody said something, in people
_MISSED: Final = 20.0  # how much dearer a total is than its own people

Cell = TypeVar("Cell", bound=Hashable)
Numbers: TypeAlias = npt.NDArray[np.float64]
Witness: TypeAlias = Mapping[Any, float]


def suppress(publication: Publication[Cell], threshold: int = THRESHOLD) -> frozenset[Cell]:
    """Return the cells that must not be printed.

    Every count from 1 to threshold - 1 is among them, and enough others that each hidden count
    could, as far as the printed ones tell, be anything in a range at least `threshold` wide. A
    count of nobody is printed, unless hiding it is needed for that, or the size that it is one of
    `noughts_of` is hidden: then it is protected as every other. Cells that are never printed are
    not among them.

    Raises `ValueError` for a threshold under `FLOOR`.
    """
    if threshold < FLOOR:
        raise ValueError(f"The smallest group is at least {FLOOR} people.")
    hiding = _Hiding(publication, threshold)
    hiding.protect_all()
    return frozenset(hiding.hidden - publication.unprinted)


def possible_range(
    publication: Publication[Cell], hidden: Iterable[Cell], cell: Cell
) -> tuple[float, float]:
    """Return the least and the most people that a hidden cell could hold, for all that is printed.

    The most is infinite when no printed sum bounds it.
    """
    system = _System.around(publication, frozenset(hidden) | publication.unprinted, cell)
    return system.bound(cell, least=True)[0], system.bound(cell, least=False)[0]


class _Hiding(Generic[Cell]):
    """What is hidden so far, and for each hidden cell how far apart it was seen to be possible."""

    def __init__(self, publication: Publication[Cell], threshold: int) -> None:
        self.publication = publication
        self.threshold = threshold
        counts = publication.counts
        self.hidden = set(publication.unprinted)
        self.low: dict[Cell, float] = {}
        self.high: dict[Cell, float] = {}
        self.waiting: list[Cell] = []
        self._hide(c for c, n in counts.items() if 0 < n < threshold and c not in self.hidden)

    def protect_all(self) -> None:
        """Go through what is hidden, the smallest last, and hide more until each is uncertain."""
        self.waiting.sort(key=lambda cell: (self.publication.counts[cell], repr(cell)))
        while self.waiting:
            cell = self.waiting[-1]
            if not self._seen_wide(cell):
                self._protect(cell)
            self.waiting.remove(cell)

    def _hide(self, cells: Iterable[Cell]) -> None:
        noughts_of = self.publication.noughts_of
        with_noughts = (c for cell in cells for c in (cell, *noughts_of.get(cell, ())))
        for cell in with_noughts:
            if cell in self.low:
                continue
            self.hidden.add(cell)
            self.low[cell] = self.high[cell] = self.publication.counts[cell]
            self.waiting.append(cell)

    def _learn(self, witness: Witness) -> None:
        for cell, value in witness.items():
            if cell in self.low:
                self.low[cell] = min(self.low[cell], value)
                self.high[cell] = max(self.high[cell], value)

    def _seen_wide(self, cell: Cell) -> bool:
        return self.high[cell] - self.low[cell] >= self.threshold - _TOLERANCE

    def _protect(self, cell: Cell) -> None:
        """Hide what keeps two tables apart that are k apart at this cell, if anything has to be.

        First among the cells nearby, then among all. There it can always be done where the sums
        are true of every person: as if k more came who answered as somebody did. To look far away
        for what is hidden already would take twice the time and hide one number less in 250.
        """
        for everywhere in (False, True):
            region = _Region(self.publication, self.hidden, cell, everywhere=everywhere)
            found = region.two_tables(self.threshold + _MARGIN)
            if found is None:
                continue
            more = {c for one in found for c in one if c not in self.hidden and self._moved(one, c)}
            self._hide(sorted(more, key=lambda c: (self.publication.counts[c], repr(c))))
            for one in found:
                self._learn(one)
            return
        raise ArithmeticError(f"Nothing that could be hidden protects {cell}")

    def _moved(self, table: Witness, cell: Cell) -> bool:
        return abs(table[cell] - self.publication.counts[cell]) > _TOLERANCE


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


def _equations(
    publication: Publication[Cell], unknown: Mapping[Cell, int]
) -> tuple[csr_array, Numbers]:
    """Each sum that an unknown cell stands in: the known cells are on the right."""
    lines = dict.fromkeys(line for each in unknown for line in publication.sums_of.get(each, ()))
    right = np.zeros(len(lines))
    rows, columns, signs = [], [], []
    for row, line in enumerate(lines):
        for part, sign in _signed(line):
            if part in unknown:
                rows.append(row)
                columns.append(unknown[part])
                signs.append(sign)
            else:
                right[row] -= sign * publication.counts[part]
    shape = (len(lines), len(unknown))
    return csr_array(coo_array((signs, (rows, columns)), shape=shape)), right


@dataclass(frozen=True)
class _System(Generic[Cell]):
    """The attacker's equations over the hidden cells that are tied together."""

    unknown: Mapping[Cell, int]
    matrix: csr_array
    right: Numbers

    @classmethod
    def around(
        cls, publication: Publication[Cell], hidden: set[Cell] | frozenset[Cell], cell: Cell
    ) -> _System[Cell]:
        unknown = {each: i for i, each in enumerate(_tied(publication, hidden, cell))}
        return cls(unknown, *_equations(publication, unknown))

    def bound(self, cell: Cell, *, least: bool) -> tuple[float, Witness]:
        """The end of the range, and a whole table that has it there (none when it is infinite)."""
        if not self.right.size:
            return (0.0 if least else np.inf), {}
        aim = np.zeros(len(self.unknown))
        aim[self.unknown[cell]] = 1.0 if least else -1.0
        solved: Any = linprog(
            aim, A_eq=_solvable(self.matrix), b_eq=self.right, bounds=(0, None), method="highs"
        )
        if solved.status == 3:  # noqa: PLR2004 - scipy: unbounded
            return np.inf, {}
        if solved.status != 0:
            raise ArithmeticError(f"The sums around {cell} could not be solved: {solved.message}")
        found = float(solved.fun or 0.0)
        witness = {each: float(solved.x[i]) for each, i in self.unknown.items()}
        return (found if least else -found), witness


class _Region(Generic[Cell]):
    """The cells around one, hidden or not, among which more can be hidden."""

    def __init__(
        self,
        publication: Publication[Cell],
        hidden: set[Cell],
        cell: Cell,
        *,
        everywhere: bool,
    ) -> None:
        self._publication = publication
        self._hidden = hidden
        self._cell = cell
        cells = _nearby(publication, cell, everywhere=everywhere)
        self._place = {each: i for i, each in enumerate(cells)}

    @cached_property
    def _costs(self) -> Numbers:
        costs = np.zeros(len(self._place))
        for cell, i in self._place.items():
            count = self._publication.counts[cell]
            if cell not in self._hidden:
                dear = _MISSED if cell in self._publication.missed else 1.0
                costs[i] = (count + 1.0 if count else _NOBODY) * dear
        return costs

    def two_tables(self, apart: float) -> tuple[Witness, Witness] | None:
        """Two tables that fit all sums and are this far apart at the cell; None if there are none.

        Each is the truth and what is added and taken away, so there are four unknowns a cell.
        """
        size = len(self._place)
        truth = np.array([self._publication.counts[c] for c in self._place], dtype=np.float64)
        matrix, _ = _equations(self._publication, self._place)
        one = hstack([matrix, -matrix])
        nothing = csr_array(one.shape)
        both = vstack([hstack([one, nothing]), hstack([nothing, one])])
        distance = np.zeros((1, 4 * size))
        at = self._place[self._cell]
        distance[0, [at, size + at, 2 * size + at, 3 * size + at]] = (-1, 1, 1, -1)
        upper = np.concatenate([np.full(size, np.inf), truth] * 2)
        solved: Any = linprog(
            np.tile(self._costs, 4),
            A_ub=distance,
            b_ub=[-apart],
            A_eq=_solvable(both),
            b_eq=np.zeros(both.shape[0]),
            bounds=_solvable(np.column_stack([np.zeros(4 * size), upper])),
            method="highs",
        )
        if solved.status != 0:
            return None
        more, less, other_more, other_less = np.split(solved.x, 4)
        return (
            dict(zip(self._place, truth + more - less, strict=True)),
            dict(zip(self._place, truth + other_more - other_less, strict=True)),
        )


def _nearby(publication: Publication[Cell], cell: Cell, *, everywhere: bool) -> Sequence[Cell]:
    """The cells that are tied to one by sums; unless everywhere, totals end the search.

    Almost all questions of a report are tied by their totals alone.
    """
    found, waiting = {cell: None}, [cell]
    while waiting:
        for line in publication.sums_of.get(waiting.pop(), ()):
            for other in (line.total, *line.parts):
                ends = not everywhere and other in publication.missed
                if other not in found and not ends:
                    found[other] = None
                    waiting.append(other)
    return list(found)


def _solvable(matrix: csr_array | Numbers) -> Any:
    """What `linprog` takes, though its types know only full matrices and pairs of bounds."""
    return matrix


def _signed(line: Sum[Cell]) -> Iterator[tuple[Cell, float]]:
    yield line.total, 1.0
    for part in line.parts:
        yield part, -1.0
