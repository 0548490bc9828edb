"""What a person did at one question, as words that can follow “Only if”."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.consultation import choices_of, text_in
from app.consultation.expressions import Tree
from app.consultation.questions import (
    AnyQuestion,
    Country,
    Date,
    Decimal,
    Integer,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
)

from .words import Words


@dataclass(frozen=True)
class Clause:
    """One thing that is so or is not so."""

    words: str


@dataclass(frozen=True)
class Several:
    """Conditions of which every one has to be so, or at least one."""

    every: bool
    parts: tuple[Condition, ...]


Condition: TypeAlias = Clause | Several | bool
"""True where everybody is meant, False where nobody is."""

FEW = 2
"""Up to this many answers are named as they are; of more, the shorter list is named."""

_SIGNS = {"!=": "≠", "<=": "≤", ">=": "≥", "*": "×"}  # noqa: RUF001 - the sign of mathematics


class Clauses:
    """Makes the words, for the questions of one consultation in one language."""

    def __init__(
        self, questions: Mapping[str, AnyQuestion], numbers: Mapping[str, int], words: Words
    ) -> None:
        """Take what clauses name.

        Args:
            questions: every question by its name.
            numbers: the number on paper of each printed question.
            words: the language.
        """
        self.questions, self.numbers, self._words = questions, numbers, words

    def answered(self, name: str, *, positive: bool = True) -> Clause:
        """The question was answered, or was not: left out, or not said."""
        _, number = self._words.gettext, self.numbers[name]
        if positive:
            return Clause(_("you answered question %(number)d", number=number))
        return Clause(_("you did not answer question %(number)d", number=number))

    def chose(
        self, question: SelectOne | Scale, held: Collection[Any], *, skipped: bool
    ) -> Condition:
        """One of the answers in `held` was given; `skipped`: or none at all."""
        labels = self._labels(question)
        given = [answer for answer in labels if answer in held]
        others = [answer for answer in labels if answer not in held]
        if not given or not others:
            everybody, nobody = skipped and not others, not skipped and not given
            if everybody or nobody:
                return everybody
            return self.answered(question.name, positive=bool(given))
        if skipped:
            by_others = len(others) <= max(FEW, len(given))
        else:
            in_words = isinstance(question, SelectOne)
            by_others = in_words and len(given) > FEW and len(others) < len(given)
        named = self._words.any_of(labels[answer] for answer in (others if by_others else given))
        return Clause(self._choosing(named, self.numbers[question.name], by_others, skipped))

    def _choosing(self, answers: str, number: int, by_others: bool, skipped: bool) -> str:
        _ = self._words.gettext
        values = {"answers": answers, "number": number}
        if by_others and skipped:
            return _("you did not answer %(answers)s to question %(number)d", **values)
        if by_others:
            return _("you answered question %(number)d, but not with %(answers)s", **values)
        if skipped:
            return _(
                "you answered %(answers)s to question %(number)d, or you did not answer it",
                **values,
            )
        return _("you answered %(answers)s to question %(number)d", **values)

    def ticked(self, name: str, chosen: Collection[str], *, every: bool = True) -> Clause:
        """All of the choices were chosen, or at least one of them."""
        _, question = self._words.gettext, self.questions[name]
        join = self._all if every else self._any
        values = {"answers": join(self._named(question, chosen)), "number": self.numbers[name]}
        if isinstance(question, Rank):
            return Clause(_("you gave %(answers)s a place in question %(number)d", **values))
        return Clause(_("you ticked %(answers)s in question %(number)d", **values))

    def not_ticked(self, name: str, chosen: Collection[str]) -> Clause:
        """None of the choices was chosen."""
        _, question = self._words.gettext, self.questions[name]
        values = {"answers": self._any(self._named(question, chosen)), "number": self.numbers[name]}
        if isinstance(question, Rank):
            return Clause(_("you gave %(answers)s no place in question %(number)d", **values))
        return Clause(_("you did not tick %(answers)s in question %(number)d", **values))

    def counted(self, question: SelectMultiple, allowed: Collection[int]) -> Condition:
        """The number of ticks is one of `allowed`; 0 is a question that was left out."""
        highest = len(question.choices)
        ranges = _ranges(allowed)
        if ranges == [(0, highest)] or not ranges:
            return bool(ranges)
        said = tuple(Clause(self._count(question, *limits)) for limits in ranges)
        return said[0] if len(said) == 1 else Several(False, said)

    def _count(self, question: SelectMultiple, low: int, high: int) -> str:
        _, ngettext = self._words.gettext, self._words.ngettext
        number, highest = self.numbers[question.name], len(question.choices)
        if high == 0:
            return self.answered(question.name, positive=False).words
        if (low, high) == (1, highest):
            return self.answered(question.name).words
        if low == high:
            return ngettext(
                "you ticked exactly %(num)d square in question %(number)d",
                "you ticked exactly %(num)d squares in question %(number)d",
                low,
                number=number,
            )
        if high == highest:
            return ngettext(
                "you ticked at least %(num)d square in question %(number)d",
                "you ticked at least %(num)d squares in question %(number)d",
                low,
                number=number,
            )
        if low == 0:
            return ngettext(
                "you ticked no more than %(num)d square in question %(number)d",
                "you ticked no more than %(num)d squares in question %(number)d",
                high,
                number=number,
            )
        return _(
            "you ticked %(low)d to %(high)d squares in question %(number)d",
            low=low,
            high=high,
            number=number,
        )

    def compared(self, name: str, sign: str, value: str) -> Clause:
        """What was written stands in a relation to a value: one of `= != < <= > >=`."""
        _ = self._words.gettext
        values = {"value": self._value(self.questions[name], value), "number": self.numbers[name]}
        said = {
            "=": _("you wrote %(value)s in question %(number)d", **values),
            "!=": _("you wrote something other than %(value)s in question %(number)d", **values),
            "<": _("you wrote less than %(value)s in question %(number)d", **values),
            "<=": _("you wrote %(value)s or less in question %(number)d", **values),
            ">": _("you wrote more than %(value)s in question %(number)d", **values),
            ">=": _("you wrote %(value)s or more in question %(number)d", **values),
        }
        return Clause(said[sign])

    def reckoned(self, tree: Tree, *, positive: bool) -> Clause:
        """A comparison that only a formula can say."""
        _ = self._words.gettext
        values = {"formula": self._formula(tree)}
        if positive:
            return Clause(
                _("this is so, with your answers in place of the brackets: %(formula)s", **values)
            )
        return Clause(
            _("this is not so, with your answers in place of the brackets: %(formula)s", **values)
        )

    def _formula(self, tree: Tree) -> str:
        operation, *parts = tree
        _ = self._words.gettext
        if operation == "number":
            return str(parts[0])
        if operation == "text":
            return self._words.quoted(str(parts[0]))
        if operation == "answer":
            return "[" + _("answer %(number)d", number=self.numbers[parts[0]]) + "]"
        if operation == "count_selected":
            number = self.numbers[parts[0][1]]
            return "[" + _("how many you chose in question %(number)d", number=number) + "]"
        if operation == "negative":
            return "−" + self._formula(parts[0])  # noqa: RUF001 - the sign of mathematics
        sides = [self._formula(part) for part in parts]
        if operation in ("*", "-"):
            sums = [part[0] in ("+", "-") for part in parts]
            sides = [f"({s})" if is_sum else s for s, is_sum in zip(sides, sums, strict=True)]
        return f" {_SIGNS.get(operation, operation)} ".join(sides)

    def _labels(self, question: SelectOne | Scale) -> dict[Any, str]:
        """Every answer of a question, as it is named in a sentence."""
        if isinstance(question, Scale):
            return {point: str(point) for point in question.points}
        names = [choice.name for choice in question.choices]
        return dict(zip(names, map(self._words.quoted, self._named(question, names)), strict=True))

    def _named(self, question: AnyQuestion, chosen: Collection[str]) -> list[str]:
        labels = {c.name: text_in(c.label, self._words.language) for c in choices_of(question)}
        return [labels.get(name, name) for name in dict.fromkeys(chosen)]

    def _any(self, labels: Iterable[str]) -> str:
        return self._words.any_of(map(self._words.quoted, labels))

    def _all(self, labels: Iterable[str]) -> str:
        return self._words.all_of(map(self._words.quoted, labels))

    def _value(self, question: AnyQuestion, value: str) -> str:
        if isinstance(question, (Integer, Decimal)):
            return value
        if isinstance(question, Country):
            return str(self._words.locale.territories.get(value, value))
        if isinstance(question, Date) and "-" in value:
            try:
                return self._words.month(dt.date.fromisoformat(f"{value}-01"))
            except ValueError:
                return self._words.quoted(value)
        return value if isinstance(question, Date) else self._words.quoted(value)


def _ranges(numbers: Collection[int]) -> list[tuple[int, int]]:
    """Numbers as ranges without gaps, both ends included: {0, 1, 4} is 0 to 1 and 4 to 4."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges
