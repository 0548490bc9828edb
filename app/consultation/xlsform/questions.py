"""One row of the survey as a question of the definition."""

from __future__ import annotations

import re
from typing import Any

from ..expressions import Tree
from .columns import SURVEY
from .conditions import Subject, conjuncts, joined, number_in
from .field_conditions import Unreadable, read_condition
from .form import Form, LeftOut, Question, Text
from .question_kinds import Built, build, says_yes
from .selecting import parameters_of
from .spelling import spelled
from .survey_tree import Item
from .tables import Row, shortened

LONGEST_TEXT = 10_000
_IN_WORDS = {
    **{"en": "In your own words:", "fr": "Avec vos mots :", "es": "Con sus palabras:"},
    **{"pt": "Nas suas palavras:", "de": "In eigenen Worten:"},
}


def questions_from(form: Form, item: Item) -> list[Question]:
    """The question of a row, with what `or_other` adds; none when it is not carried."""
    try:
        question = _question(form, item)
    except LeftOut as reason:
        form.leave_out(item.row, reason.why, reason.todo)
        return []
    return [question, *_in_words(form, item, question)]


def _question(form: Form, item: Item) -> Question:
    row, treatment = item.row, item.type.treatment
    external = "_from_file" in item.type.kind and form.external(item.type.rest) is not None
    if treatment.part == "refused" and not external:
        raise LeftOut(treatment.why, treatment.todo)
    shown_only = _is_shown_only(form, item)
    built = build(form, item, "note" if shown_only else item.type.kind)
    base = base_keys(form, row)
    name = form.new_name(row)
    subject = Subject(name, built.keys["type"], built.choices)
    constraint = _constraint(form, row, subject, built)
    base |= relevant_key(form, row)
    form.subjects.setdefault(row.get("name"), subject)
    list_columns(form, row, subject.type)
    keys = {"name": name, "type": built.keys.pop("type"), **base, **built.keys, **constraint}
    return Question(row, keys, built.list_name)


def _is_shown_only(form: Form, item: Item) -> bool:
    """A question that cannot be answered is a note, unless it shows something worked out."""
    row = item.row
    if not says_yes(row.get("read_only")) or item.type.kind in ("note", "acknowledge"):
        return False
    if row.get("calculation"):
        raise LeftOut(SURVEY["calculation"].why)
    form.changed(row, "read_only", SURVEY["read_only"].why)
    return True


def base_keys(form: Form, row: Row) -> dict[str, Any]:
    """The keys that every question may have, in the order of the definition."""
    label, hint = form.text(row, "label"), form.text(row, "hint")
    if label is None and hint is not None:
        label, hint = hint, None
    if label is None:
        label = form.to_write(row, f"the words of “{row.get('name') or row.number}”.")
    keys: dict[str, Any] = {"label": label}
    optional = {"hint": hint, "why": form.text(row, "heard::why")}
    keys |= {key: text for key, text in optional.items() if text}
    if row.get("heard::area"):
        keys["area"] = row.get("heard::area")
    if says_yes(row.get("heard::prefer_not_to_say")):
        keys["prefer_not_to_say"] = True
    return keys | form.media(row)


def relevant_key(form: Form, row: Row) -> dict[str, str]:
    """The key `relevant`, as far as the language can say it."""
    source = row.get("relevant")
    if not source:
        return {}
    found = form.condition(row, source, form.scope())
    return {"relevant": spelled(found.tree)} if found.tree else {}


_CARRIED_PARAMETERS = frozenset(
    {"randomize", "start", "end", "step", "tick_labelset", "value", "label"}
)
_CARRIED_LOOKS: dict[str, frozenset[str]] = {
    "text": frozenset({"multiline"}),
    "date": frozenset({"month-year", "year", "no-calendar"}),
    "scale": frozenset({"likert", "rating", "vertical", "picker", "no-ticks"}),
    "matrix": frozenset({"label", "list-nolabel", "table-list", "field-list", "minimal", "list"}),
    "page": frozenset({"field-list"}),
}
"""Words of `appearance` that are carried in some way, by the type in the definition."""


def list_columns(form: Form, row: Row, kind: str) -> None:
    """List the cells of a row that nothing in a definition of type `kind` stands for."""
    for key, column in SURVEY.items():
        cell = row.get(key) or row.first(key)
        if column.carried or not cell or key == "read_only":
            continue
        if key == "required":
            if says_yes(cell):
                form.changed(row, "required", column.why)
        elif key == "appearance":
            lost = set(cell.lower().split()) - _CARRIED_LOOKS.get(kind, frozenset())
            if lost and not form.exact:
                what = f"the look “{shortened(cell, 60)}”"
                form.remarks.left_out(row.sheet, row.number, what, column.why)
        else:
            what = f"{key} “{shortened(cell, 60)}”"
            form.remarks.left_out(row.sheet, row.number, what, column.why, column.todo)
    for key, said in parameters_of(row.get("parameters")).items():
        if key not in _CARRIED_PARAMETERS:
            what, why = f"the parameter {key}={said}", "Heard has nothing like it."
            form.remarks.left_out(row.sheet, row.number, what, why)
    list_unnamed(form, row)


def list_unnamed(form: Form, row: Row) -> None:
    """List the cells in columns that nobody knows."""
    for heading in row.unnamed:
        if re.fullmatch(r"choice\d+", heading) and row.get("type"):
            continue  # formr's choices, which the question has
        what, why = f"the column “{shortened(heading, 60)}”", "Heard has nothing like it."
        form.remarks.left_out(row.sheet, row.number, what, why)


def _constraint(form: Form, row: Row, subject: Subject, built: Built) -> dict[str, Any]:
    """The keys `constraint` and `constraint_message`; what has a key of its own goes there."""
    if built.listed_by_constraint or (subject.type == "note" and not form.exact):
        return {}
    keys: dict[str, Any] = {}
    tree = _constraint_tree(form, row, subject, built)
    if tree:
        keys["constraint"] = spelled(tree)
    message = form.text(row, "constraint_message", pipes=False) if tree or form.exact else None
    return keys | ({"constraint_message": message} if message else {})


def _constraint_tree(form: Form, row: Row, subject: Subject, built: Built) -> Tree | None:
    source = row.get("constraint")
    if not source:
        return None
    try:
        whole = read_condition(source)
    except Unreadable:
        whole = []
    parts = _parts(whole, form.exact)
    kept = [part for part in parts if not _taken_over(form, part, built)]
    if parts and not kept:
        return None
    scope = form.scope(subject, row.get("name"))
    return form.condition(row, source, scope, joined("and", kept) if parts else None).tree


def _parts(whole: Tree, exact: bool) -> list[Tree]:
    """What has to hold together; Heard exports its own limits beside the constraint as one part."""
    if exact and whole[:1] == ["and"]:
        return whole[1:]
    return list(conjuncts(whole)) if whole else []


def _taken_over(form: Form, part: Tree, built: Built) -> bool:
    """Whether a part of a constraint is a key of the question, and has become it."""
    keys = built.keys
    if keys["type"] == "text" and part[1:2] == [["call", "string-length", ["this"]]]:
        return _max_length(part, keys)
    if keys["type"] in ("integer", "decimal") and form.exact and part[1:2] == [["this"]]:
        end = {">=": "from", "<=": "to"}.get(part[0], "")
        if end in keys and end not in built.taken_over:
            built.taken_over.add(end)
            return number_in(_digits(part[2])) == number_in(keys[end])
        return False
    if keys["type"] == "select_multiple":
        return _exclusive(part, built, form.exact)
    return False


def _digits(tree: Tree) -> str:
    return f"-{tree[1][1]}" if tree[0] == "negative" else str(tree[1:2] and tree[1])


def _max_length(part: Tree, keys: dict[str, Any]) -> bool:
    """`string-length(.) <= 200` is max_length."""
    limit = number_in(str(part[2][1])) if part[2][0] == "number" else None
    if part[0] not in ("<", "<=") or limit is None or limit != int(limit):
        return False
    letters = int(limit) - (part[0] == "<")
    if letters < 1:
        return False
    keys["max_length"] = str(min(letters, LONGEST_TEXT))
    return True


def _exclusive(part: Tree, built: Built, exact: bool) -> bool:
    """`not(selected(., 'none') and count-selected(.) > 1)` is an exclusive choice."""
    inner = part[2] if part[:2] == ["call", "not"] else [""]
    if inner[0] != "and" or len(inner) != 3:  # noqa: PLR2004 - and, with its two sides
        return False
    chosen, many = inner[1:] if inner[1][:2] == ["call", "selected"] else inner[:0:-1]
    count = ["call", "count-selected", ["this"]]
    if chosen[:3] != ["call", "selected", ["this"]] or chosen[3][0] not in ("text", "number"):
        return False
    if many not in ([">", count, ["number", "1"]], [">=", count, ["number", "2"]]):
        return False
    name = built.choices.get(chosen[3][1], "")
    for choice in built.keys["choices"]:
        exported = choice.get("exclusive") and name not in built.taken_over
        if choice["name"] == name and (exported or not exact):
            choice["exclusive"] = True
            built.taken_over.add(name)
            return True
    return False


def _in_words(form: Form, item: Item, question: Question) -> list[Question]:
    """The box to write in that `or_other` adds."""
    if not item.type.or_other or "choices" not in question.keys:
        return []
    row, name = item.row, question.keys["name"]
    other = question.keys["choices"][-1]["name"]
    tags = form.languages.tags
    said = {tag: _IN_WORDS[tag] for tag in tags if tag in _IN_WORDS} or {"en": _IN_WORDS["en"]}
    added = form.question_names.give(f"{name}_other"[:40])
    several = question.keys["type"] == "select_multiple"
    keys = {
        "name": added,
        "type": "text",
        "label": form.in_every_language(row, "label", said),
        "relevant": f"selected(${{{name}}}, '{other}')" if several else f"${{{name}}} = '{other}'",
    }
    form.subjects.setdefault(f"{row.get('name')}_other", Subject(added, "text"))
    form.changed(row, "or_other", f"the choice “{other}” and the question “{added}” were added.")
    return [Question(row, keys)]


__all__ = ["Text", "base_keys", "list_columns", "list_unnamed", "questions_from", "relevant_key"]
