"""What the types of a form become: one builder for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..questions import PREFER_NOT_TO_SAY
from .choices import inline_list
from .conditions import number_in
from .countries import country_codes
from .field_conditions import Unreadable, read_condition
from .form import Form, LeftOut, Text
from .names import Names, choice_name_from
from .selecting import Chosen, chosen_for, filtered, parameters_of
from .survey_tree import Item
from .tables import Row, shortened

MAX_CHOICES = 60
MANY_CHOICES = 2_000
"""A list that is longer is not looked through: no filter makes it short enough."""
MAX_RANKED = 12
MAX_POINT = 11
"""The highest point of a scale."""
LINES = 5
"""Of a text that the form shows on several lines."""
CLOCK_LETTERS = 20
NAME_LETTERS = 100
"""Of an answer in words for which the form has a long list."""

_NO = frozenset({"", "no", "false", "0", "false()", "no()"})
_BIRTH = re.compile(
    r"\bdob\b|birth|\bborn\b|nacimiento|nac[ií]ó|naissance|nascimento|geburt|nascita|ميلاد|ولد|जन्म|"
    r"জন্ম|kuzaliwa|doğum|рождени|народжен",
    re.IGNORECASE,
)
_CONSENT = "If it asks for consent, write it under consent, statements. Else write more choices."


@dataclass
class Built:
    """The keys that only this type has, `type` among them."""

    keys: dict[str, Any]
    choices: Mapping[str, str] = field(default_factory=dict)
    """Names of choices in the definition, by their names in the form."""
    list_name: str = ""
    taken_over: set[str] = field(default_factory=set)
    """Keys and choices whose part of the constraint was met; Heard exports each once, first."""
    listed_by_constraint: bool = False
    """Whether a constraint that lists the answers has become the choices."""


def says_yes(cell: str) -> bool:
    """Whether a cell such as `yes`, `TRUE` or `no` says yes."""
    return cell.strip().lower() not in _NO


def build(form: Form, item: Item, kind: str) -> Built:
    """The keys of a question of `kind`. Raises `LeftOut`."""
    return _BUILDERS[kind](form, item)


def _select_one(form: Form, item: Item) -> Built:
    row = item.row
    if row.get("heard::type") == "country":
        form.lists_used.add(item.type.rest)
        return Built({"type": "country"})
    chosen = chosen_for(form, item)
    if _is_scale(row, chosen):
        return _scale_of_choices(form, row, chosen)
    if len(chosen.listed) > MAX_CHOICES:
        codes = country_codes(chosen.listed)
        if codes is not None:
            return _country(form, row, chosen, codes)
    return _select(form, row, chosen, "select_one")


def _select_multiple(form: Form, item: Item) -> Built:
    return _select(form, item.row, chosen_for(form, item), "select_multiple")


def _select(form: Form, row: Row, chosen: Chosen, kind: str) -> Built:
    """A select; one with too many choices is asked in words."""
    count = len(chosen.listed)
    if count <= MANY_CHOICES:
        built = _with_choices(form, row, chosen, kind)
        count = len(built.keys["choices"])
        if count <= MAX_CHOICES:
            return built
    form.changed(
        row,
        f"the list “{chosen.list_name}” with {count} choices",
        f"{MAX_CHOICES} are the most that people can look through: it became text.",
        "Shorten the list and make it a select again, ask for something larger, or delete it.",
    )
    return Built({"type": "text", "max_length": str(NAME_LETTERS)})


def _rank(form: Form, item: Item) -> Built:
    chosen = chosen_for(form, item)
    built = _with_choices(form, item.row, chosen, "rank")
    count = len(built.keys["choices"])
    if count > MAX_RANKED:
        raise LeftOut(
            f"the list “{chosen.list_name}” has {count} choices, and {MAX_RANKED} are the most "
            "that people can put in order.",
            "Shorten the list, or use select_multiple.",
        )
    return built


def _with_choices(form: Form, row: Row, chosen: Chosen, kind: str) -> Built:
    keys: dict[str, Any] = {"type": kind}
    listed = [choice for choice in chosen.listed if choice.written != PREFER_NOT_TO_SAY]
    if says_yes(chosen.parameters.get("randomize", "")):
        keys["randomize"] = True
    keys["choices"], names = filtered(form, row, listed)
    if len(listed) < len(chosen.listed):
        keys["prefer_not_to_say"] = True
    count = len(keys["choices"])
    if count < 2:  # noqa: PLR2004 - there is nothing to choose
        few = "one choice only" if count else "no choices"
        raise LeftOut(f"the list “{chosen.list_name}” has {few}.", _CONSENT)
    return Built(keys, names, chosen.list_name)


def _country(form: Form, row: Row, chosen: Chosen, codes: Mapping[str, str]) -> Built:
    """A long list of countries is the type `country`."""
    others = [choice.written for choice in chosen.listed if choice.written not in codes]
    form.changed(row, f"the list “{chosen.list_name}”", "it became Heard's own list of countries.")
    if others:
        what = f"the choices {', '.join(shortened(other, 40) for other in others)}"
        why = "no country has exactly these words; Heard's list has every country."
        form.remarks.left_out(row.sheet, row.number, what, why)
    return Built({"type": "country"}, codes)


def _is_scale(row: Row, chosen: Chosen) -> bool:
    if row.get("heard::type"):
        return row.get("heard::type") == "scale"
    plain = not row.get("choice_filter") and not any(
        choice.row.text("image") or choice.row.text("audio") for choice in chosen.listed
    )
    numbers = [choice.written for choice in chosen.listed]
    return "likert" in row.get("appearance").lower().split() and plain and _consecutive(numbers)


def _consecutive(names: list[str]) -> bool:
    """Whether names are whole numbers in a row, such as 1 to 5."""
    if len(names) < 2 or not all(re.fullmatch("0|[1-9][0-9]?", name) for name in names):  # noqa: PLR2004
        return False
    first = int(names[0])
    return names == [str(first + index) for index in range(len(names))] and (
        int(names[-1]) <= MAX_POINT
    )


def _scale_of_choices(form: Form, row: Row, chosen: Chosen) -> Built:
    listed = [choice for choice in chosen.listed if choice.written != PREFER_NOT_TO_SAY]
    keys: dict[str, Any] = {"type": "scale"}
    if len(listed) < len(chosen.listed):
        keys["prefer_not_to_say"] = True
    if says_yes(row.get("heard::faces")):
        keys["faces"] = True
    keys["from"], keys["to"] = listed[0].written, listed[-1].written
    keys["labels"] = {
        choice.written: form.text(choice.row, "label", pipes=False)
        or form.to_write(choice.row, f"what {choice.written} on the scale means.")
        for choice in listed
        if not says_yes(choice.row.get("heard::unlabelled"))
    }
    return Built(keys)


def _range(form: Form, item: Item) -> Built:
    row = item.row
    given = parameters_of(row.get("parameters"))
    behind = [part for part in re.split(r"[,\s]+", item.type.rest) if number_in(part) is not None]
    for key, number in zip(("start", "end", "step"), behind, strict=False):
        given.setdefault(key, number)
    numbers = [
        number_in(given.get(key, usual))
        for key, usual in (("start", "1"), ("end", "10"), ("step", "1"))
    ]
    if None in numbers:
        raise LeftOut(f"its parameters “{row.get('parameters')}” are not numbers.")
    start, end, step = (number for number in numbers if number is not None)
    whole = all(number == int(number) for number in (start, end, step))
    if whole and step == 1 and 0 <= start < end <= MAX_POINT:
        points = range(int(start), int(end) + 1)
        return _scale(form, row, points, _words_of_points(form, row, points, given))
    kind = "integer" if whole else "decimal"
    form.changed(row, "range", f"it became type {kind}: a scale has whole steps from 0 to 11.")
    low, high = min(start, end), max(start, end)
    return Built({"type": kind, "from": f"{low:f}", "to": f"{high:f}"})


def _words_of_points(
    form: Form, row: Row, points: range, given: Mapping[str, str]
) -> dict[str, Text | None]:
    """What the form says about points: a tick_labelset, or formr's first and last choice."""
    name = given.get("tick_labelset", "")
    if name in form.lists:
        form.lists_used.add(name)
        listed = form.lists[name].choices
        return {one.written: form.text(one.row, "label", pipes=False) for one in listed}
    inline = inline_list(row, name, form.languages.plain)
    if inline is None:
        return {}
    ends = ((points[0], inline.choices[0]), (points[-1], inline.choices[-1]))
    return {str(point): form.text(one.row, "label", pipes=False) for point, one in ends}


def _scale(form: Form, row: Row, points: range, said: Mapping[str, Text | None]) -> Built:
    labels: dict[str, Text] = {}
    for point in points:
        label = said.get(str(point))
        if label or point in (points[0], points[-1]):
            labels[str(point)] = label or form.to_write(row, f"what {point} on the scale means.")
    ends = {"from": str(points[0]), "to": str(points[-1])}
    return Built({"type": "scale", **ends, "labels": labels})


def _text(form: Form, item: Item) -> Built:
    row = item.row
    listed = None if form.exact else _listed_answers(row)
    if listed:
        return _choices_of_constraint(form, row, listed)
    keys: dict[str, Any] = {"type": "text"}
    written = row.get("type").lower().split()[:1]
    several = "multiline" in row.get("appearance").lower() or written == ["textarea"]
    if row.get("heard::lines"):
        keys["lines"] = row.get("heard::lines")
    elif several and not form.exact:
        keys["lines"] = str(LINES)
    return Built(keys)


def _listed_answers(row: Row) -> list[str] | None:
    """The answers that `. = 'a' or . = 'b'` admits, where a form draws its own buttons for them."""
    if "custom" not in row.get("appearance").lower():
        return None
    try:
        tree = read_condition(row.get("constraint"))
    except Unreadable:
        return None
    parts = tree[1:] if tree[0] == "or" else []
    answers = [part[2] for part in parts if part[:2] == ["=", ["this"]]]
    plain = all(answer[0] in ("text", "number") for answer in answers)
    return [str(answer[1]) for answer in answers] if plain and len(answers) == len(parts) else None


def _choices_of_constraint(form: Form, row: Row, listed: list[str]) -> Built:
    """A text that admits only some answers is a select_one."""
    names = Names()
    by_answer = {
        answer: names.give(choice_name_from(answer, f"choice_{number}"))
        for number, answer in enumerate(dict.fromkeys(listed), 1)
    }
    choices = [
        {"name": name, "label": form.to_write(row, f"what “{answer}” means.")}
        for answer, name in by_answer.items()
    ]
    why = "the form draws its own buttons for these answers: it became select_one."
    form.changed(row, f"the answers {', '.join(listed)}", why)
    keys: dict[str, Any] = {"type": "select_one", "choices": choices}
    return Built(keys, by_answer, listed_by_constraint=True)


def _number(_form: Form, item: Item) -> Built:
    """A whole or decimal number; formr writes its ends behind the type."""
    keys: dict[str, Any] = {"type": item.type.kind}
    behind = [part.strip() for part in item.type.rest.split(",")] + ["", ""]
    for key, end in zip(("from", "to"), behind, strict=False):
        given = item.row.get(f"heard::{key}") or end
        if number_in(given) is not None:
            keys[key] = given
    return Built(keys)


def _date(form: Form, item: Item) -> Built:
    row = item.row
    words = f"{row.get('name')} {' '.join(row.text('label').values())}".replace("_", " ")
    if _BIRTH.search(words) and not form.exact:
        raise LeftOut("a date of birth tells who a person is (R17).", "Ask for a band of ages.")
    look = f"{row.get('appearance')} {row.get('type')}".lower()
    if re.search(r"month-year|yearmonth|\bmonth\b", look):
        return Built({"type": "date", "precision": "month"})
    if re.search(r"\byear\b", look):
        return Built({"type": "date", "precision": "year"})
    form.changed(row, "the day of a date", "only the month and the year are asked (R17).")
    return Built({"type": "date", "precision": "month"})


def _time(form: Form, item: Item) -> Built:
    form.changed(item.row, "time", "there is no type for a time of day: it became text.")
    return Built({"type": "text", "max_length": str(CLOCK_LETTERS)})


def _note(form: Form, item: Item) -> Built:
    row = item.row
    if not (row.text("label") or row.text("hint") or row.text("image")):
        raise LeftOut("a note without words says nothing.")
    if item.type.kind == "acknowledge":
        form.changed(row, "acknowledge", "it became a note: going on does not need a yes.")
    return Built({"type": "note"})


_BUILDERS: Mapping[str, Callable[[Form, Item], Built]] = {
    "select_one": _select_one,
    "select_multiple": _select_multiple,
    "select_one_from_file": _select_one,
    "select_multiple_from_file": _select_multiple,
    "rank": _rank,
    "range": _range,
    "text": _text,
    "integer": _number,
    "decimal": _number,
    "date": _date,
    "dateTime": _date,
    "time": _time,
    "note": _note,
    "acknowledge": _note,
}
