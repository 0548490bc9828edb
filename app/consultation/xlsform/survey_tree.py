"""The rows of a survey as a tree of groups, whatever opens or closes at the wrong place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .question_types import TypeCell, read_type
from .remarks import Remarks
from .tables import Row, shortened

MAX_DEPTH = 20
"""Groups within groups. Deeper ones are taken as part of the one around them."""


@dataclass(frozen=True)
class Item:
    """A row that is not a group."""

    row: Row
    type: TypeCell


@dataclass(frozen=True)
class Group:
    """A group, a repeat, or a matrix, with what is in it."""

    row: Row | None
    kind: str
    children: list[Item | Group] = field(default_factory=list)

    def items(self) -> Iterator[Item]:
        """Every row in the group and in the groups inside it."""
        for child in self.children:
            if isinstance(child, Group):
                yield from child.items()
            else:
                yield child


def read_tree(rows: list[Row], remarks: Remarks) -> Group:
    """The survey as a group without a row of its own."""
    root = Group(None, "survey")
    open_groups = [root]
    for row in rows:
        if row.get("disabled").lower() in ("yes", "true", "1"):
            remarks.left_out(row.sheet, row.number, named(row), "it is switched off in the form.")
            continue
        cell = _type_of(row, remarks)
        if cell is None:
            continue
        part = cell.treatment.part
        # A bare `end` is the time of the end; without a name of its own it closes a group.
        closes = cell.kind == "end" and not row.get("name") and len(open_groups) > 1
        if part == "group":
            group = Group(row, cell.kind)
            open_groups[-1].children.append(group)
            open_groups.append(group if len(open_groups) <= MAX_DEPTH else open_groups[-1])
        elif part == "end" or closes:
            _close(open_groups, row, remarks)
        else:
            open_groups[-1].children.append(Item(row, cell))
    for group in open_groups[1:]:
        if group.row:
            where = (group.row.sheet, group.row.number)
            remarks.changed(*where, named(group.row), "it is not closed, so it ends with the form.")
    return root


def _close(open_groups: list[Group], row: Row, remarks: Remarks) -> None:
    if len(open_groups) > 1:
        open_groups.pop()
        return
    what = f"“{row.get('type')}”"
    remarks.left_out(row.sheet, row.number, what, "no group is open there.", "Delete the row.")


def _type_of(row: Row, remarks: Remarks) -> TypeCell | None:
    written = row.get("type")
    if not written:
        if row.get("name") or row.texts:
            why = "the row says no type."
            remarks.left_out(row.sheet, row.number, named(row), why, "Write one, such as text.")
        return None
    cell = read_type(written)
    if not cell.kind:
        why = f"there is no type “{shortened(written, 40)}”."
        todo = "Write the nearest of: select_one, select_multiple, text, integer, range, note."
        remarks.left_out(row.sheet, row.number, named(row), why, todo)
        return None
    if cell.meant:
        why = f"there is no such type; it was taken for {cell.kind}."
        remarks.changed(row.sheet, row.number, f"the type “{shortened(cell.meant, 40)}”", why)
    return cell


def named(row: Row) -> str:
    """How a remark calls a row."""
    name = row.get("name") or shortened(row.first("label") or row.get("type"), 40)
    return f"“{name}”" if name else "a row"
