"""Conditions as forms write them: read into plain trees, nothing judged yet.

Trees are those of the consultation language (`["=", left, right]`, `["and", …]`), and what it does
not have: `["call", name, argument, …]`, `["bare", word]`, `["div", …]`, `["mod", …]`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, UnexpectedInput

from ..expressions import Tree

MAX_LENGTH = 4_000
"""Characters. The longest condition met in the field has 1,100."""

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    }
)
"""The quotation marks that word processors put in."""
_OURS = frozenset(
    {"and", "or", "not", "selected", "count-selected", "string-length", "true", "false", "number"}
)
_SIGNS = {"==": "=", "<>": "!="}


class Unreadable(ValueError):
    """The text is not a condition; the message says near what."""


class _ToTree(Transformer[Token, Tree]):
    """From lark's parse to plain lists."""

    def number(self, items: list[Token]) -> Tree:
        text = str(items[0])
        return ["number", f"0{text}" if text.startswith(".") else text]

    def text(self, items: list[Token]) -> Tree:
        return ["text", str(items[0])[1:-1]]

    def answer(self, items: list[Token]) -> Tree:
        return ["answer", str(items[0])[2:-1].strip()]

    def this(self, _items: list[Token]) -> Tree:
        return ["this"]

    def path(self, items: list[Token]) -> Tree:
        return ["answer", re.split(r"/", str(items[0]))[-1]]

    def bare(self, items: list[Token]) -> Tree:
        word = str(items[0])
        if word.lower() in ("true", "false"):
            return [word.lower()]
        return ["bare", word.rpartition("$")[2]]

    def call(self, items: list[Any]) -> Tree:
        name = str(items[0]).replace("_", "-")
        return ["call", name, *(item for item in items[1:] if item is not None)]

    def negative(self, items: list[Tree]) -> Tree:
        return ["negative", items[0]]

    def not_(self, items: list[Tree]) -> Tree:
        return ["call", "not", items[0]]

    def or_(self, items: list[Tree]) -> Tree:
        return items[0] if len(items) == 1 else ["or", *items]

    def and_(self, items: list[Tree]) -> Tree:
        return items[0] if len(items) == 1 else ["and", *items]

    def compare(self, items: list[Any]) -> Tree:
        left, sign, right = (*items, None, None)[:3]
        if sign is None:
            plain: Tree = left
            return plain
        if sign == "%contains%":
            return ["call", "selected", left, right]
        return [_SIGNS.get(str(sign), str(sign)), left, right]

    def chain(self, items: list[Any]) -> Tree:
        tree: Tree = items[0]
        for sign, right in zip(items[1::2], items[2::2], strict=True):
            tree = [str(sign), tree, right]
        return tree


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "xlsform.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True)


@lru_cache(maxsize=2048)
def read_condition(source: str) -> Tree:
    """The tree of a condition; read-only, since it is shared. Raises `Unreadable`."""
    text = source.translate(_QUOTES).replace("\u00a0", " ").strip()
    if len(text) > MAX_LENGTH:
        raise Unreadable(f"it is longer than {MAX_LENGTH} characters")
    try:
        tree: Tree = _ToTree().transform(_parser().parse(text))
    except UnexpectedInput as error:
        column = max(getattr(error, "column", 1), 1)
        near = f"it cannot be read near “{text[column - 1 : column + 14]}”"
        raise Unreadable(_functions(text) or near) from None
    except (LarkError, RecursionError):
        raise Unreadable("it cannot be read") from None
    return tree


def _functions(text: str) -> str:
    """What a condition calls that Heard does not have."""
    called = dict.fromkeys(re.findall(r"(?<!\w)([A-Za-z][\w:-]{0,60})\s*\(", text))
    foreign = [name for name in called if name not in _OURS]
    return f"Heard has no {foreign[0]}()" if foreign else ""


def names_in(source: str) -> set[str]:
    """The names that a cell mentions as `${name}`, in a condition or in a label."""
    return {name.strip() for name in re.findall(r"[$#]\{([^{}]*)\}", source)}
