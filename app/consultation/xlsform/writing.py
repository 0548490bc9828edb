"""A definition's tree, written as YAML until the loader accepts it."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..findings import DefinitionErrors, Finding
from ..findings import Path as NodePath
from ..loader import load_definition
from ..model import Definition
from ..skeleton import TO_TRANSLATE
from ..yaml_source import MAX_BYTES, read_yaml
from .form import Form, Page, Question, Text
from .head import ABOVE, COMMENTS, DUTIES, Known, head, tail
from .names import Names, name_from
from .remarks import KINDS, Remarks, gathered
from .selecting import filtered
from .tables import Row
from .yaml_writer import Writer

ROUNDS = 12
"""How often a definition is loaded, each time without what the loader refused."""
COMMENT_COLUMNS = 100
_KEYS = (
    "name type label hint why area relevant constraint constraint_message image audio precision "
    "lines max_length faces from to labels randomize prefer_not_to_say rows choices"
)
_OPTIONAL = frozenset(
    {"relevant", "constraint", "constraint_message", "hint", "why", "area", "image", "audio"}
)


@dataclass
class Draft:
    """Everything that a definition is made of."""

    known: Known
    pages: list[Page]
    source: str
    """The form's file name."""
    exported_head: Mapping[str, Any]
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Settled:
    """The text of a definition, and what the loader made of it."""

    yaml: str
    definition: Definition | None
    findings: tuple[Finding, ...]
    to_translate: Mapping[str, int]
    """How many texts are marked for the translator, by language."""


def settle(form: Form, draft: Draft) -> Settled:
    """Write, load, and take out what the loader refuses, until it refuses nothing more."""
    _share_lists(form, draft)
    findings: tuple[Finding, ...] = ()
    text, gaps = "", Counter[str]()
    for _ in range(ROUNDS):
        tree, comments, above = _tree(form, draft)
        text = _written(form, draft, tree, comments, above)
        gaps = Counter(_gaps(tree))
        try:
            return Settled(text, load_definition(text, draft.source), (), gaps)
        except DefinitionErrors as errors:
            findings = tuple(errors.findings)
        if not _without(form, draft, text, findings):
            break
    if len(text.encode()) > MAX_BYTES:
        why = f"it makes a file of more than {MAX_BYTES // 1024**2} MiB, which Heard does not read."
        form.remarks.to_do(draft.source, None, "the form", why, "Make several forms of it.")
    return Settled(text, None, findings, gaps)


def _gaps(node: Any) -> Iterator[str]:
    """The language of each text that is still to be translated."""
    if isinstance(node, Text):
        yield from (tag for tag, said in node.items() if said.startswith(TO_TRANSLATE))
    elif isinstance(node, Mapping):
        for inner in node.values():
            yield from _gaps(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _gaps(inner)


def _written(
    form: Form,
    draft: Draft,
    tree: Mapping[str, Any],
    comments: Mapping[NodePath, str],
    above: Mapping[NodePath, str],
) -> str:
    """The definition as YAML, with what was not carried above it."""
    body = Writer(comments, above, frozenset({"choices", "rows"})).text(tree)
    top = _top(draft.source, form.remarks)
    if len((top + body).encode()) > MAX_BYTES:
        top = _introduction(draft.source) + "# What was not carried is too long to stand here.\n"
    return top + body


def _tree(
    form: Form, draft: Draft
) -> tuple[dict[str, Any], dict[NodePath, str], dict[NodePath, str]]:
    exported = dict(draft.exported_head)
    for key in ("choice_lists", "choice_filters", "languages"):
        exported.pop(key, None)
    above: dict[NodePath, str] = dict(ABOVE) if not exported else {}
    comments: dict[NodePath, str] = dict(COMMENTS) if not exported else {}
    tree = head(draft.known) | exported
    for key in ("sealed_to", "participation", "access") if exported else ():
        if key not in exported:
            del tree[key]
    thanks = tree.pop("thanks", None)
    last = ("changes", "outcomes", "nobody_answered", "silenced")
    later = {key: tree.pop(key) for key in last if key in tree}
    _declare_topics(form, draft, tree)
    if draft.lists:
        tree["choice_lists"] = draft.lists
    tree["pages"] = [
        page.keys | {"questions": [_in_order(question.keys) for question in page.questions]}
        for page in draft.pages
    ]
    if not exported:
        above[("participation",)] = f"{DUTIES}\n\n{ABOVE[('participation',)]}"
        comments |= _row_comments(draft.pages)
    tree |= {"thanks": thanks} if thanks else tail(draft.known)
    return tree | later, comments, above


def _in_order(keys: Mapping[str, Any]) -> dict[str, Any]:
    """A question's keys in the order in which people read them."""
    places = {key: number for number, key in enumerate(_KEYS.split())}
    return dict(sorted(keys.items(), key=lambda pair: places.get(pair[0], len(places))))


def _row_comments(pages: list[Page]) -> dict[NodePath, str]:
    """Behind each name the row that it came from."""
    comments: dict[NodePath, str] = {}
    for page_index, page in enumerate(pages):
        if page.row:
            comments["pages", page_index, "name"] = f"row {page.row.number}"
        for index, question in enumerate(page.questions):
            comments["pages", page_index, "questions", index, "name"] = f"row {question.row.number}"
    return comments


def _declare_topics(form: Form, draft: Draft, tree: dict[str, Any]) -> None:
    """Topics that pages name and nothing declares, when the sheet `heard` was taken away."""
    declared = {topic["name"] for topic in tree.get("topics", [])}
    for page in draft.pages:
        for topic in page.keys.get("topics", []):
            if topic not in declared and page.row:
                declared.add(topic)
                label = form.to_write(page.row, f"the topic “{topic}” in words.")
                tree.setdefault("topics", []).append({"name": topic, "label": label})


def _share_lists(form: Form, draft: Draft) -> None:
    """Lists that several questions use are written once."""
    kept = str(draft.exported_head.get("choice_lists", "")).split()
    by_content: dict[tuple[str, str], list[Question]] = {}
    for page in draft.pages:
        for question in page.questions:
            if question.list_name and "choices" in question.keys:
                key = (question.list_name, repr(question.keys["choices"]))
                by_content.setdefault(key, []).append(question)
    names = Names()
    for (list_name, _), questions in by_content.items():
        shared = list_name in kept if form.exact else len(questions) > 1
        if not shared:
            continue
        name = list_name if form.exact else names.give(name_from(list_name, "list"))
        draft.lists[name] = questions[0].keys["choices"]
        for question in questions:
            question.keys["choices"] = name
    _keep_unused(form, draft, kept)


def _keep_unused(form: Form, draft: Draft, kept: Iterable[str]) -> None:
    """Lists of an exported definition that no question uses."""
    for name in kept:
        if name in form.lists and name not in draft.lists:
            first = form.lists[name].choices[0].row
            filters = draft.exported_head.get("choice_filters", {})
            row = Row(first.sheet, first.number, {"choice_filter": filters.get(name, "")})
            draft.lists[name] = filtered(form, row, form.lists[name].choices)[0]
    if form.exact:
        draft.lists = {name: draft.lists[name] for name in kept if name in draft.lists}


def _introduction(source: str) -> str:
    return f"""\
# yaml-language-server: $schema=./consultation.schema.json
# Imported from {_line(source)}. Search for “TO WRITE” and “TO TRANSLATE”; then:
#   heard check FILE      says what is missing, with the line
#   heard preview FILE    shows it in a browser while you write
"""


def _top(source: str, remarks: Remarks) -> str:
    lines = [_introduction(source)]
    for kind, heading in KINDS.items():
        found = gathered(remarks, kind)
        if found:
            lines.append(f"#\n# {heading}:\n")
            lines.extend(f"{_wrapped(_line(str(one)))}\n" for one in found)
    return "".join(lines)


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text,
        COMMENT_COLUMNS,
        initial_indent="# - ",
        subsequent_indent="#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _line(text: str) -> str:
    """A text that cannot break out of a comment."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())


def _without(form: Form, draft: Draft, text: str, findings: Iterable[Finding]) -> bool:
    """Take out what the loader refused; whether there was anything to take out."""
    try:
        source = read_yaml(text, draft.source)
    except DefinitionErrors:
        return False
    by_place: dict[tuple[int, int], NodePath] = {}
    for places in (source.keys, source.places):
        for path, place in places.items():
            by_place[place] = max(path, by_place.get(place, ()), key=len)
    doomed: list[tuple[Page, Question]] = []
    changed = False
    for finding in findings:
        path = by_place.get((finding.line, finding.column), ())
        changed |= _take_out(form, draft, path, finding.message, doomed)
    for page, question in doomed:
        if question in page.questions:
            page.questions.remove(question)
    draft.pages[:] = [page for page in draft.pages if page.questions]
    return changed


def _take_out(
    form: Form,
    draft: Draft,
    path: NodePath,
    message: str,
    doomed: list[tuple[Page, Question]],
) -> bool:
    if path[:1] != ("pages",) or len(path) < 3:  # noqa: PLR2004 - pages, number, key
        return False
    page = draft.pages[int(path[1])]
    if path[2] != "questions":
        return _take_key(form, page.keys, path[2:], page.row, message)
    if len(path) < 4:  # noqa: PLR2004 - pages, number, questions, number
        return False
    question = page.questions[int(path[3])]
    if _take_key(form, question.keys, path[4:], question.row, message):
        return True
    form.leave_out(question.row, message)
    doomed.append((page, question))
    return True


def _take_key(
    form: Form, keys: dict[str, Any], path: NodePath, row: Row | None, message: str
) -> bool:
    """Remove an optional key of a page, a question or a choice."""
    if path[:1] == ("choices",) and len(path) > 2 and isinstance(keys["choices"], list):  # noqa: PLR2004
        return _take_key(form, keys["choices"][int(path[1])], path[2:], row, message)
    key = path[0] if path else ""
    if key not in _OPTIONAL or key not in keys:
        return False
    value = keys.pop(key)
    if key == "constraint":
        keys.pop("constraint_message", None)
    sheet, number = (row.sheet, row.number) if row else ("survey", None)
    form.remarks.left_out(sheet, number, f"{key} “{_line(str(value))[:160]}”", message)
    return True
