"""YAML as a facilitator would write it, and as the strict loader reads it back.

Texts stand in double quotes or, when they have several lines, in a block; nothing is left to
YAML's guesses, and no anchor, alias, tag or tab is ever written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..findings import Path
from .form import Text

_PLAIN = re.compile(r"[a-z][a-z0-9_/.-]*|-?[0-9]+(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[A-Z]{2}")
_MEANT_OTHERWISE = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "NO"})
_LEFT_ALONE = frozenset({"true", "false"})
_INDENT = "  "


@dataclass
class Writer:
    """Writes a tree of mappings, lists and strings.

    `comments` stand behind a node's first line, by the node's path; `above` are whole lines.
    """

    comments: Mapping[Path, str] = field(default_factory=dict)
    above: Mapping[Path, str] = field(default_factory=dict)
    compact: frozenset[str] = frozenset()
    """Keys whose list items are written on one line each."""

    def text(self, tree: Mapping[str, Any]) -> str:
        """The tree as YAML."""
        return "\n".join(self._mapping(tree, (), "")) + "\n"

    def _mapping(self, tree: Mapping[str, Any], path: Path, indent: str) -> Iterator[str]:
        for key, value in tree.items():
            where = (*path, key)
            if where in self.above:
                yield ""
                yield from _comment_lines(self.above[where], indent)
            yield from self._entry(f"{indent}{_scalar(key)}:", value, where, indent)

    def _entry(self, start: str, value: Any, path: Path, indent: str) -> Iterator[str]:
        comment = f"  # {self.comments[path]}" if path in self.comments else ""
        if isinstance(value, Text):
            said = {tag: Quoted(text) for tag, text in value.items()}
            value = next(iter(said.values())) if len(said) == 1 else said
        if isinstance(value, str):
            yield from _with_scalar(start, value, comment, indent + _INDENT)
        elif isinstance(value, Mapping) and value:
            yield start + comment
            yield from self._mapping(value, path, indent + _INDENT)
        elif isinstance(value, list) and value and not all(isinstance(v, str) for v in value):
            yield start + comment
            yield from self._items(value, path, indent + _INDENT)
        else:
            yield f"{start} {_flow(value)}{comment}"

    def _items(self, items: list[Any], path: Path, indent: str) -> Iterator[str]:
        for index, item in enumerate(items):
            where = (*path, index)
            if where in self.above:
                yield ""
                yield from _comment_lines(self.above[where], indent)
            if self._on_one_line(item, path):
                yield f"{indent}- {_flow(item)}"
                continue
            lines = list(self._mapping(item, where, indent + _INDENT))
            yield f"{indent}- {lines[0].lstrip()}"
            yield from lines[1:]

    def _on_one_line(self, item: Any, path: Path) -> bool:
        return path[-1] in self.compact or path[:1] == ("choice_lists",)


def _comment_lines(text: str, indent: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield f"{indent}# {line}" if line else ""


class Quoted(str):
    """A text that people read, always in quotes."""

    __slots__ = ()


def _with_scalar(start: str, value: str, comment: str, indent: str) -> Iterator[str]:
    if "\n" in value and _fits_block(value):
        ending = "" if value.endswith("\n") else "-"
        yield f"{start} |{ending}{comment}"
        for line in value.removesuffix("\n").split("\n"):
            yield f"{indent}{line}" if line else ""
    else:
        yield f"{start} {_scalar(value)}{comment}"


def _fits_block(text: str) -> bool:
    """Whether a block gives exactly this text back."""
    lines = text.removesuffix("\n").split("\n")
    return (
        _printable(text.replace("\n", ""))
        and bool(lines[0].strip())
        and bool(lines[-1].strip())
        and not any(line[:1] == " " or line != line.rstrip() for line in lines)
    )


def _printable(text: str) -> bool:
    return all(sign.isprintable() or sign in _JOINERS for sign in text)


_JOINERS = "\u200c\u200d\u200e\u200f\u00a0\u202f\u2009\u2007"
"""Signs that scripts and French need, which Python does not count among the printable ones."""


def _scalar(value: str) -> str:
    """A text on one line, without quotes where it is a plain word or number."""
    plain = _PLAIN.fullmatch(value) and not isinstance(value, Quoted)
    if plain and (value not in _MEANT_OTHERWISE or value in _LEFT_ALONE):
        return value
    return quoted(value)


def quoted(text: str) -> str:
    """A text in double quotes; every sign that cannot be seen is written as its number."""
    if _printable(text):
        return json.dumps(text, ensure_ascii=False)
    return "".join(['"', *(_escaped(sign) for sign in text), '"'])


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign.isprintable() or sign in _JOINERS:
        return sign
    if sign in "\n\t":
        return {"\n": "\\n", "\t": "\\t"}[sign]
    number = ord(sign)
    for letter, digits in (("x", 2), ("u", 4), ("U", 8)):
        if number < 16**digits:
            return f"\\{letter}{number:0{digits}x}"
    raise ValueError(sign)  # there is no such sign


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Text):
        if len(value) == 1:
            return quoted(next(iter(value.values())))
        return (
            "{" + ", ".join(f"{_scalar(tag)}: {quoted(text)}" for tag, text in value.items()) + "}"
        )
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar("true" if value is True else "false" if value is False else str(value))
