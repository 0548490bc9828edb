"""Writing texts of one more language into a YAML file, and leaving every other sign as it was.

Only the places of the texts are touched, so comments, order and formatting stay the facilitator's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .findings import Path

STEP = 2
"""Spaces by which a new level is indented."""

_LINE = re.compile(r"[^\r\n]*")
_COLON = re.compile(r"[ ]*:")
_HEADER = re.compile(r"([|>])([1-9]?)([-+]?)([1-9]?)([ ]+#[^\r\n]*)?")
_UNWRITABLE = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Signs that stand in a file only as an escape: YAML 1.2 §5.1, and line breaks of §5.4."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_texts(
    text: str, values: Mapping[Path, str], *, language: str, first: str, declare: bool
) -> str:
    """Return the file `text` with `values` written in `language`.

    A text that is a plain string becomes a map of two languages.

    Args:
        text: a YAML file that the loader reads, with the line breaks that it has on the disk.
        values: the words by the path of the text, as it stands in the file.
        language: the tag of the language to write.
        first: the tag of the language in which plain strings are.
        declare: whether to add `language` to the list `languages`.
    """
    editor = _Editor(text, language, first)
    for path, value in values.items():
        editor.put(path, value)
    if declare:
        editor.declare()
    return editor.done()


@dataclass(frozen=True)
class _Spot:
    """A node, the column (from 0) of its key, and whether it stands between { } or [ ]."""

    node: Node
    column: int
    in_flow: bool


def _spots(
    node: Node, column: int = 0, in_flow: bool = False, path: Path = ()
) -> dict[Path, _Spot]:
    found = {path: _Spot(node, column, in_flow)}
    inside = in_flow or _is_flow(node)
    if isinstance(node, MappingNode):
        for key, value in node.value:
            found |= _spots(value, key.start_mark.column, inside, (*path, str(key.value)))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            found |= _spots(item, item.start_mark.column, inside, (*path, index))
    return found


class _Editor:
    """Collects changes of parts of a text that do not overlap, and makes them all at the end."""

    def __init__(self, text: str, language: str, first: str) -> None:
        self.text, self.language, self.first = text, language, first
        self.line_break = "\r\n" if "\r\n" in text else "\n"
        self.spots = _spots(YAML(typ="safe", pure=True).compose(text))
        self.edits: list[tuple[int, int, str]] = []

    def done(self) -> str:
        """Return the text with every change made."""
        text = self.text
        for start, end, new in sorted(self.edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def put(self, path: Path, value: str) -> None:
        """Write `value` at the text at `path`."""
        spot = self.spots[path]
        if not isinstance(spot.node, MappingNode):
            if spot.in_flow:
                self._wrap_in_braces(spot.node, value)
            else:
                self._wrap(spot, value)
            return
        in_flow = spot.in_flow or _is_flow(spot.node)
        for key, old in spot.node.value:
            if str(key.value) == self.language:
                where = _Spot(old, key.start_mark.column, in_flow)
                self._fill(key, where, value) if _is_empty(old) else self._replace(where, value)
                return
        if in_flow:
            end = max(old.end_mark.index for _, old in spot.node.value if not _is_empty(old))
            self._edit(end, end, f", {self.language}: {_quoted(value)}")
        else:
            self._append(spot.node, value)

    def declare(self) -> None:
        """Add the language to the list `languages`."""
        node = self.spots["languages",].node
        end = node.value[-1].end_mark.index
        if _is_flow(node):
            self._edit(end, end, f", {self.language}")
        else:
            self._insert_line(self._line_end(end), node.start_mark.column, f"- {self.language}")

    def _edit(self, start: int, end: int, new: str) -> None:
        if end == len(self.text):
            new += self.line_break  # else a block at the very end of the file would lose its own
        self.edits.append((start, end, new))

    def _insert_line(self, after: int, column: int, line: str) -> None:
        self._edit(after, after, f"{self.line_break}{' ' * column}{line}")

    def _line_end(self, index: int) -> int:
        found = _LINE.match(self.text, index)
        return found.end() if found else len(self.text)

    def _end(self, node: Node) -> int:
        """Where a scalar ends; a block scalar before the empty lines that follow it."""
        start, end = node.start_mark.index, node.end_mark.index
        header = self._header(node)
        if header is None:
            return int(end)
        breaks = r"\r?\n\Z" if header[3] == "+" else r"(\r?\n)+\Z"
        return int(start) + len(re.sub(breaks, "", self.text[start:end]))

    def _header(self, node: Node) -> re.Match[str] | None:
        """The first line of a block scalar; None for other nodes."""
        is_block = isinstance(node, ScalarNode) and node.style in ("|", ">")
        return _HEADER.match(self.text, node.start_mark.index) if is_block else None

    def _entry(self, value: str, column: int) -> str:
        return f"{self.language}: {self._scalar(value, column)}"

    def _scalar(self, value: str, column: int, comment: str = "") -> str:
        """`value` behind a key in `column`, with nothing else on its line but a comment."""
        if not _fits_a_block(value):
            return _quoted(value) + comment
        head = "|" if value.endswith("\n") else "|-"
        indent = self.line_break + " " * (column + STEP)
        lines = value.removesuffix("\n").split("\n")
        return (
            head + comment + "".join(indent + line if line else self.line_break for line in lines)
        )

    def _replace(self, spot: _Spot, value: str) -> None:
        node = spot.node
        start, end = node.start_mark.index, self._end(node)
        header = self._header(node)
        comment = (header[5] or "") if header else ""
        alone = not self.text[end : self._line_end(end)].strip()
        if spot.in_flow or not alone:
            new = _quoted(value)
        else:
            new = self._scalar(value, spot.column, comment)
        self._edit(start, end, new)

    def _fill(self, key: Node, spot: _Spot, value: str) -> None:
        """Write behind a key that has nothing behind it; YAML puts its value where more follows."""
        colon = _COLON.match(self.text, key.end_mark.index)
        at = colon.end() if colon else key.end_mark.index
        alone = not spot.in_flow and at == self._line_end(at)
        new = self._scalar(value, spot.column) if alone else _quoted(value)
        self._edit(at, at, (" " if colon else ": ") + new)

    def _append(self, node: MappingNode, value: str) -> None:
        """A line of its own behind the last language of a block."""
        (key, last), column = node.value[-1], node.value[0][0].start_mark.column
        header = self._header(last)
        if header and header[0] != self._ended(last, header):
            self._edit(header.start(), header.end(), self._ended(last, header))
        end = key.end_mark.index if _is_empty(last) else self._end(last)
        self._insert_line(self._line_end(end), column, self._entry(value, column))

    def _ended(self, node: Node, header: re.Match[str]) -> str:
        """The header of a block that goes on meaning the same when more lines follow."""
        style, before, chomping, after, comment = header.groups(default="")
        if not node.value.endswith("\n"):
            chomping = "-"
        return f"{style}{before}{after}{chomping}{comment}" if chomping == "-" else header[0]

    def _wrap_in_braces(self, node: Node, value: str) -> None:
        start, end = node.start_mark.index, node.end_mark.index
        languages = f"{self.first}: {self.text[start:end]}, {self.language}: {_quoted(value)}"
        self._edit(start, end, f"{{{languages}}}")

    def _wrap(self, spot: _Spot, value: str) -> None:
        """Make two lines, a language each, of a plain string behind a key."""
        node = spot.node
        start, end = node.start_mark.index, self._end(node)
        line_end = self._line_end(end)
        before = self.text[:start].rstrip(" ")
        on_its_own_line = before.endswith("\n")
        column = node.start_mark.column if on_its_own_line else spot.column + STEP
        indent = self.line_break + " " * column
        old = self._indented(spot, end, column) + self.text[end:line_end]
        begin, lead = (start, "") if on_its_own_line else (len(before), indent)
        new = f"{lead}{self.first}: {old}{indent}{self._entry(value, column)}"
        self._edit(begin, line_end, new)

    def _indented(self, spot: _Spot, end: int, column: int) -> str:
        """The scalar as it is written, its further lines moved under a key in `column`."""
        node = spot.node
        written = self.text[node.start_mark.index : end]
        header = self._header(node)
        if header is None:
            return re.sub(r"\n[ ]*(?=[^\s])", "\n" + " " * (column + STEP), written)
        body = written[len(header[0]) :]
        shifted = re.sub(r"\n(?=[^\r\n])", "\n" + " " * (column - spot.column), body)
        return self._ended(node, header) + shifted


def _is_flow(node: Node) -> bool:
    """A map or a list between brackets."""
    return isinstance(node, (MappingNode, SequenceNode)) and bool(node.flow_style)


def _is_empty(node: Node) -> bool:
    """A key with nothing behind it."""
    return bool(node.start_mark.index == node.end_mark.index)


def _fits_a_block(value: str) -> bool:
    """Whether a text of several lines can be written as it is, line by line."""
    lines = value.removesuffix("\n").split("\n")
    return (
        "\n" in value
        and all(line == line.rstrip(" ") for line in lines)
        and bool(lines[0] and lines[-1])
        and not lines[0].startswith(" ")
        and not _UNWRITABLE.search(value)
    )


def _quoted(value: str) -> str:
    """A double-quoted YAML scalar on one line."""

    def escaped(sign: str) -> str:
        if sign in _ESCAPES:
            return _ESCAPES[sign]
        return f"\\U{ord(sign):08X}" if _UNWRITABLE.match(sign) else sign

    return '"' + "".join(escaped(sign) for sign in value) + '"'
