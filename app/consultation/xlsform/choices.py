"""Choice lists of a form, with names that the consultation language admits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..questions import PREFER_NOT_TO_SAY
from .names import Names, choice_name_from
from .remarks import Remarks
from .tables import Row, clean_text, shortened


@dataclass(frozen=True)
class ListedChoice:
    """One row of the sheet choices."""

    row: Row
    written: str
    """Its name in the form."""
    name: str
    """Its name in the definition."""
    label: Mapping[str, str]

    @property
    def columns(self) -> Mapping[str, str]:
        """What a choice filter can look at, by the columns' headings."""
        return {**dict.fromkeys(self.row.columns, ""), **self.row.cells, **self.row.unnamed}


@dataclass
class ChoiceList:
    """A list that questions name."""

    name: str
    choices: list[ListedChoice] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    by_written: dict[str, ListedChoice] = field(default_factory=dict)


def read_lists(rows: list[Row], remarks: Remarks) -> dict[str, ChoiceList]:
    """The lists by their names in the form."""
    lists: dict[str, ChoiceList] = {}
    current = ""
    for row in rows:
        if not (row.get("name") or row.text("label")):
            if row.get("list_name"):
                what = f"a row of the list “{row.get('list_name')}”"
                remarks.left_out(row.sheet, row.number, what, "it has neither a name nor a label.")
            continue
        if not row.get("list_name") and current:
            what, why = "a choice without a list", f"it was taken for one of “{current}”, above."
            remarks.changed(row.sheet, row.number, what, why)
        current = row.get("list_name") or current
        if current:
            _add(lists.setdefault(current, ChoiceList(current)), row, remarks)
        else:
            what = f"“{row.get('name') or row.first('label')}”"
            todo = "Write the list's name in the column list_name."
            remarks.left_out(row.sheet, row.number, what, "it names no list.", todo)
    return lists


def _add(known: ChoiceList, row: Row, remarks: Remarks) -> None:
    written = row.get("name") or clean_text(row.first("label"))
    label = row.text("label")
    same = known.by_written.get(written)
    if same and same.row.cells == row.cells and same.label == label:
        what = f"“{shortened(written)}” in the list “{known.name}”"
        remarks.left_out(row.sheet, row.number, what, "it stands there twice.")
        return
    wished = choice_name_from(written, f"choice_{len(known.choices) + 1}")
    name = known.names.give(written if _admitted(written) else wished)
    choice = ListedChoice(row, written, name, label)
    known.choices.append(choice)
    known.by_written.setdefault(written, choice)


def _admitted(name: str) -> bool:
    """Whether a name can stay as it is, two _ in a row included."""
    return name == PREFER_NOT_TO_SAY or (
        name.isascii()
        and name.replace("_", "a").isalnum()
        and name == name.lower()
        and name[0] != "_"
        and len(name) <= 40  # noqa: PLR2004 - ChoiceName
    )


def inline_list(row: Row, name: str, plain: str) -> ChoiceList | None:
    """formr's columns choice1, choice2 and so on as a list; `plain` is their language."""
    numbered = sorted(
        (int(key[6:]), text)
        for key, text in row.cells.items()
        if key.startswith("choice") and key[6:].isdigit()
    )
    if not numbered:
        return None
    found = ChoiceList(name)
    for number, text in numbered:
        label = {plain: clean_text(text)}
        own_row = replace(row, cells={}, texts={"label": label}, unnamed={})
        found.choices.append(ListedChoice(own_row, str(number), str(number), label))
    return found
