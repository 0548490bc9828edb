"""What a screen reader is told of a page: the browser's own accessibility tree, as short lines.

    main
      heading 1 "Your choice"
      group "Tick what you agree to"
        checkbox "I want to answer these questions." checked

Lines stand in the order in which they are read. What gives another line its name, such as the
words of a label, is not said twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from selenium.webdriver.chrome.webdriver import WebDriver as Chrome
from selenium.webdriver.remote.webdriver import WebDriver

INDENT = "  "
PASSED = frozenset(
    {"generic", "none", "paragraph", "listitem", "form", "RootWebArea"}
    | {"DescriptionListDetail", "DescriptionListTerm", "definition", "term", "mark", "strong"}
    | {"blockquote", "Section", "MenuListPopup", "emphasis", "figure", "Figcaption", "article"}
)
"""Roles that add nothing to what is inside them."""
LEFT_OUT = frozenset({"InlineTextBox", "ListMarker", "LabelText", "Legend", "LineBreak"})
PRESSED = frozenset(
    {"link", "button", "radio", "checkbox", "textbox", "combobox", "DisclosureTriangle"}
)
"""What a person can act on."""
NAMED = PRESSED | {"heading", "radiogroup", "image", "Audio"}
"""Roles that say nothing without a name."""
SELF_NAMED = frozenset({"link", "button", "heading", "DisclosureTriangle", "radio", "checkbox"})
"""Roles whose name is what they hold."""
SAID = {"DisclosureTriangle": "summary", "Audio": "audio", "DescriptionList": "list"}


@dataclass
class Line:
    """One thing that is read out: its role, its name, what else is told, and what it holds."""

    role: str
    name: str = ""
    description: str = ""
    value: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    children: list[Line] = field(default_factory=list)

    def every(self) -> Iterator[Line]:
        """This line and all lines inside it, in the order in which they are read."""
        yield self
        for child in self.children:
            yield from child.every()

    def first(self, role: str) -> Line | None:
        """The first line of a role."""
        return next((line for line in self.every() if line.role == role), None)


def read_page(driver: WebDriver) -> Line:
    """Read the accessibility tree of the page on screen.

    Args:
        driver: Chromium, the only one that gives its tree away.
    """
    assert isinstance(driver, Chrome)
    nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    return Line("page", _text(nodes[0], "name"), children=_lines(nodes[0], by_id))


def _text(node: dict[str, Any], key: str) -> str:
    return " ".join(str(node.get(key, {}).get("value", "")).split())


def _lines(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> list[Line]:
    """The lines of everything inside a node; words beside words become one line."""
    lines: list[Line] = []
    for child in (by_id[i] for i in node.get("childIds", ()) if i in by_id):
        found = _line(child, by_id)
        for line in found:
            before = lines[-1] if lines else None
            is_inline = child["ignored"] or _text(child, "role") in ("StaticText", "mark", "strong")
            if before and is_inline and line.role == before.role == "text":
                before.name = f"{before.name} {line.name}".strip()
            else:
                lines.append(line)
    return lines


def _line(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> list[Line]:
    role = _text(node, "role")
    properties = {p["name"]: p["value"].get("value") for p in node.get("properties", ())}
    if node["ignored"]:
        return _lines(node, by_id)
    if role in LEFT_OUT:
        # Said already as the name of a control or a group; but a heading stays one.
        return [line for line in _lines(node, by_id) if line.role == "heading"]
    if role == "StaticText":
        return [Line("text", _text(node, "name"))] if _text(node, "name") else []
    if role in PASSED and not properties.get("live"):
        return _lines(node, by_id)
    value = _text(node, "value") if role in ("textbox", "combobox") else ""
    line = Line(role, _text(node, "name"), _text(node, "description"), value, properties)
    if role not in SELF_NAMED | {"textbox"}:
        line.children = _lines(node, by_id)
    return [line]


def outline(line: Line, masks: Mapping[str, str], depth: int = 0) -> list[str]:
    """Write a tree as lines of text.

    Args:
        line: where to begin.
        masks: words that differ each time, and what is written in their place.
        depth: how far the first line is indented.
    """
    words = [SAID.get(line.role, line.role)]
    if line.role == "heading":
        words.append(str(line.properties["level"]))
    words += [f'"{line.name}"'] if line.name else []
    words += _states(line)
    words += [f'described "{line.description}"'] if line.description else []
    text = " ".join(words)
    for found, written in masks.items():
        text = text.replace(found, written)
    children = [] if line.role == "combobox" else line.children
    inside = [below for child in children for below in outline(child, masks, depth + 1)]
    return [INDENT * depth + text, *inside]


def _states(line: Line) -> list[str]:
    told = line.properties
    states = []
    if line.role in ("radio", "checkbox"):
        states += ["checked"] if told.get("checked") == "true" else []
    if line.role == "DisclosureTriangle":
        states.append("open" if told.get("expanded") else "closed")
    if line.role == "combobox":
        states.append(f"of {sum(child.role == 'option' for child in line.every())}")
    states += [f'= "{line.value}"'] if line.value else []
    states += [str(told["live"])] if told.get("live") not in (None, "off") else []
    states += ["busy"] if told.get("busy") else []
    states += ["focused"] if told.get("focused") and line.role != "page" else []
    return states


# --- rules that hold on every page ---


def tree_faults(page: Line) -> list[str]:
    """What a page's tree lacks: names, one main part, one first heading, headings in steps."""
    lines = list(page.every())
    nameless = [line.role for line in lines if line.role in NAMED and not line.name]
    found = [f"{role} without a name" for role in nameless]
    found += [
        f"group of choices without a name: {[child.name for child in line.children]}"
        for line in lines
        if line.role in ("group", "radiogroup") and not line.name and _holds_choices(line)
    ]
    for role in ("main", "contentinfo", "banner"):
        count = sum(line.role == role for line in lines)
        found += [f"{count} times {role}"] if count != 1 else []
    return found + _heading_faults(lines)


def _holds_choices(line: Line) -> bool:
    return any(child.role in ("radio", "checkbox", "combobox") for child in line.children)


def _heading_faults(lines: Sequence[Line]) -> list[str]:
    levels = [int(line.properties["level"]) for line in lines if line.role == "heading"]
    found = [] if levels.count(1) == 1 else [f"{levels.count(1)} first headings"]
    return found + [f"heading {b} after {a}" for a, b in pairwise(levels) if b > a + 1]
