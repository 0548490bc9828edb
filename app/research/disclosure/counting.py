"""Everything one run prints, counted, and tied together as somebody who works it out would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from app.research.missing import Missing
from app.research.opened import CodingEntries

from .asked import COLLECTOR, Asked, People
from .cell import (
    ANSWERED,
    EVERYBODY,
    NO_ANSWER,
    REASONS,
    WHOLE,
    Cell,
    could_not_say,
    could_say,
    said,
    scope,
    theme_cell,
    unsaid,
)
from .publication import Publication, Sum
from .suppression import THRESHOLD, suppress

_SLACK: Final = "*slack"
_ANSWERS: Final = "=!"
"""How rows begin that tell what somebody said."""


@dataclass(frozen=True)
class Counted:
    """What may be printed of everything that was counted.

    Attributes:
        counts: people by cell; everything that a report can ask for is there.
        same: for each cell the one that stands for it, where two count the very same people.
        hidden: what must not be printed.
        threshold: the smallest group.
    """

    counts: Mapping[Cell, int]
    same: Mapping[Cell, Cell]
    hidden: frozenset[Cell]
    threshold: int

    def printable(self, cell: Cell) -> int | None:
        """The count, or None where it is hidden."""
        return None if self.same[cell] in self.hidden else self.counts[cell]

    @property
    def hidden_cells(self) -> int:
        """How many counts are hidden; one that is printed in two places is two."""
        return sum(self.same[cell] in self.hidden for cell in self.counts)


def count_all(
    asked: Sequence[Asked],
    *,
    by: Sequence[str] = (),
    each_collector: bool = False,
    coding: CodingEntries | None = None,
    threshold: int = THRESHOLD,
) -> Counted:
    """Count everything that one run prints, and find what it must hide.

    Args:
        asked: what every table is about.
        by: what the tables of everybody are crossed with. Those of one collector never are: with
            the collector that would be a table of three questions (R97).
        each_collector: whether each collector has tables of its own. It has where everything is
            crossed with the collector: those are the same tables.
        coding: themes of texts.
        threshold: the smallest group, at least `FLOOR`.

    Raises `ValueError` for a threshold under the floor.
    """
    tally = _Tally.of(asked, each_collector=each_collector or COLLECTOR in by)
    tally.count_tables()
    for one in asked:
        if one.name in by and one.name != COLLECTOR:
            tally.cross_with(one)
    if coding:
        tally.count_themes(coding)
    publication, same = tally.publication()
    hidden = suppress(publication, threshold)
    return Counted(tally.counts, same, hidden, threshold)


@dataclass
class _Tally:
    """Counts as they come, with the sums among them.

    Where the very same people answered two questions, or left them for one reason, that is one
    cell: whoever reads a questionnaire knows that those who stopped before a page stopped before
    both of its questions. Such sets are told apart by the sum of two random numbers of 64 bits for
    each row.
    """

    asked: Sequence[Asked]
    everybody: People
    scopes: Mapping[str, People]
    counts: dict[Cell, int] = field(default_factory=dict)
    sums: list[Sum[Cell]] = field(default_factory=list)
    slack: set[Cell] = field(default_factory=set)
    crossed: set[str] = field(default_factory=set)
    _marks: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    """Of who answered each question and who did not, for every reason: by table and row."""

    @classmethod
    def of(cls, asked: Sequence[Asked], *, each_collector: bool) -> _Tally:
        came = next(one for one in asked if one.name == COLLECTOR)
        scopes: dict[str, People] = {WHOLE: np.ones(came.missing.size, np.bool_)}
        if each_collector:
            pairs = zip(came.answers, came.chosen, strict=True)
            scopes |= {scope(answer.name): people for answer, people in pairs}
        return cls(asked, scopes[WHOLE], scopes)

    def __post_init__(self) -> None:
        random = np.random.default_rng(0)
        self._random = random.integers(0, 2**63, size=(2, self.everybody.size), dtype=np.uint64)

    def add(self, cell: Cell, people: People) -> None:
        """Count people, unless the cell was counted before."""
        if cell in self.counts:
            return
        number = int(np.count_nonzero(people))
        self.counts[cell] = number
        if cell.collector == WHOLE and not cell.by and cell.row[0] not in _ANSWERS and number:
            first, second = (int(marks[people].sum(dtype=np.uint64)) for marks in self._random)
            self._marks[cell.table, cell.row] = (number, first, second)

    def count_tables(self) -> None:
        """Every table of everybody, and of each collector; a collector's add up to the whole."""
        for place, inside in self.scopes.items():
            self.add(Cell(place, "", EVERYBODY), inside)
        for one in self.asked:
            if not one.missing.size and self.everybody.size:
                continue  # texts that stand apart from the rows
            rows = dict(self._rows(one))
            for place, inside in self.scopes.items():
                if place != WHOLE and not one.question:
                    continue  # how people came is told of everybody alone
                for row, people in rows.items():
                    self.add(Cell(place, one.name, row), people & inside)
                self._tie(one, place)
        self._tie_scopes()
        self._tie_branches()

    def _rows(self, one: Asked) -> Iterator[tuple[str, People]]:
        yield ANSWERED, one.answered
        for reason, row in zip(Missing, REASONS, strict=True):
            if one.left(reason).any():
                yield row, one.left(reason)
        for answer, chosen, offered in zip(one.answers, one.chosen, one.offered, strict=True):
            yield said(answer.name), chosen
            if one.several:
                yield could_say(answer.name), offered
                yield could_not_say(answer.name), one.answered & ~offered
                yield unsaid(answer.name), offered & ~chosen

    def _tie(self, one: Asked, place: str, by: str = "", value: str = "") -> None:
        """The sums inside one table, or inside one column of a crossing."""

        def cell(row: str) -> Cell:
            return Cell(place, one.name, row, by, value)

        if by:
            everybody, gone = Cell(place, by, said(value)), [NO_ANSWER]
            if value == NO_ANSWER:
                everybody = Cell(place, by, NO_ANSWER)
        else:
            everybody = Cell(place, "", EVERYBODY)
            gone = [row for row in REASONS if cell(row) in self.counts]
        self._sum(everybody, [cell(ANSWERED), *map(cell, gone)])
        names = [answer.name for answer in one.answers]
        if one.several:
            for name in names:
                self._sum(cell(could_say(name)), [cell(said(name)), cell(unsaid(name))])
                self._sum(cell(ANSWERED), [cell(could_say(name)), cell(could_not_say(name))])
            self._tie_mentions(cell(ANSWERED), [cell(said(name)) for name in names])
            self._tie_exclusive(one, cell)
        elif names:
            self._sum(cell(ANSWERED), [cell(said(name)) for name in names])

    def _sum(self, total: Cell, parts: Iterable[Cell]) -> None:
        self.sums.append(Sum(total, tuple(parts)))

    def _tie_mentions(self, answered: Cell, said_cells: Sequence[Cell]) -> None:
        """Whoever answered chose at least one: there are as many mentions as people, or more."""
        mentions = answered._replace(row=f"{_SLACK} mentions")
        beyond = answered._replace(row=f"{_SLACK} beyond one each")
        everything = sum(self.counts[each] for each in said_cells)
        if everything < self.counts[answered]:
            return  # somebody sent an empty answer, so nobody can count on it
        self._slack(mentions, everything)
        self._slack(beyond, everything - self.counts[answered])
        self._sum(mentions, said_cells)
        self._sum(mentions, (answered, beyond))

    def _tie_exclusive(self, one: Asked, cell: Callable[[str], Cell]) -> None:
        """Who chose an answer that stands alone chose no other."""
        for alone in one.exclusive:
            for answer in one.answers:
                if answer.name in one.exclusive:
                    continue
                rest = cell(f"{_SLACK} neither {alone} nor {answer.name}")
                left = (
                    self.counts[cell(ANSWERED)]
                    - self.counts[cell(said(alone))]
                    - self.counts[cell(said(answer.name))]
                )
                if left >= 0:
                    self._slack(rest, left)
                    parts = (cell(said(alone)), cell(said(answer.name)), rest)
                    self._sum(cell(ANSWERED), parts)

    def _slack(self, cell: Cell, number: int) -> None:
        self.counts[cell] = number
        self.slack.add(cell)

    def _tie_scopes(self) -> None:
        places = [place for place in self.scopes if place != WHOLE]
        if not places:
            return
        for place in places:
            name = place.removeprefix(scope(""))
            self._sum(Cell(WHOLE, COLLECTOR, said(name)), [Cell(place, "", EVERYBODY)])
        whole = [cell for cell in self.counts if cell.collector == WHOLE and cell not in self.slack]
        questions = {one.name for one in self.asked if one.question} | {""}
        for cell in whole:
            if cell.table not in questions:
                continue
            self._sum(cell, [cell._replace(collector=place) for place in places])

    def _tie_branches(self) -> None:
        """Where those who did not see a question are those with some answers to another one."""
        single = [one for one in self.asked if one.answers and not one.several]
        for one in self.asked:
            gone = one.left(Missing.NOT_SHOWN)
            if not gone.any():
                continue
            for other in single:
                rows = _all_or_none(gone, self._rows_of_single(other)) if other is not one else None
                for place in self.scopes if rows else ():
                    if Cell(place, other.name, ANSWERED) not in self.counts:
                        continue
                    cells = [Cell(place, other.name, row) for row in rows or ()]
                    self._sum(Cell(place, one.name, REASONS[-1]), cells)

    def _rows_of_single(self, one: Asked) -> dict[str, People]:
        return {row: people for row, people in self._rows(one) if row != ANSWERED}

    def cross_with(self, by: Asked) -> None:
        """Cross every question with another one, for everybody together."""
        self.crossed.add(by.name)
        columns = {
            answer.name: people for answer, people in zip(by.answers, by.chosen, strict=True)
        }
        unknown = ~by.answered
        if unknown.any():
            columns[NO_ANSWER] = unknown
        for value, people in columns.items():
            self.add(Cell(WHOLE, by.name, NO_ANSWER if value == NO_ANSWER else said(value)), people)
        for one in self.asked:
            if one.name == by.name or not one.question or not one.answers:
                continue
            self._cross(one, by, columns)

    def _cross(self, one: Asked, by: Asked, columns: Mapping[str, People]) -> None:
        rows = dict(self._rows(one))
        for row in REASONS:
            rows.pop(row, None)
        rows[NO_ANSWER] = ~one.answered
        self.add(Cell(WHOLE, one.name, NO_ANSWER), rows[NO_ANSWER])
        gone = [Cell(WHOLE, one.name, row) for row in REASONS]
        self._sum(Cell(WHOLE, one.name, NO_ANSWER), [cell for cell in gone if cell in self.counts])
        for value, people in columns.items():
            for row, who in rows.items():
                self.add(Cell(WHOLE, one.name, row, by.name, value), who & people)
            self._tie(one, WHOLE, by.name, value)
        for row in rows:
            cell = Cell(WHOLE, one.name, row)
            self._sum(cell, [cell._replace(by=by.name, value=value) for value in columns])

    def count_themes(self, coding: CodingEntries) -> None:
        """Themes of texts. Whose they are is not known, only how many."""
        for name, question in coding.questions.items():
            for theme in question.themes:
                people = question.counts[theme.name]
                cells = {
                    said(theme.name): people,
                    unsaid(theme.name): question.texts - people,
                }
                for row, number in cells.items():
                    self.counts[theme_cell(name, row)] = number
                self.counts.setdefault(theme_cell(name, ANSWERED), question.texts)
                self._sum(theme_cell(name, ANSWERED), [theme_cell(name, row) for row in cells])
            self._tie_texts(name, question.texts)

    def _tie_texts(self, name: str, texts: int) -> None:
        """Those whose texts were sorted are among those who wrote."""
        everybody = Cell(WHOLE, name, ANSWERED)
        if everybody not in self.counts:
            everybody = Cell(WHOLE, "", EVERYBODY)
        rest, total = self.counts[everybody] - texts, theme_cell(name, ANSWERED)
        if total not in self.counts or rest < 0:
            return
        self.counts[total._replace(row=NO_ANSWER)] = rest
        self._sum(everybody, [total, total._replace(row=NO_ANSWER)])

    def publication(self) -> tuple[Publication[Cell], Mapping[Cell, Cell]]:
        """What is to be published, with one cell for all that count the very same people."""
        first: dict[object, Cell] = {}
        same = {}
        for cell in self.counts:
            marks = self._marks.get((cell.table, cell.row), cell)
            same[cell] = first.setdefault((cell.collector, cell.by, cell.value, marks), cell)
        counts = {same[cell]: self.counts[cell] for cell in self.counts}
        sums = dict.fromkeys(fresh for each in self.sums for fresh in _rewritten(each, same))
        # How many took part is hidden sooner than how many answered: it is one number that blurs
        # all who left a question open, and without the others no share could be told.
        missed = frozenset(
            same[cell]
            for cell in self.counts
            if not cell.by and (cell.row == ANSWERED or cell.table in self.crossed)
        ) - {same[c] for c in self.counts if c.row == EVERYBODY}
        slack = frozenset(self.slack) | {same[c] for c in self.counts if _is_gap(c)}
        noughts_of = self._noughts_of(same)
        return Publication(counts, list(sums), slack, missed, noughts_of), same

    def _noughts_of(self, same: Mapping[Cell, Cell]) -> Mapping[Cell, Sequence[Cell]]:
        """Answers that nobody gave, by how many answered, or could have given this answer."""
        found = defaultdict(list)
        for cell, count in self.counts.items():
            if count == 0 and cell.row[0] == "=":
                sizes = (cell._replace(row=r) for r in (ANSWERED, could_say(cell.row[1:])))
                for size in sizes:
                    if size in same:
                        found[same[size]].append(same[cell])
        return found


def _is_gap(cell: Cell) -> bool:
    """Whether it counts who gave no answer within a group: told nowhere, so not protected.

    Everybody knows it who knows the size of the group and how many of it answered.
    """
    within = cell.collector != WHOLE or cell.by
    return bool(within) and cell.row in (*REASONS, NO_ANSWER)


def _all_or_none(gone: People, rows: Mapping[str, People]) -> list[str] | None:
    """The rows whose people are together exactly those who are gone."""
    found = []
    for row, people in rows.items():
        number, among = int(people.sum()), int((people & gone).sum())
        if among not in (0, number):
            return None
        if among:
            found.append(row)
    return found


def _rewritten(line: Sum[Cell], same: Mapping[Cell, Cell]) -> Iterator[Sum[Cell]]:
    """The sum, with one cell for all that count the same people.

    Where a part is the same people as the total, the other parts are nobody, and known to be.
    """
    total, parts = same[line.total], [same[part] for part in line.parts]
    if total not in parts:
        yield Sum(total, tuple(parts))
        return
    parts.remove(total)
    for nobody in parts:
        yield Sum(nobody, ())
