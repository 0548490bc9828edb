"""A small YAML file as plain texts, with the place of every node."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, counted from 1."""


class YamlProblem(Exception):
    """The text is not the YAML that is read here; `place` says where."""

    def __init__(self, place: Place, message: str) -> None:
        self.place = place
        super().__init__(message)


def read_places(text: str) -> tuple[Any, dict[Path, Place]]:
    """Return the tree, with every scalar as text, and the place of each node by its path.

    All scalars stay text, so that a country `NO`, a number `0800` and an hour `12:30` mean what
    they say. Raises `YamlProblem`.
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        hint = "Check the indenting and put texts that hold : or # in double quotes."
        raise YamlProblem(place, f"Not YAML: {error.problem}. {hint}") from None
    except (YAMLError, ValueError) as error:
        raise YamlProblem((1, 1), f"Not YAML: {str(error).splitlines()[0]}") from None
    places: dict[Path, Place] = {(): (1, 1)}
    return (None if root is None else _plain(root, (), places)), places


def _plain(node: Node, path: Path, places: dict[Path, Place]) -> Any:
    places[path] = _place(node)
    if node.anchor:
        raise YamlProblem(_place(node), "Anchors and aliases are not used here: write it out.")
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), places) for index, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _mapping(node, path, places)
    return str(node.value)


def _mapping(node: MappingNode, path: Path, places: dict[Path, Place]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in tree:
            raise YamlProblem(_place(key_node), f"“{key}” stands here twice. Keep one of them.")
        if _is_empty(value_node):
            continue
        tree[key] = _plain(value_node, (*path, key), places)
        places[(*path, key)] = _place(key_node)
    return tree


def _is_empty(node: Node) -> bool:
    """`key:` with nothing behind it is a key that is not there."""
    plain = isinstance(node, ScalarNode) and node.style is None
    return plain and node.value in ("", "~", "null")


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
