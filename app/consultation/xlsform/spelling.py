"""Conditions written out: in the consultation language, or as XLSForm spells them."""

from __future__ import annotations

from enum import Enum
from typing import Any

from ..expressions import COMPARISONS, Tree

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _UNARY, _ATOM = range(7)
_LEVELS = {
    **{"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "negative": _UNARY},
    **dict.fromkeys(COMPARISONS, _COMPARISON),
}


class Spelling(Enum):
    """Whose words are used where the two languages differ."""

    HEARD = "heard"
    XLSFORM = "xlsform"


def spelled(tree: Tree, spelling: Spelling = Spelling.HEARD, level: int = _OR) -> str:
    """`tree` with as few brackets as it can be read back with.

    `level` is how tightly its surroundings bind.
    """
    operation, *parts = tree
    if operation == "answered" and spelling is Spelling.XLSFORM:
        text, own = f"string-length({spelled(parts[0], spelling)}) > 0", _COMPARISON
    elif operation in _LEVELS:
        own = _LEVELS[operation]
        text = _joined(operation, parts, spelling, own)
    else:
        text, own = _atom(operation, parts, spelling), _ATOM
    return f"({text})" if own < level else text


def _joined(operation: str, parts: list[Any], spelling: Spelling, own: int) -> str:
    if operation == "negative":
        return f"-{spelled(parts[0], spelling, _UNARY)}"
    # A chain is read from the left; an `and` inside an `and` was in brackets; two comparisons in
    # a row are never read.
    first = own if operation in ("+", "-", "*") else own + 1
    levels = [first, *[own + 1] * (len(parts) - 1)]
    return f" {operation} ".join(
        spelled(part, spelling, level) for part, level in zip(parts, levels, strict=True)
    )


def _atom(operation: str, parts: list[Any], spelling: Spelling) -> str:
    if operation == "answer":
        return f"${{{parts[0]}}}"
    if operation == "this":
        return "."
    if operation == "number":
        return str(parts[0])
    if operation == "text":
        return _quoted(parts[0])
    name = operation
    if spelling is Spelling.XLSFORM:
        name = operation.replace("_", "-")
    inside = ", ".join(
        spelled(part, spelling) if isinstance(part, list) else _quoted(part) for part in parts
    )
    return f"{name}({inside})"


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"
