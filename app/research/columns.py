"""The columns of a data set, from every version of the definition that was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from typing import Literal, TypeAlias

from app.consultation import Definition, choices_of
from app.consultation.questions import (
    AnyQuestion,
    Choice,
    Integer,
    Matrix,
    Rank,
    Row,
    Scale,
    SelectMultiple,
    TextQuestion,
)
from app.consultation.questions import Decimal as DecimalQuestion

from .missing import USUAL, Between, Codes, Missing, free_codes

Part: TypeAlias = Literal["", "choice", "row", "place"]
"""What of its question a column holds: all of it, or one choice, matrix row, or place of a rank."""

YES_OR_NO = frozenset({"0", "1"})


@dataclass(frozen=True)
class Column:
    """One column: what it is called, what it holds, and what its missing codes are.

    `question` is empty for columns that are about the response and not about a question; `item`
    is the name of the choice or row, or the number of the place; `versions` are those in which it
    was asked.
    """

    name: str
    question: str
    type: str
    part: Part
    item: str
    versions: tuple[int, ...]
    codes: Codes = field(repr=False, hash=False)

    @property
    def is_number(self) -> bool:
        """Whether its answers are numbers, which need no mark when they are negative."""
        return self.part == "choice" or self.type in ("integer", "decimal", "scale", "flag")


@dataclass(frozen=True)
class Asked:
    """A question of one type in every version in which it was asked, newest first."""

    name: str
    column: str
    forms: tuple[tuple[int, AnyQuestion], ...]

    @property
    def newest(self) -> AnyQuestion:
        """The question as it was asked last."""
        return self.forms[0][1]

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions that asked it, in order."""
        return tuple(sorted(version for version, _ in self.forms))


def all_asked(definitions: Sequence[Definition]) -> list[Asked]:
    """Return every question that any version asks, in the newest version's order.

    Questions that only earlier versions ask come last. One whose type changed is two: the later
    has the plain name, the earlier is called `name__v1` after the first version that had it.
    """
    newest_first = sorted(definitions, key=lambda definition: -definition.version)
    forms: dict[tuple[str, str], list[tuple[int, AnyQuestion]]] = {}
    for definition in newest_first:
        for question in definition.asked:
            key = (question.name, question.type)
            forms.setdefault(key, []).append((definition.version, question))
    taken: set[str] = set()
    asked = []
    for (name, _), found in forms.items():
        column = name if name not in taken else f"{name}__v{found[-1][0]}"
        taken.add(column)
        asked.append(Asked(name, column, tuple(found)))
    return asked


def build_columns(definitions: Sequence[Definition]) -> list[Column]:
    """Return the columns of a data set of these versions."""
    versions = tuple(sorted(definition.version for definition in definitions))
    about = [
        Column(name, "", kind, "", "", versions, {})
        for name, kind in (
            ("version", "integer"),
            ("language", "language"),
            ("collector", "collector"),
            ("ended", "ended"),
        )
    ]
    questions = chain.from_iterable(_columns_of(asked) for asked in all_asked(definitions))
    return list(_apart([*about, *_consent_columns(definitions), *questions]))


def _apart(columns: Iterable[Column]) -> Iterator[Column]:
    """Give a column that would have another one's name an ending of its own."""
    taken: set[str] = set()
    for column in columns:
        name = column.name
        while name in taken:
            name += "_"
        taken.add(name)
        yield replace(column, name=name)


def _consent_columns(definitions: Sequence[Definition]) -> Iterator[Column]:
    versions: dict[str, list[int]] = {}
    for definition in sorted(definitions, key=lambda definition: -definition.version):
        for statement in definition.consent.statements:
            versions.setdefault(statement.name, []).append(definition.version)
    for name, found in versions.items():
        codes = {Missing.NOT_ASKED: USUAL[Missing.NOT_ASKED]}
        yield Column(f"consent__{name}", "", "flag", "", name, tuple(sorted(found)), codes)


def _columns_of(asked: Asked) -> Iterator[Column]:
    question = asked.newest
    possible = _possible(asked)
    codes = USUAL if possible is None else free_codes(possible)
    if isinstance(question, SelectMultiple):
        for choice in choices_in(asked):
            versions = _versions_with(asked, choice.name, _choice_names)
            yield _column(asked, "choice", choice.name, versions, codes)
    elif isinstance(question, Matrix):
        for row in rows_in(asked):
            versions = _versions_with(asked, row.name, _row_names)
            yield _column(asked, "row", row.name, versions, codes)
    elif isinstance(question, Rank):
        most = max(len(_choice_names(form)) for _, form in asked.forms)
        for place in map(str, range(1, most + 1)):
            versions = _versions_with(asked, place, _places)
            yield _column(asked, "place", place, versions, codes)
    else:
        yield Column(asked.column, asked.name, question.type, "", "", asked.versions, codes)


def _column(asked: Asked, part: Part, item: str, versions: tuple[int, ...], codes: Codes) -> Column:
    name = f"{asked.column}__{item}"
    return Column(name, asked.name, asked.newest.type, part, item, versions, codes)


def _versions_with(
    asked: Asked, item: str, items: Callable[[AnyQuestion], list[str]]
) -> tuple[int, ...]:
    return tuple(sorted(version for version, form in asked.forms if item in items(form)))


def _choice_names(form: AnyQuestion) -> list[str]:
    return [choice.name for choice in choices_of(form)]


def _row_names(form: AnyQuestion) -> list[str]:
    return [row.name for row in form.rows] if isinstance(form, Matrix) else []


def _places(form: AnyQuestion) -> list[str]:
    return [str(number) for number, _ in enumerate(choices_of(form), start=1)]


def choices_in(asked: Asked) -> list[Choice]:
    """The choices of all versions, those of the newest first, each as it was worded last."""
    named: dict[str, Choice] = {}
    for _, form in asked.forms:
        for choice in choices_of(form):
            named.setdefault(choice.name, choice)
    return list(named.values())


def rows_in(asked: Asked) -> list[Row]:
    """The rows of a matrix in all versions, those of the newest first."""
    named: dict[str, Row] = {}
    for _, form in asked.forms:
        for row in form.rows if isinstance(form, Matrix) else []:
            named.setdefault(row.name, row)
    return list(named.values())


def _possible(asked: Asked) -> Set[str] | Between | None:
    """What an answer could be in any version; None where every text is an answer."""
    question = asked.newest
    if isinstance(question, SelectMultiple):
        return YES_OR_NO
    if isinstance(question, (Integer, DecimalQuestion)):
        return _range(form for _, form in asked.forms)
    if isinstance(question, Scale):
        points = [
            point for _, form in asked.forms if isinstance(form, Scale) for point in form.points
        ]
        return Between(Decimal(min(points)), Decimal(max(points)))
    if isinstance(question, TextQuestion):
        return None
    return {choice.name for choice in choices_in(asked)}


def _range(forms: Iterable[AnyQuestion]) -> Between:
    lows: list[Decimal | None] = []
    highs: list[Decimal | None] = []
    for form in forms:
        if isinstance(form, (Integer, DecimalQuestion)):
            lows.append(None if form.from_ is None else Decimal(form.from_))
            highs.append(None if form.to is None else Decimal(form.to))
    bounded_below = [low for low in lows if low is not None]
    bounded_above = [high for high in highs if high is not None]
    return Between(
        min(bounded_below) if len(bounded_below) == len(lows) else None,
        max(bounded_above) if len(bounded_above) == len(highs) else None,
    )
