"""What one report would like to print: counts of people, and the sums that tie them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)


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
        unprinted: cells that are never printed and say nothing of anybody by themselves, such as
            the mentions of a question with several answers. Only the sums speak of them.
        noughts_of: counts of nobody by the size of their column: hidden where that is hidden, for
            of a handful they would tell what all of them said.
        missed: totals and bases, which a reader would miss most: hidden only when nothing smaller
            will do.

    Raises `ValueError` when a sum does not add up: what is printed would contradict itself.
    """

    counts: Mapping[Cell, int]
    sums: Sequence[Sum[Cell]]
    unprinted: frozenset[Cell] = field(default_factory=frozenset)
    missed: frozenset[Cell] = field(default_factory=frozenset)
    noughts_of: Mapping[Cell, Sequence[Cell]] = field(default_factory=dict)

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
