"""The choices of one question: its list found, its filter put on each choice."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..expressions import Tree
from .choices import ChoiceList, ListedChoice, inline_list, read_lists
from .conditions import (
    FALSE,
    NotOurs,
    Scope,
    Translated,
    own_choice_tree,
    translate_tree,
    with_columns,
)
from .field_conditions import Unreadable, read_condition
from .form import GAP, RENAMED, Form, LeftOut, Text
from .spelling import spelled
from .survey_tree import Item
from .tables import Row, RowReader, shortened

OTHER = {
    **{"en": "Other", "fr": "Autre", "es": "Otro", "ar": "غير ذلك", "ne": "अन्य", "bn": "অন্যান্য"},
    **{"pt": "Outro", "sw": "Nyingine", "de": "Anderes", "it": "Altro", "ru": "Другое"},
}


@dataclass(frozen=True)
class Chosen:
    """What a question says about its choices."""

    list_name: str
    listed: Sequence[ListedChoice]
    parameters: Mapping[str, str]


def parameters_of(cell: str) -> dict[str, str]:
    """`start=1 end=5;step=1` by name."""
    return {key.lower(): value for key, value in re.findall(r"(?<!\w)(\w+)\s*=\s*([^\s;,]+)", cell)}


def chosen_for(form: Form, item: Item) -> Chosen:
    """The choices that a question names. Raises `LeftOut`."""
    row = item.row
    found = _external(form, item) if "_from_file" in item.type.kind else _listed(form, item)
    parameters = parameters_of(row.get("parameters"))
    listed = list(found.choices)
    form.lists_used.add(found.name)
    if item.type.or_other:
        listed.append(_other(form, row, found))
    return Chosen(found.name, listed, parameters)


def _listed(form: Form, item: Item) -> ChoiceList:
    row = item.row
    words = item.type.rest.split()
    wanted = [item.type.rest, *words[:1], row.get("list_name")]
    for name in filter(None, wanted):
        if name in form.lists:
            return form.lists[name]
        low = {known.lower().strip(): known for known in form.lists}
        if name.lower() in low:
            return form.lists[low[name.lower()]]
    inline = inline_list(row, row.get("name"), form.languages.plain)
    if inline:
        return inline
    name = next(filter(None, wanted), "")
    if not name:
        raise LeftOut("it names no choice list.", "Write the list's name behind the type.")
    near = difflib.get_close_matches(name, form.lists, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    why = f"there is no choice list “{name}” in the sheet {form.choices_sheet}."
    raise LeftOut(why, f"Write the list there.{hint}")


def _external(form: Form, item: Item) -> ChoiceList:
    """The choices in a CSV file beside the form."""
    name = item.type.rest.split()[0]
    table = form.external(name)
    if table is None:
        raise LeftOut(item.type.treatment.why, item.type.treatment.todo)
    form.files_used.add(name.rpartition(".")[0])
    parameters = parameters_of(item.row.get("parameters"))
    known = frozenset({"name", "label", *(heading.key for heading in table.headings)})
    rows = RowReader(table, form.languages, known, form.exact, form.remarks).rows()
    one_list = [
        replace(
            row,
            cells={
                **row.cells,
                "list_name": name,
                "name": row.get(parameters.get("value", "name").lower()),
            },
        )
        for row in rows
    ]
    lists = read_lists(one_list, form.remarks)
    return lists.get(name, ChoiceList(name))


def _other(form: Form, row: Row, known: ChoiceList) -> ListedChoice:
    """The choice that `or_other` adds."""
    taken = {choice.name for choice in known.choices}
    name = next(name for name in ("other", "other_choice", "or_other") if name not in taken)
    label = {tag: OTHER[tag] for tag in form.languages.tags if tag in OTHER} or {"en": OTHER["en"]}
    added = replace(row, cells={}, texts={"label": label}, unnamed={})
    return ListedChoice(added, name, name, label)


def filtered(
    form: Form, row: Row, listed: Sequence[ListedChoice]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The choices as a definition has them, and their names there by those in the form."""
    conditions = _conditions(form, row, listed)
    choices: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for choice, condition in zip(listed, conditions, strict=True):
        if condition == FALSE and not form.exact:
            what = f"the choice “{shortened(choice.written)}”"
            why = f"the choice filter of “{row.get('name')}” never shows it."
            form.remarks.left_out(choice.row.sheet, choice.row.number, what, why)
            continue
        choices.append(_choice(form, choice, condition))
        names.setdefault(choice.written, choice.name)
    if choices and all(set(choice["label"].values()) == {GAP} for choice in choices):
        raise LeftOut("its choices are worked out from other answers.", "Write the choices out.")
    return choices, names


def _choice(form: Form, choice: ListedChoice, condition: Tree | None) -> dict[str, Any]:
    label = form.text(choice.row, "label", pipes=False)
    if label is None:
        label = Text(dict.fromkeys(form.languages.tags, choice.written))
        what, why = f"the choice “{shortened(choice.written)}”", "it has no label: its name is one."
        form.changed(choice.row, what, why, "Write a label.")
    if choice.name != choice.written:
        shown = f"“{shortened(choice.written)}” is “{choice.name}” now"
        form.changed(choice.row, "a choice's name", RENAMED, name=shown)
    keys: dict[str, Any] = {"name": choice.name, "label": label}
    if choice.row.get("heard::exclusive"):
        keys["exclusive"] = True
    if condition:
        keys["relevant"] = spelled(condition)
    return keys | form.media(choice.row)


def _conditions(form: Form, row: Row, listed: Sequence[ListedChoice]) -> list[Tree | None]:
    """What each choice depends on; nothing at all when the filter cannot be said."""
    source = row.get("choice_filter")
    nothing: list[Tree | None] = [None] * len(listed)
    if not source:
        return nothing
    lost: tuple[str, ...]
    try:
        tree = read_condition(source)
    except Unreadable as error:
        found, lost = [], (str(error),)
    else:
        columns = {key for choice in listed for key in choice.columns} & _bare_names(tree)
        form.filters_used |= columns
        found = [_for_choice(form, tree, choice, columns) for choice in listed]
        lost = tuple(reason for one in found for reason in one.lost)
    if lost:
        form.remarks.left_out(
            row.sheet,
            row.number,
            f"the choice filter “{shortened(source, 160)}”",
            f"{'; '.join(dict.fromkeys(lost))}.",
            "All choices are shown. Write relevant on the choices that need it.",
        )
        return nothing
    return [one.tree for one in found]


def _bare_names(tree: Tree) -> set[str]:
    """The words of a choice filter that can be columns."""
    if tree[0] == "bare":
        return {str(tree[1])}
    return {name for part in tree[1:] if isinstance(part, list) for name in _bare_names(part)}


def _for_choice(form: Form, tree: Tree, choice: ListedChoice, columns: set[str]) -> Translated:
    written = with_columns(tree, choice.columns, columns)
    if form.exact:
        try:
            own = own_choice_tree(written)
            if isinstance(own, bool):
                return Translated(None if own else FALSE)
            return Translated(own)
        except NotOurs:
            pass
    scope = Scope(form.subjects, form.why_not, foreign_choices_never_hold=True)
    return translate_tree(written, scope)
