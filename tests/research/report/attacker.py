"""Somebody who has every page of a run, knows how tables add up, and solves them all at once.

Written from the pages alone, apart from what made them: each cell of each table is an unknown, and
what is printed is known. Then the least and the most that a hidden cell can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from .printed import PrintedTable, base, people, read_page

Place: TypeAlias = tuple[str, str, str, str]
"""Page, caption, row, column of a cell. The page of everybody is called ``."""

ANSWERED, ALL = "Answered", "All who took part"
WEIGHED = "If every group counts the same"
ABOUT = ("How people came", "How far people went", "In which language people answered")
WHOLE = ""


class Attacker:
    """Everything that the pages of one run say together."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        """Read the pages: the one of everybody under "", the others by the label of their link."""
        self.tables = {name: read_page(html) for name, html in pages.items()}
        self.index: dict[Place, int] = {}
        self.known: dict[int, int] = {}
        self.hidden: list[Place] = []
        self.of_hidden_size: set[Place] = set()
        """Hidden answers in columns that do not say how many answered."""
        self.equal: list[dict[int, float]] = []
        self.at_most: list[dict[int, float]] = []
        for page, tables in self.tables.items():
            for table in tables:
                self._read(page, table)
        for page, tables in self.tables.items():
            for table in tables:
                self._add_up(page, table)
        self._join_pages()

    def _cell(self, place: Place) -> int:
        _page, caption, row, column = place
        question, _, other = caption.partition(" By: ")
        if other == "How people came":  # the same cell as on that group's own page
            place = (column, question, row, "People")
        return self.index.setdefault(place, len(self.index))

    def _read(self, page: str, table: PrintedTable) -> None:
        size = table.rows.get(ALL, table.rows.get(ANSWERED))
        for row, cells in table.rows.items():
            for column, cell in zip(table.columns, cells, strict=True):
                if column == WEIGHED:  # printed only where all that it is made of is printed
                    continue
                place = (page, table.caption, row, column)
                at = self._cell(place)
                count = people(cell)
                if count is None:
                    self.hidden.append(place)
                    if size and people(size[table.columns.index(column)]) is None:
                        self.of_hidden_size.add(place)
                elif self.known.setdefault(at, count) != count:
                    raise AssertionError(f"{place} is printed as {count} and {self.known[at]}")
                of = base(cell)
                if of is not None and not table.several and ANSWERED in table.rows:
                    whole = self._cell((page, table.caption, ANSWERED, column))
                    assert self.known.setdefault(whole, of) == of, place

    def _add_up(self, page: str, table: PrintedTable) -> None:
        question, _, other = table.caption.partition(" By: ")
        answers = [row for row in table.rows if row not in table.totals]
        about = ALL in table.rows  # how people came: everybody has an answer
        everybody = ALL if about else ANSWERED
        columns = [column for column in table.columns if column != WEIGHED]
        for column in columns:

            def at(row: str, column: str = column) -> int:
                return self._cell((page, table.caption, row, column))

            if answers and table.several:
                for row in answers:
                    self.at_most.append({at(row): 1, at(everybody): -1})
                self.at_most.append({at(everybody): 1, **{at(row): -1 for row in answers}})
            elif answers:
                self._equate(at(everybody), [at(row) for row in answers])
        if other and other != "How people came":
            for row in (*answers, ANSWERED):
                parts = [self._cell((page, table.caption, row, c)) for c in columns]
                self._equate(self._cell((page, question, row, "People")), parts)
            for column in columns:
                if column != "Did not say":  # no more answered in a group than are in it
                    inside = self._cell((page, table.caption, ANSWERED, column))
                    everybody_there = self._cell((page, other, column, "People"))
                    self.at_most.append({inside: 1, everybody_there: -1})
        if page == WHOLE and not other and not about and ANSWERED in table.rows:
            parts = [self._cell((page, table.caption, row, "People")) for row in table.totals]
            self._equate(self._cell((page, "How far people went", ALL, "People")), parts)

    def _join_pages(self) -> None:
        """The page of everybody is the sum of the others, cell by cell."""
        groups = [page for page in self.tables if page != WHOLE]
        if not groups:
            return
        for page, caption, row, column in list(self.index):
            if page != WHOLE or " By: " in caption or caption in ABOUT:
                continue
            if row not in self._answers(caption):
                continue
            parts = [(group, caption, row, column) for group in groups]
            self._equate(self.index[page, caption, row, column], [self._or_none(p) for p in parts])
            if row == ANSWERED:  # no more answered there than came from there
                for group in groups:
                    came = self._cell((WHOLE, "How people came", group, "People"))
                    self.at_most.append({self._or_none((group, caption, row, column)): 1, came: -1})

    def _answers(self, caption: str) -> set[str]:
        """The rows that a group's page has too."""
        return next(
            set(t.rows) - (t.totals - {ANSWERED})
            for t in self.tables[WHOLE]
            if t.caption == caption
        )

    def _or_none(self, place: Place) -> int:
        """A row that a group's page does not have: nobody there."""
        if place not in self.index:
            self.known[self._cell(place)] = 0
        return self._cell(place)

    def _equate(self, total: int, parts: list[int]) -> None:
        line: dict[int, float] = {total: 1.0}
        for part in parts:
            line[part] = line.get(part, 0.0) - 1.0
        self.equal.append(line)

    def ranges(self) -> dict[Place, tuple[float, float]]:
        """The least and the most that each hidden cell can be."""
        size = len(self.index)
        bounds = [(self.known.get(i, 0), self.known.get(i, np.inf)) for i in range(size)]
        found = {}
        for place in self.hidden:
            ends = []
            for sign in (1, -1):
                aim = np.zeros(size)
                aim[self._cell(place)] = sign
                solved = linprog(
                    aim,
                    A_eq=_matrix(self.equal, size),
                    b_eq=np.zeros(len(self.equal)),
                    A_ub=_matrix(self.at_most, size) if self.at_most else None,
                    b_ub=np.zeros(len(self.at_most)) if self.at_most else None,
                    bounds=bounds,
                )
                assert solved.status in (0, 3), (place, solved.message)
                ends.append(sign * float(solved.fun or 0) if solved.status == 0 else np.inf)
            found[place] = (ends[0], ends[1])
        return found


def _matrix(lines: list[dict[int, float]], size: int) -> Any:
    rows = [i for i, line in enumerate(lines) for _ in line]
    columns = [at for line in lines for at in line]
    signs = [sign for line in lines for sign in line.values()]
    return csr_array((signs, (rows, columns)), shape=(len(lines), size))
