"""Conditions (`relevant`) in words: for whom a question on paper is.

Each part of an expression that looks at one question of choices is tried with every answer that
the question can have, and the words are made from those for which it holds. So the words are
right however the expression was written, and a skipped question counts as it does on a screen.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from app.consultation import evaluate, parse_expression
from app.consultation.expressions import COMPARISONS, Tree, references
from app.consultation.questions import Rank, Scale, SelectMultiple, SelectOne

from .clauses import Clauses, Condition, Several

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def condition_of(source: str, clauses: Clauses) -> Condition:
    """Return in words the condition that an expression states.

    Args:
        source: an expression of the consultation language that the loader accepted.
        clauses: the words; a question without a number there is not printed, so it is skipped.
    """
    return _say(_without_not(parse_expression(source), True), clauses)


def _without_not(tree: Tree, positive: bool) -> Tree:
    """The same condition with every `not` directly before a comparison or a function."""
    operation, *parts = tree
    if operation == "not":
        return _without_not(parts[0], not positive)
    if operation in ("and", "or"):
        turned = {"and": "or", "or": "and"}[operation]
        return [operation if positive else turned, *(_without_not(p, positive) for p in parts)]
    return tree if positive else ["not", tree]


def _say(tree: Tree, clauses: Clauses) -> Condition:
    if not set(references(tree)) & set(clauses.numbers):
        return evaluate(tree, {})  # nothing that it looks at is on paper
    key = _key(tree, clauses, in_and=True)
    if isinstance(key, tuple):
        return _about_one(key, [tree], tree, clauses)
    if tree[0] not in ("and", "or"):
        return _single(tree, clauses)
    every, groups = tree[0] == "and", dict[Hashable, list[Tree]]()
    for part in tree[1:]:
        key = _key(part, clauses, in_and=every) if any(references(part)) else id(part)
        groups.setdefault(key, []).append(part)
    return _together(every, _said(tree[0], groups, clauses))


def _said(
    operation: str, groups: dict[Hashable, list[Tree]], clauses: Clauses
) -> Iterator[Condition]:
    for key, parts in groups.items():
        if isinstance(key, tuple):
            whole = parts[0] if len(parts) == 1 else [operation, *parts]
            yield _about_one(key, parts, whole, clauses)
        else:
            yield from (_say(part, clauses) for part in parts)


def _key(tree: Tree, clauses: Clauses, *, in_and: bool) -> Hashable:
    """What parts of one `and` or `or` have in common that can be said together.

    A pair of the question's name and the way to say it; else something that no other part has.
    """
    names = set(references(tree))
    name = names.pop()
    question = clauses.questions[name]
    if names or name not in clauses.numbers:
        return id(tree)
    if isinstance(question, (SelectOne, Scale)):
        return name, "answers"
    if isinstance(question, SelectMultiple) and _only_counts(tree):
        return name, "count"
    if isinstance(question, (SelectMultiple, Rank)) and tree[0] == "selected":
        return name, "all" if in_and else "any"
    none_of = tree[0] == "not" and tree[1][0] == "selected" and in_and
    return (name, "none") if none_of else id(tree)


def _only_counts(tree: Tree) -> bool:
    """Whether nothing but the number of answers decides."""
    operation, *parts = tree
    if operation in ("count_selected", "answered"):
        return True
    if operation in ("selected", "answer"):
        return False
    return all(_only_counts(part) for part in parts if isinstance(part, list))


def _about_one(key: tuple[str, str], parts: list[Tree], whole: Tree, clauses: Clauses) -> Condition:
    """The condition of parts that look at one question only."""
    name, how = key
    question = clauses.questions[name]
    if isinstance(question, Scale):
        held: list[int | str] = [p for p in question.points if evaluate(whole, {name: p})]
        return clauses.chose(question, held, skipped=evaluate(whole, {}))
    if isinstance(question, SelectOne):
        held = [c.name for c in question.choices if evaluate(whole, {name: c.name})]
        return clauses.chose(question, held, skipped=evaluate(whole, {}))
    if isinstance(question, SelectMultiple) and how == "count":
        names = [choice.name for choice in question.choices]
        answers = ({name: names[:count]} if count else {} for count in range(len(names) + 1))
        return clauses.counted(question, [n for n, a in enumerate(answers) if evaluate(whole, a)])
    if how == "none":
        return clauses.not_ticked(name, [part[1][2] for part in parts])
    return clauses.ticked(name, [part[2] for part in parts], every=how == "all")


def _single(tree: Tree, clauses: Clauses) -> Condition:
    """The condition of one comparison or function."""
    positive = tree[0] != "not"
    operation, *parts = tree if positive else tree[1]
    if set(references(tree)) - set(clauses.numbers):
        return evaluate(tree, {})
    if operation == "answered":
        return clauses.answered(parts[0][1], positive=positive)
    if operation == "selected":
        return clauses.not_ticked(parts[0][1], [parts[1]])
    written = _written(operation, parts) if operation in COMPARISONS else None
    if written is None:
        return clauses.reckoned([operation, *parts], positive=positive)
    name, sign, value = written
    if positive:
        return clauses.compared(name, sign, value)
    opposite = clauses.compared(name, _OPPOSITE[sign], value)
    return Several(False, (opposite, clauses.answered(name, positive=False)))


def _written(sign: str, sides: list[Tree]) -> tuple[str, str, str] | None:
    """The question, the sign and the value, when an answer is compared with a plain value."""
    left, right = sides
    if left[0] != "answer":
        left, right, sign = right, left, _TURNED[sign]
    if left[0] != "answer":
        return None
    if right[0] in ("text", "number"):
        return left[1], sign, str(right[1])
    if right[0] == "negative" and right[1][0] == "number":
        return left[1], sign, f"−{right[1][1]}"  # noqa: RUF001 - the sign of mathematics
    return None


def _together(every: bool, parts: Iterable[Condition]) -> Condition:
    """Several conditions as one; what is always so or never so is left out or decides."""
    left: list[Condition] = []
    for part in parts:
        if isinstance(part, bool):
            if part != every:
                return part
        elif isinstance(part, Several) and part.every == every:
            left.extend(part.parts)
        elif part not in left:
            left.append(part)
    if len(left) <= 1:
        return left[0] if left else every
    return Several(every, tuple(left))
