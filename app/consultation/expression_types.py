"""Which kinds of values an expression brings together, and whether they fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

from .expressions import ARITHMETIC, COMPARISONS, Tree, print_expression
from .findings import did_you_mean
from .questions import AnyQuestion, Rank, SelectMultiple, SelectOne, choices_of

Kind: TypeAlias = Literal["truth", "number", "words", "choices", "rows"]

_KINDS: Mapping[str, Kind] = {
    "select_one": "words",
    "text": "words",
    "date": "words",
    "country": "words",
    "integer": "number",
    "decimal": "number",
    "scale": "number",
    "select_multiple": "choices",
    "rank": "choices",
    "matrix": "rows",
}


def check_types(
    tree: Tree, questions: Mapping[str, AnyQuestion], this: AnyQuestion | None = None
) -> Iterator[str]:
    """Yield a sentence for each part of `tree` that does not fit, and for a whole that is no truth.

    Args:
        tree: what `parse_expression` returned.
        questions: every question that `tree` names.
        this: the question that `.` stands for; None where there is no such question.
    """
    checker = _Checker(questions, this)
    kind = checker.kind(tree)
    yield from checker.problems
    if not checker.problems and kind != "truth":
        yield (
            f"{print_expression(tree)} is not something that holds or does not hold. Compare it, "
            "or ask answered(…)."
        )


class _Checker:
    def __init__(self, questions: Mapping[str, AnyQuestion], this: AnyQuestion | None) -> None:
        self.questions, self.this = questions, this
        self.problems: list[str] = []

    def kind(self, tree: Tree) -> Kind:
        """The kind of `tree`; problems on the way are kept."""
        operation, *parts = tree
        if operation in ("text", "number", "answer", "this"):
            return self._leaf(tree)
        if operation in ("true", "false"):
            return "truth"
        if operation in ("and", "or", "not"):
            for part in parts:
                self._expect(part, "truth", "compare it with something")
            return "truth"
        if operation in COMPARISONS:
            self._comparison(operation, parts[0], parts[1])
            return "truth"
        if operation in ARITHMETIC or operation == "negative":
            for part in parts:
                self._expect_number(part)
            return "number"
        return self._function(operation, parts)

    def _question(self, tree: Tree) -> AnyQuestion | None:
        if tree[0] == "this":
            return self.this
        return self.questions.get(tree[1]) if tree[0] == "answer" else None

    def _leaf(self, tree: Tree) -> Kind:
        if tree[0] == "text":
            return "words"
        if tree[0] == "number":
            return "number"
        question = self._question(tree)
        if question is None:
            self.problems.append("The dot (this answer) has a meaning only in a constraint.")
            return "words"
        return _KINDS.get(question.type, "words")

    def _expect(self, tree: Tree, wanted: Kind, advice: str) -> None:
        if self.kind(tree) != wanted:
            self.problems.append(f"{print_expression(tree)} does not fit here: {advice}.")

    def _expect_number(self, tree: Tree) -> None:
        kind = self.kind(tree)
        if kind != "number" and not self._counts(tree):
            self.problems.append(f"{print_expression(tree)} is not a number.")

    def _counts(self, tree: Tree) -> bool:
        """Whether words are numbers all the same: a literal, or choices all named by numbers."""
        if tree[0] == "text":
            return _is_number(tree[1])
        question = self._question(tree)
        return isinstance(question, SelectOne) and all(
            _is_number(choice.name) for choice in question.choices
        )

    def _comparison(self, sign: str, left: Tree, right: Tree) -> None:
        for part in (left, right):
            kind = self.kind(part)
            if kind == "choices":
                shown = print_expression(part)
                self.problems.append(
                    f"{shown} has several answers: write selected({shown}, 'name') or "
                    f"count_selected({shown})."
                )
            elif kind in ("rows", "truth"):
                self.problems.append(f"{print_expression(part)} cannot be compared.")
            elif sign not in ("=", "!="):
                self._expect_number(part)
        for one, other in ((left, right), (right, left)):
            if other[0] in ("text", "number"):
                self._known_choice(one, str(other[1]))

    def _function(self, operation: str, parts: list[Tree]) -> Kind:
        if operation == "answered":
            if self._question(parts[0]) is None:
                self.kind(parts[0])
            return "truth"
        question = self._question(parts[0])
        several = isinstance(question, (SelectMultiple, Rank))
        if operation == "count_selected":
            if not several:
                self.problems.append("count_selected() counts the answers of a select_multiple.")
            return "number"
        if not several and not isinstance(question, SelectOne):
            self.problems.append("selected() looks at a select_multiple, a select_one or a rank.")
        else:
            self._known_choice(parts[0], str(parts[1]))
        return "truth"

    def _known_choice(self, tree: Tree, name: str) -> None:
        question = self._question(tree)
        if not isinstance(question, (SelectOne, SelectMultiple, Rank)):
            return
        names = [choice.name for choice in choices_of(question)]
        if name not in names:
            hint = did_you_mean(name, names)
            self.problems.append(f"“{question.name}” has no choice “{name}”.{hint}")


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
