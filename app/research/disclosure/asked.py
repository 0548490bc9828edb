"""From the columns of a data set to what a table is made of: answers, and who gave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from app.research.cells import restore_cell
from app.research.missing import Missing
from app.research.opened import ColumnEntry, DataSetError, OpenedDataSet, Words

from .rules import Coarser, Rules, RulesError

People: TypeAlias = npt.NDArray[np.bool_]
"""One truth value for each row of the data set: who belongs to a count."""

COLLECTOR: Final = "collector"
OUTSIDE: Final = "outside"
"""The answer of people whose number lies in no band of the rule file."""
_ANSWERED: Final = 0
_ABOUT: Final = (COLLECTOR, "language", "ended")


@dataclass(frozen=True)
class Answer:
    """One answer of a table.

    Attributes:
        name: as it stands in the data, or the name of a band or group.
        label: by language; empty where the answer is worded by the report (a country, a language).
    """

    name: str
    label: Words


@dataclass(frozen=True)
class Asked:
    """What one table is about: a question, a row of a matrix, or how somebody came.

    Attributes:
        name: of the table; the column, or the question where it has several columns.
        question: its name; empty for what is about the response.
        type: as in the consultation language.
        label: the question, by language; `row_label` is what a matrix or a rank adds.
        answers: what can be said; `chosen` says for each who said it, `offered` who could.
        missing: for each row 0 when it has an answer, else the last digit of the reason.
        several: whether a person can give several answers.
    """

    name: str
    question: str
    type: str
    label: Words
    row_label: Words
    answers: tuple[Answer, ...]
    chosen: tuple[People, ...]
    offered: tuple[People, ...]
    missing: npt.NDArray[np.int8]
    several: bool = False
    exclusive: frozenset[str] = frozenset()
    kind: Literal["closed", "written", "number"] = "closed"

    @property
    def answered(self) -> People:
        """Who answered."""
        return np.asarray(self.missing == _ANSWERED)

    def left(self, reason: Missing) -> People:
        """Who did not, for one reason."""
        return np.asarray(self.missing == reason.value)


def all_asked(data: OpenedDataSet, rules: Rules) -> list[Asked]:
    """Return what every table of a report is about, made as coarse as the rules say.

    First how people came; then the questions in the order of the data set. A rank is told by what
    people put first. Texts and numbers without bands have no answers here, only whether there is
    one.

    Raises `RulesError` for a rule that does not fit the data set.
    """
    asked = [*_about(data), *_questions(data)]
    names = [each.name for each in asked]
    for name in (*rules.coarsen, *rules.by):
        if name not in names:
            raise RulesError(
                f"The rule file names “{name}”, which is no question here. Questions: "
                f"{', '.join(names)}."
            )
    coarse = [
        _made_coarser(each, rules.coarsen[each.name], data) if each.name in rules.coarsen else each
        for each in asked
    ]
    for each in coarse:
        if each.name in rules.by and (each.several or each.kind != "closed"):
            raise RulesError(
                f"The rule file says by: {each.name}. Tables are made by a question with one "
                "answer for each person: choices, a scale, a country, or a number with bands under "
                "coarsen."
            )
    return coarse


def _about(data: OpenedDataSet) -> Iterator[Asked]:
    """How people came, in which language, and whether they went to the end."""
    collectors = {each.name: each.label for each in data.codebook.collectors}
    for column in data.codebook.columns:
        if column.question or column.column not in _ABOUT:
            continue
        cells = data.cells(column.column)
        names = sorted(set(cells) | (set(collectors) if column.column == COLLECTOR else set()))
        answers = [Answer(name, collectors.get(name, {})) for name in names]
        yield _single(column, column.column, answers, cells, data)


def _questions(data: OpenedDataSet) -> Iterator[Asked]:
    several: dict[str, list[ColumnEntry]] = {}
    for column in data.codebook.columns:
        if column.choice is not None:
            several.setdefault(_stem(column), []).append(column)
    for column in data.codebook.columns:
        if not column.question or (column.place or 1) > 1:
            continue
        if column.choice is not None:
            group = several[_stem(column)]
            if group[0] is column:
                yield _multiple(_stem(column), group, data)
        elif column.type == "text":
            yield from _written(column, data)
        elif column.type in ("integer", "decimal", "date"):
            yield _number(column, data)
        else:
            yield _single(column, column.column, _answers(column, data), None, data)
    known = {column.question for column in data.codebook.columns if column.type == "text"}
    for text in data.codebook.texts:
        if text.question not in known:
            yield _apart(text.question, text.label)


def _stem(column: ColumnEntry) -> str:
    return column.column.removesuffix("_").removesuffix(f"__{column.choice}")


def _answers(column: ColumnEntry, data: OpenedDataSet) -> list[Answer]:
    if column.choices:
        return [Answer(each.name, each.label) for each in column.choices]
    if column.from_ is not None and column.to is not None:
        points = range(column.from_, column.to + 1)
        return [Answer(str(point), (column.labels or {}).get(str(point), {})) for point in points]
    said = {cell for cell in data.cells(column.column) if column.reason(cell) is None}
    return [Answer(restore_cell(cell), {}) for cell in sorted(said)]


def _reasons(column: ColumnEntry, cells: Sequence[str]) -> npt.NDArray[np.int8]:
    codes = {code: Missing(int(code[-1])).value for code in column.missing}
    return np.fromiter((codes.get(cell, _ANSWERED) for cell in cells), np.int8, len(cells))


def _single(
    column: ColumnEntry,
    name: str,
    answers: Sequence[Answer],
    cells: Sequence[str] | None,
    data: OpenedDataSet,
) -> Asked:
    cells = data.cells(column.column) if cells is None else cells
    missing = _reasons(column, cells)
    place = {answer.name: i for i, answer in enumerate(answers)}
    said = (place.get(restore_cell(cell), -1) for cell in cells)
    codes = np.fromiter(said, np.int32, len(cells))
    answered = missing == _ANSWERED
    codes[~answered] = -1
    strange = np.flatnonzero(answered & (codes < 0))
    if answers and strange.size:
        raise DataSetError(
            f"The column {column.column} has the answer “{cells[strange[0]]}”, which codebook.json "
            "does not know. A program may have changed the table: take it as heard unseal wrote it."
        )
    return Asked(
        name=name,
        question=column.question or "",
        type=column.type,
        label=column.label,
        row_label=column.row_label,
        answers=tuple(answers),
        chosen=tuple(codes == i for i in range(len(answers))),
        offered=(answered,) * len(answers),
        missing=missing,
    )


def _multiple(name: str, columns: Sequence[ColumnEntry], data: OpenedDataSet) -> Asked:
    """A question with several answers: a column for each choice, 1 or 0 or why not."""
    rows = data.table.height
    missing = np.full(rows, Missing.NOT_ASKED.value, np.int8)
    chosen, offered = [], []
    for column in columns:
        cells = data.cells(column.column)
        reasons = _reasons(column, cells)
        chosen.append(np.fromiter((cell == "1" for cell in cells), np.bool_, rows))
        offered.append(reasons == _ANSWERED)
        weaker = (missing == Missing.NOT_ASKED.value) | (reasons == _ANSWERED)
        missing = np.where(weaker, reasons, missing).astype(np.int8)
    return Asked(
        name=name,
        question=columns[0].question or "",
        type=columns[0].type,
        label=columns[0].label,
        row_label={},
        answers=tuple(Answer(each.choice or "", each.choice_label) for each in columns),
        chosen=tuple(chosen),
        offered=tuple(offered),
        missing=missing,
        several=True,
        exclusive=frozenset(each.choice or "" for each in columns if each.exclusive),
    )


def _number(column: ColumnEntry, data: OpenedDataSet) -> Asked:
    return replace(_single(column, column.column, (), None, data), kind="number")


def _written(column: ColumnEntry, data: OpenedDataSet) -> Iterator[Asked]:
    if column.column in data.table.columns:
        yield replace(_single(column, column.column, (), None, data), kind="written")
        return
    yield _apart(column.column, column.label)


def _apart(name: str, label: Words) -> Asked:
    """A question whose texts stand apart from the rows: nobody's reason is known here."""
    return Asked(
        name=name,
        question=name,
        type="text",
        label=label,
        row_label={},
        answers=(),
        chosen=(),
        offered=(),
        missing=np.zeros(0, np.int8),
        kind="written",
    )


def _made_coarser(asked: Asked, rule: Coarser, data: OpenedDataSet) -> Asked:
    if rule.bands is not None:
        return _banded(asked, rule, data)
    return _grouped(asked, rule)


def _banded(asked: Asked, rule: Coarser, data: OpenedDataSet) -> Asked:
    if asked.kind != "number" and asked.type != "scale":
        raise RulesError(
            f"The rule file makes bands of “{asked.name}”, whose answers are no numbers. Write "
            "groups of choices instead."
        )
    column = next(each for each in data.codebook.columns if each.column == asked.name)
    numbers = np.array([_number_in(cell, column) for cell in data.cells(asked.name)])
    bands = rule.bands or []
    chosen = [np.array([band.holds(n) for n in numbers], np.bool_) for band in bands]
    answers = [Answer(band.name, {}) for band in bands]
    outside = asked.answered & ~np.any(chosen, axis=0)
    if outside.any():
        chosen.append(outside)
        answers.append(Answer(OUTSIDE, {}))
    return replace(
        asked,
        answers=tuple(answers),
        chosen=tuple(chosen),
        offered=(asked.answered,) * len(answers),
        kind="closed",
        type="band",
    )


def _number_in(cell: str, column: ColumnEntry) -> float:
    """A number, or the year of a date; no band holds what is none."""
    if column.reason(cell) is not None:
        return float("nan")
    content = restore_cell(cell)
    try:
        return float(content[:4] if column.type == "date" else content)
    except ValueError:
        return float("nan")


def _grouped(asked: Asked, rule: Coarser) -> Asked:
    if asked.several or asked.kind != "closed":
        raise RulesError(
            f"The rule file makes groups of “{asked.name}”. That works for questions with one "
            "choice for each person; for numbers write bands."
        )
    names = {answer.name: i for i, answer in enumerate(asked.answers)}
    groups = rule.groups or []
    grouped: Mapping[str, int] = {c: g for g, group in enumerate(groups) for c in group.choices}
    if asked.type != "country":  # only the countries that somebody named are in the data
        unknown = sorted(set(grouped) - set(names))
        if unknown:
            raise RulesError(
                f"The rule file puts “{unknown[0]}” into a group of “{asked.name}”, which has no "
                f"such answer. Answers: {', '.join(names)}."
            )
    answers = [Answer(f"group_{g}", group.label) for g, group in enumerate(groups)]
    chosen: list[People] = [
        np.any([asked.chosen[names[c]] for c in group.choices if c in names], axis=0)
        if any(c in names for c in group.choices)
        else np.zeros_like(asked.answered)
        for group in groups
    ]
    for name, i in names.items():
        if name not in grouped:
            answers.append(asked.answers[i])
            chosen.append(asked.chosen[i])
    return replace(
        asked,
        answers=tuple(answers),
        chosen=tuple(chosen),
        offered=(asked.answered,) * len(answers),
    )
