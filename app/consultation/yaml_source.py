"""A strict reading of YAML: every scalar is text, every node remembers where it stood.

YAML's own guesses (`no` is false, `012` is ten, `12:30` is 750) never apply, because the types of
the definition decide. Whatever a facilitator does not need and an attacker might is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from .findings import DefinitionErrors, Finding, Level, Path
from .yaml_messages import explain_yaml_error

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_NODES = 30_000
"""The largest sample has 3,000 keys and values. Far beyond it, reading takes seconds."""

Place: TypeAlias = tuple[int, int]
"""Line and column, counted from 1."""


@dataclass
class Source:
    """The tree of a YAML file (dicts, lists and strings) and the place of each node.

    `blocks` holds the paths of dicts and lists. `links` leads from where a choice list is used to
    where it stands.
    """

    file: str
    tree: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    blocks: set[Path] = field(default_factory=set)
    links: dict[Path, Path] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Line and column (from 1) of the node at `path`, or of its nearest parent.

        A dict or a list begins at its key: that is the line a person looks for.
        """
        path = self._followed(path)
        for length in range(len(path), -1, -1):
            part = path[:length]
            if part in self.blocks and part in self.keys:
                return self.keys[part]
            if part in self.places:
                return self.places[part]
        return (1, 1)

    def _followed(self, path: Path) -> Path:
        """`path` as it stands in the file: what is inside a choice list stands there once."""
        for length in range(1, len(path)):
            if path[:length] in self.links:
                return (*self.links[path[:length]], *path[length:])
        return path

    def finding(
        self,
        path: Path,
        message: str,
        *,
        rule: str,
        level: Level = "error",
        at_key: bool = False,
    ) -> Finding:
        """A finding of `rule` at the node (or at its key)."""
        line, column = (at_key and self.keys.get(self._followed(path))) or self.place(path)
        return Finding(self.file, line, column, message, level, rule)


def read_yaml(text: str, file: str) -> Source:
    """Return the tree of `text`; `file` is the name used in messages.

    Raises `DefinitionErrors` for text that is not the plain YAML of the consultation language:
    anchors, aliases, tags, several documents, duplicate keys, tabs, over 1 MiB, over 20 levels.
    """
    if len(text.encode(errors="replace")) > MAX_BYTES:
        message = "The file is larger than 1 MiB. Take out what is not part of the consultation."
        raise DefinitionErrors([Finding(file, 1, 1, message, rule="plain-yaml")])
    for number, line in enumerate(_lines(text), 1):
        if "\t" in line:
            message = "There is a tab here. Use spaces: YAML does not allow tabs for indenting."
            found = Finding(file, number, line.index("\t") + 1, message, rule="yaml")
            raise DefinitionErrors([found])
    return _Reader(file).read(text)


def _lines(text: str) -> list[str]:
    """The lines of a file as an editor counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class _Reader:
    """Turns the event stream into a tree, one pass."""

    def __init__(self, file: str) -> None:
        self.source = Source(file)
        self.stack: list[tuple[Any, Path]] = []
        self.pending_key: list[str | None] = []
        self.documents = 0

    def read(self, text: str) -> Source:
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                self._take(event)
        except (YAMLError, ValueError) as error:
            line, column, message = explain_yaml_error(error, text)
            found = Finding(self.source.file, line, column, message, rule="yaml")
            raise DefinitionErrors([found]) from None
        return self.source

    def _take(self, event: Event) -> None:
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(event, "Only one document fits in a file: remove the line ---.")
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self.stack.pop()
            self.pending_key.pop()
        elif isinstance(event, NodeEvent):
            self._take_node(event)

    def _take_node(self, event: NodeEvent) -> None:
        if len(self.source.places) > MAX_NODES:
            self._refuse(event, f"More than {MAX_NODES} entries. Split this into consultations.")
        if isinstance(event, AliasEvent) or event.anchor:
            self._refuse(event, "Anchors (&) and aliases (*) are not used here. Write it out.")
        tag = getattr(event, "tag", None)
        if tag and not (isinstance(event, ScalarEvent) and str(tag) == "!"):
            self._refuse(event, "Tags (!) are not used here. Put a text with ! in quotes.")
        if isinstance(event, ScalarEvent):
            self._add_scalar(event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            if len(self.stack) >= MAX_DEPTH:
                self._refuse(event, f"Nested deeper than {MAX_DEPTH} levels. Write it flatter.")
            node: Any = {} if isinstance(event, MappingStartEvent) else []
            path = self._add(event, node)
            self.source.blocks.add(path)
            self.stack.append((node, path))
            self.pending_key.append(None)

    def _add_scalar(self, event: ScalarEvent) -> None:
        in_mapping = bool(self.stack) and isinstance(self.stack[-1][0], dict)
        if in_mapping and self.pending_key[-1] is None:
            self._add_key(event)
            return
        if in_mapping and event.style is None and event.value in ("", "~", "null"):
            self.pending_key[-1] = None  # `key:` with nothing behind it is a key that is not there
            return
        self._add(event, str(event.value))

    def _add_key(self, event: ScalarEvent) -> None:
        mapping, path = self.stack[-1]
        key = str(event.value)
        if key in mapping or (*path, key) in self.source.keys:
            earlier = self.source.keys[(*path, key)][0]
            message = f"“{key}” stands here twice, first in line {earlier}. Keep one of them."
            self._refuse(event, message, rule="duplicate-key")
        self.source.keys[(*path, key)] = _place(event)
        self.pending_key[-1] = key

    def _add(self, event: Event, node: Any) -> Path:
        if not self.stack:
            self.source.tree = node
            self.source.places[()] = _place(event)
            return ()
        parent, parent_path = self.stack[-1]
        if isinstance(parent, list):
            parent.append(node)
            path: Path = (*parent_path, len(parent) - 1)
        else:
            key = self.pending_key[-1]
            if key is None:
                self._refuse(event, "A key has to be a plain word. Take the brackets away.")
            parent[key] = node
            path = (*parent_path, key)
            self.pending_key[-1] = None
        self.source.places[path] = _place(event)
        return path

    def _refuse(self, event: Event, message: str, rule: str = "plain-yaml") -> NoReturn:
        line, column = _place(event)
        raise DefinitionErrors([Finding(self.source.file, line, column, message, rule=rule)])


def _place(event: Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1)
