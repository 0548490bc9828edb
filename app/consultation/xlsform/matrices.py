"""Tables of questions with the same choices, in each of the ways in which forms write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from ..questions import PREFER_NOT_TO_SAY
from .choices import ListedChoice
from .conditions import Subject
from .form import RENAMED, Form, LeftOut, Question, Text
from .names import Names, name_from
from .question_kinds import build
from .questions import base_keys, list_columns, list_unnamed, questions_from, relevant_key
from .selecting import chosen_for, filtered
from .spelling import spelled
from .survey_tree import Group, Item, named
from .tables import Row, shortened

MAX_ROWS = 20
MIN_COLUMNS, MAX_COLUMNS = 2, 11
_SHOWS_CHOICES, _SHOWS_ROW = "label", "list-nolabel"


@dataclass(frozen=True)
class Run:
    """A row that only shows the choices, and the rows below it that only show the boxes."""

    header: Item
    rows: tuple[Item, ...]


def parts_of(children: Sequence[Item | Group]) -> Iterator[Item | Group | Run]:
    """The children of a group, with each run of rows under one header as one part."""
    index = 0
    while index < len(children):
        child = children[index]
        index += 1
        if not isinstance(child, Item) or _look(child) != _SHOWS_CHOICES:
            yield child
            continue
        rows: list[Item] = []
        while index < len(children):
            below = children[index]
            same = isinstance(below, Item) and below.type == child.type
            if not same or not isinstance(below, Item) or _look(below) != _SHOWS_ROW:
                break
            rows.append(below)
            index += 1
        yield Run(child, tuple(rows))


def _look(item: Item) -> str:
    looks = item.row.get("appearance").lower().split()
    select = item.type.kind in ("select_one", "select_multiple")
    return next((look for look in looks if look in (_SHOWS_CHOICES, _SHOWS_ROW)), "") * select


def is_table(group: Group, *, exact: bool) -> bool:
    """Whether a group is one question in a definition: a matrix or a rank."""
    if group.kind in ("begin_kobomatrix", "begin_score", "begin_rank"):
        return True
    if group.row is None or not all(isinstance(child, Item) for child in group.children):
        return False
    if exact:
        return group.row.get("heard::type") == "matrix"
    return "table-list" in group.row.get("appearance").lower().split()


def questions_of_run(form: Form, run: Run) -> list[Question]:
    """A run as matrices, one for each condition; rows that do not fit are questions."""
    found: list[Question] = []
    header = run.header.row
    for _, together in groupby(run.rows, key=lambda item: item.row.get("relevant")):
        rows = list(together)
        if not _fit_together(form, rows):
            for item in rows:
                found.extend(questions_from(form, item))
            continue
        label = form.text(header, "label") or form.to_write(header, "what the table asks.")
        found.extend(_matrices(form, header, label, rows))
    if not any(question.keys["type"] == "matrix" for question in found):
        form.changed(header, "a row that only shows the choices", "it became a note.")
        note = replace(run.header, type=replace(run.header.type, kind="note", rest=""))
        found = questions_from(form, note) + found
    return found


def _fit_together(form: Form, rows: Sequence[Item]) -> bool:
    """Whether rows can be one matrix: nothing looks at one of them alone, and all are alike."""
    kinds = {(item.type.kind, item.type.rest, item.row.get("relevant")) for item in rows}
    alone = {item.row.get("name") for item in rows} & form.mentioned
    single = any(item.type.or_other or item.row.get("choice_filter") for item in rows)
    if form.exact:
        return len(kinds) == 1
    if not rows or len(kinds) > 1 or alone or single:
        return False
    kind, list_name, _ = kinds.pop()
    listed = form.lists[list_name].choices if list_name in form.lists else []
    return kind == "select_one" and MIN_COLUMNS <= len(listed) <= MAX_COLUMNS


def _matrices(form: Form, head: Row, label: Text, items: Sequence[Item]) -> list[Question]:
    """Rows as one matrix, or as several when they are too many for one."""
    found = []
    for start in range(0, len(items), MAX_ROWS):
        part = items[start : start + MAX_ROWS]
        names = Names()
        rows = [_row(form, head, item, names) for item in part]
        relevant = relevant_key(form, part[0].row)
        found.append(_matrix(form, head, label, rows, choices_of=part[0], more=relevant))
    return found


def _row(form: Form, head: Row, item: Item, names: Names) -> dict[str, Any]:
    """One line of a matrix."""
    row = item.row
    written = row.get("name").removeprefix(f"{head.get('name')}__" if form.exact else "")
    name = names.give(name_from(written, f"row_{row.number}"))
    form.gone[row.get("name")] = "it is a row of a matrix"
    for key in ("hint", "constraint", "constraint_message"):
        cell = row.get(key) or row.first(key)
        if cell:
            what, why = f"{key} “{shortened(cell)}”", "a row of a matrix has none of its own."
            form.remarks.left_out(row.sheet, row.number, what, why)
    list_columns(form, row, "matrix")
    if name != written:
        form.changed(row, "a name", RENAMED, name=f"“{written}” is “{name}” now")
    label = form.text(row, "label", pipes=False)
    label = label or form.to_write(row, f"the words of “{written}”.")
    return {"name": name, "label": label}


def _matrix(
    form: Form,
    head: Row,
    label: Text,
    rows: list[dict[str, Any]],
    *,
    choices_of: Item,
    more: Mapping[str, Any],
) -> Question:
    chosen = chosen_for(form, choices_of)
    listed = [choice for choice in chosen.listed if choice.written != PREFER_NOT_TO_SAY]
    choices, _ = filtered(form, choices_of.row, listed)
    name = form.new_name(head) if head.get("name") not in form.subjects else ""
    name = name or form.question_names.give(name_from(head.get("name"), "table"))
    form.subjects.setdefault(head.get("name"), Subject(name, "matrix"))
    keys = {"name": name, "type": "matrix", "label": label, **more}
    if len(listed) < len(chosen.listed):
        keys["prefer_not_to_say"] = True
    return Question(head, {**keys, "rows": rows, "choices": choices}, chosen.list_name)


def questions_of_table(form: Form, group: Group) -> list[Question]:
    """The questions of a group for which `is_table` holds."""
    assert group.row is not None  # a table has a row of its own  # noqa: S101
    try:
        if group.kind == "begin_rank":
            return [_kobo_rank(form, group, group.row)]
        if group.kind == "begin_kobomatrix":
            return _kobo_matrix(form, group, group.row)
        return _table_list(form, group, group.row)
    except LeftOut as reason:
        form.leave_out(group.row, reason.why, reason.todo)
        for item in group.items():
            form.leave_out(item.row, f"it is part of {named(group.row)}.")
        return []


def _table_list(form: Form, group: Group, head: Row) -> list[Question]:
    """A group that shows its rows as a table; `begin_score` is the same in KoboToolbox."""
    if form.exact:
        return _exported_matrix(form, group, head)
    notes: list[Question] = []
    items: list[Item] = []
    for child in group.items():
        if child.type.kind == "note":
            notes.extend(questions_from(form, child))
        else:
            items.append(_scored(child, head) if group.kind == "begin_score" else child)
    condition = relevant_key(form, head)
    if _fit_together(form, items):
        tables = _matrices(form, head, _head_label(form, head, notes), items)
    else:
        notes = [*_head_note(form, head), *notes]
        tables = [question for item in items for question in questions_from(form, item)]
    for question in tables:
        question.keys |= _both_hold(condition, question.keys)
    list_unnamed(form, head)
    return notes + tables


def _head_note(form: Form, head: Row) -> list[Question]:
    """The words above rows that are no matrix."""
    label = form.text(head, "label")
    if label is None:
        return []
    form.changed(head, "a table", "its rows are questions of their own, and its label a note.")
    return [Question(head, {"name": form.new_name(head), "type": "note", "label": label})]


def _scored(item: Item, head: Row) -> Item:
    """A row of KoboToolbox's score, whose choices the group names."""
    kind = replace(item.type, kind="select_one", rest=head.get("kobo::score_choices"))
    return replace(item, type=kind)


def _both_hold(one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, str]:
    """The key `relevant` for what depends on both conditions."""
    both = [str(keys["relevant"]) for keys in (one, two) if "relevant" in keys]
    if len(both) > 1:
        return {"relevant": " and ".join(f"({said})" for said in both)}
    return {"relevant": both[0]} if both else {}


def _exported_matrix(form: Form, group: Group, head: Row) -> list[Question]:
    """A matrix that Heard exported: everything about it stands in the row of its group."""
    items = list(group.items())
    if not items or not _fit_together(form, items):
        return [question for item in items for question in questions_from(form, item)]
    own = base_keys(form, head) | relevant_key(form, head)
    label = own.pop("label")
    if head.get("constraint"):
        found = form.condition(head, head.get("constraint"), form.scope())
        own |= {"constraint": spelled(found.tree)} if found.tree else {}
    message = form.text(head, "constraint_message")
    own |= {"constraint_message": message} if message else {}
    tables = _matrices(form, head, label, items)
    for question in tables:
        question.keys |= own
    return tables


def _head_label(form: Form, head: Row, notes: list[Question]) -> Text:
    label = form.text(head, "label")
    if label:
        return label
    if notes and isinstance(notes[-1].keys["label"], Text):
        return Text(notes.pop().keys["label"])
    return form.to_write(head, "what the table asks.")


def _kobo_rank(form: Form, group: Group, head: Row) -> Question:
    """KoboToolbox's ranking: its levels are the places, which Heard numbers itself."""
    list_name = head.get("kobo::rank_items")
    items = list(group.items())
    if not items:
        raise LeftOut("it has no levels.")
    item = Item(head, replace(items[0].type, kind="rank", rest=list_name))
    built = build(form, item, "rank")
    for level in items:
        form.leave_out(level.row, "the places of a ranking have numbers and no names.")
    base = base_keys(form, head)
    condition = relevant_key(form, head)
    name = form.new_name(head)
    form.subjects.setdefault(head.get("name"), Subject(name, "rank", built.choices))
    keys = {"name": name, "type": built.keys.pop("type"), **base, **condition, **built.keys}
    return Question(head, keys, built.list_name)


def _kobo_matrix(form: Form, group: Group, head: Row) -> list[Question]:
    """KoboToolbox's matrix: its list is the rows, each question inside is a column."""
    list_name = head.get("kobo::matrix_list")
    if list_name not in form.lists:
        raise LeftOut(
            f"there is no choice list “{list_name}” for its rows in the sheet "
            f"{form.choices_sheet}.",
            "Write the list there.",
        )
    rows = form.lists[list_name].choices
    form.lists_used.add(list_name)
    condition = relevant_key(form, head)
    title = form.text(head, "label")
    found: list[Question] = []
    for item in group.items():
        column = form.text(item.row, "label") or form.text(item.row, "hint")
        label = _both(title, column) or form.to_write(item.row, "what the table asks.")
        try:
            if item.type.kind == "select_one" and len(rows) <= MAX_ROWS:
                found.append(_kobo_column(form, item, label, rows, condition))
            else:
                found.extend(_kobo_cells(form, item, column, rows, condition))
        except LeftOut as reason:
            form.leave_out(item.row, reason.why, reason.todo)
    list_unnamed(form, head)
    return found


def _kobo_column(
    form: Form, item: Item, label: Text, rows: Sequence[ListedChoice], condition: dict[str, str]
) -> Question:
    names = Names()
    lines = [
        {
            "name": names.give(name_from(choice.name, f"row_{number}")),
            "label": form.text(choice.row, "label", pipes=False)
            or form.to_write(choice.row, f"the words of “{choice.written}”."),
        }
        for number, choice in enumerate(rows, 1)
    ]
    if len(chosen_for(form, item).listed) > MAX_COLUMNS:
        raise LeftOut(f"a matrix has at most {MAX_COLUMNS} choices.", "Shorten the list.")
    list_columns(form, item.row, "matrix")
    both = _both_hold(condition, relevant_key(form, item.row))
    return _matrix(form, item.row, label, lines, choices_of=item, more=both)


def _kobo_cells(
    form: Form,
    item: Item,
    column: Text | None,
    rows: Sequence[ListedChoice],
    condition: dict[str, str],
) -> list[Question]:
    """A column that a matrix cannot hold: a question for each row."""
    form.changed(item.row, "a column of a matrix", "it became one question for each row.")
    found = []
    for choice in rows[:MAX_ROWS]:
        label = _both(form.text(choice.row, "label", pipes=False), column)
        name = f"{item.row.get('name')}_{choice.written}"
        cells = {**item.row.cells, "name": name_from(name, "cell")}
        texts = {**item.row.texts, "label": label or {}}
        for question in questions_from(
            form, Item(replace(item.row, cells=cells, texts=texts), item.type)
        ):
            question.keys |= _both_hold(condition, question.keys)
            found.append(question)
    return found


def _both(one: Text | None, two: Text | None) -> Text | None:
    if not one or not two:
        return one or two
    return Text({tag: f"{one[tag]}: {two[tag]}" for tag in one})
