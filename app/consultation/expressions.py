"""Expressions of `relevant` and `constraint`: parse, print, evaluate.

A tree is plain data, so that a browser can evaluate the same tree: a list whose first item is the
operation. `["text", "yes"]`, `["number", "3"]`, `["answer", "name"]`, `["this"]`,
`["=", left, right]` (and `!= < <= > >= + - *`), `["and", …]`, `["or", …]`, `["not", tree]`,
`["selected", operand, "choice"]`, `["count_selected", operand]`, `["answered", operand]`,
`["true"]`, `["false"]`, `["negative", tree]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, UnexpectedInput

Tree: TypeAlias = list[Any]
Value: TypeAlias = "str | Decimal | bool | list[str] | None"

MAX_LENGTH = 1000
"""Characters. Longer than any rule a person can check by reading."""
MAX_DEPTH = 30

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
ARITHMETIC = ("+", "-", "*")


class ExpressionError(ValueError):
    """The text is not an expression; the message says where and what to write instead."""


class _ToTree(Transformer[Token, Tree]):
    """From lark's parse to plain lists."""

    def number(self, items: list[Token]) -> Tree:
        return ["number", str(items[0])]

    def text(self, items: list[Token]) -> Tree:
        return ["text", str(items[0])[1:-1]]

    def answer(self, items: list[Token]) -> Tree:
        return ["answer", str(items[0])[2:-1].strip()]

    def this(self, _items: list[Token]) -> Tree:
        return ["this"]

    def true(self, _items: list[Token]) -> Tree:
        return ["true"]

    def false(self, _items: list[Token]) -> Tree:
        return ["false"]

    def negative(self, items: list[Tree]) -> Tree:
        return ["negative", items[0]]

    def not_(self, items: list[Tree]) -> Tree:
        return ["not", items[0]]

    def or_(self, items: list[Tree]) -> Tree:
        return items[0] if len(items) == 1 else ["or", *items]

    def and_(self, items: list[Tree]) -> Tree:
        return items[0] if len(items) == 1 else ["and", *items]

    def compare(self, items: list[Any]) -> Tree:
        left, sign, right = (*items, None, None)[:3]
        if sign is None:
            plain: Tree = left
            return plain
        return [str(sign), left, right]

    def chain(self, items: list[Any]) -> Tree:
        tree: Tree = items[0]
        for sign, right in zip(items[1::2], items[2::2], strict=True):
            tree = [str(sign), tree, right]
        return tree

    def selected(self, items: list[Any]) -> Tree:
        return ["selected", items[0], str(items[1])[1:-1]]

    def count_selected(self, items: list[Tree]) -> Tree:
        return ["count_selected", items[0]]

    def answered(self, items: list[Tree]) -> Tree:
        return ["answered", items[0]]


_PARSER = Lark(
    (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8"),
    parser="lalr",
    maybe_placeholders=True,
)


@lru_cache(maxsize=1024)
def parse_expression(source: str) -> Tree:
    """Return the tree of `source`.

    Raises `ExpressionError` with the column (from 1) and what is expected. Treat the tree as
    read-only: it is shared.
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"The expression is longer than {MAX_LENGTH} characters.")
    try:
        tree: Tree = _ToTree().transform(_PARSER.parse(source))
        depth = _depth(tree)
    except UnexpectedInput as error:
        raise ExpressionError(_explain(source, error)) from None
    except (LarkError, RecursionError):
        depth = MAX_LENGTH
    if depth > MAX_DEPTH:
        raise ExpressionError(f"The expression nests deeper than {MAX_DEPTH} levels.")
    return tree


def _explain(source: str, error: UnexpectedInput) -> str:
    column = getattr(error, "column", -1)
    if not source.strip():
        return "The expression is empty."
    if column < 1 or column > len(source):
        return "The expression ends too early: a value or a closing bracket is missing."
    rest = source[column - 1 : column + 14]
    if "==" in source:
        return "Write one = and not ==."
    return (
        f"At column {column}, near “{rest}”: write names as ${{name}}, words in 'quotes', and "
        "only = != < <= > >= + - * and or not() selected() count_selected() answered()."
    )


def _depth(tree: Any) -> int:
    if not isinstance(tree, list):
        return 0
    return 1 + max((_depth(item) for item in tree), default=0)


def references(tree: Tree) -> Iterator[str]:
    """Yield the name of every question that `tree` looks at, in reading order."""
    if tree[0] == "answer":
        yield tree[1]
        return
    for item in tree[1:]:
        if isinstance(item, list):
            yield from references(item)


def print_expression(tree: Tree) -> str:
    """Return `tree` in the spelling of the language; parsing it gives `tree` again."""
    operation, *parts = tree
    if operation in _PRINTERS:
        return _PRINTERS[operation](parts)
    joined = f" {operation} ".join(print_expression(part) for part in parts)
    return f"({joined})"


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


_PRINTERS: Mapping[str, Callable[[list[Any]], str]] = {
    "text": lambda parts: _quoted(parts[0]),
    "number": lambda parts: str(parts[0]),
    "answer": lambda parts: f"${{{parts[0]}}}",
    "this": lambda _parts: ".",
    "true": lambda _parts: "true()",
    "false": lambda _parts: "false()",
    "not": lambda parts: f"not({print_expression(parts[0])})",
    "negative": lambda parts: f"(-{print_expression(parts[0])})",
    "selected": lambda parts: f"selected({print_expression(parts[0])}, {_quoted(parts[1])})",
    "count_selected": lambda parts: f"count_selected({print_expression(parts[0])})",
    "answered": lambda parts: f"answered({print_expression(parts[0])})",
}


def evaluate(tree: Tree, answers: Mapping[str, Any], this: Any = None) -> bool:
    """Whether `tree` holds for `answers` (by question name; absent means skipped or not shown).

    A comparison with an answer that is absent is false. Never raises for a tree that
    `parse_expression` returned, whatever the answers hold.
    """
    return _value(tree, answers, this) is True


def _value(tree: Tree, answers: Mapping[str, Any], this: Any) -> Value:
    operation, *parts = tree
    if operation in _LEAVES:
        return _leaf(operation, parts, answers, this)
    if operation in _LOGIC:
        return _LOGIC[operation](evaluate(part, answers, this) for part in parts)
    if operation == "selected":
        return parts[1] in _names(_value(parts[0], answers, this))
    values = [_value(part, answers, this) for part in parts]
    if operation in _ON_ONE:
        return _ON_ONE[operation](values[0])
    if operation in ARITHMETIC:
        return _arithmetic(operation, values[0], values[1])
    return _compare(operation, values[0], values[1])


_LEAVES = frozenset({"text", "number", "answer", "this", "true", "false"})
_LOGIC: Mapping[str, Callable[[Iterator[bool]], bool]] = {
    "and": all,
    "or": any,
    "not": lambda held: not next(held),
}


def _leaf(operation: str, parts: list[Any], answers: Mapping[str, Any], this: Any) -> Value:
    if operation == "number":
        return Decimal(parts[0])
    if operation == "text":
        return str(parts[0])
    if operation in ("true", "false"):
        return operation == "true"
    return _plain(this if operation == "this" else answers.get(parts[0]))


def _plain(value: Any) -> Value:
    """An answer as the language sees it: words, a number, a list of names, or nothing."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _number(str(value))
    if isinstance(value, list):
        return [str(item) for item in value]
    return value if isinstance(value, str) else None


def _names(value: Value) -> list[str]:
    if isinstance(value, list):
        return value
    return [] if value is None or isinstance(value, bool) else [str(value)]


def _number(value: Value) -> Decimal | None:
    if value is None or isinstance(value, (bool, list)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _negative(value: Value) -> Decimal | None:
    number = _number(value)
    return None if number is None else -number


_ON_ONE: Mapping[str, Callable[[Value], Value]] = {
    "answered": lambda value: value not in (None, "", []),
    "count_selected": lambda value: None if value is None else Decimal(len(_names(value))),
    "negative": _negative,
}


def _arithmetic(sign: str, left: Value, right: Value) -> Decimal | None:
    one, two = _number(left), _number(right)
    if one is None or two is None:
        return None
    try:
        if sign == "+":
            return one + two
        return one - two if sign == "-" else one * two
    except ArithmeticError:
        return None


def _compare(sign: str, left: Value, right: Value) -> bool:
    if left is None or right is None or isinstance(left, list) or isinstance(right, list):
        return False
    one, two = _number(left), _number(right)
    if one is not None and two is not None:
        return _ordered(sign, one, two)
    if sign in ("=", "!="):
        return (str(left) == str(right)) == (sign == "=")
    return False


def _ordered(sign: str, one: Decimal, two: Decimal) -> bool:
    return {
        "=": one == two,
        "!=": one != two,
        "<": one < two,
        "<=": one <= two,
        ">": one > two,
        ">=": one >= two,
    }[sign]
