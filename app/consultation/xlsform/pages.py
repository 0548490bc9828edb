"""The tree of a survey as pages: a group is a page; what is in no group, three questions a page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..expressions import MAX_LENGTH, Tree
from .conditions import joined
from .field_conditions import names_in
from .form import Form, Page, Question, Text
from .matrices import Run, is_table, parts_of, questions_of_run, questions_of_table
from .names import Names, name_from
from .question_types import TYPES
from .questions import list_columns, questions_from
from .spelling import spelled
from .survey_tree import Group, Item
from .tables import Row, shortened

MOST_ASKED = 3
"""Questions on a page, notes not counted (R26)."""


@dataclass(frozen=True)
class _Around:
    """What a page inherits from the groups around it."""

    row: Row | None = None
    title: Text | None = None
    conditions: tuple[Tree, ...] = ()


@dataclass
class _Pages:
    form: Form
    pages: list[Page] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    warning: Item | None = None
    """The note with a content warning that Heard exported before its page."""

    def walk(self, group: Group, around: _Around) -> None:
        """Add the pages of a group and of the groups inside it."""
        waiting: list[Question] = []
        for part in parts_of(group.children):
            if isinstance(part, Run):
                waiting.extend(questions_of_run(self.form, part))
            elif isinstance(part, Item):
                waiting = self._item(part, waiting, around)
            elif is_table(part, exact=self.form.exact):
                waiting.extend(questions_of_table(self.form, part))
            else:
                self._flush(waiting, around)
                waiting = []
                self.walk(part, self._inside(part, around))
        self._flush(waiting, around)

    def _item(self, item: Item, waiting: list[Question], around: _Around) -> list[Question]:
        if item.row.get("heard::type") == "content_warning":
            self._flush(waiting, around)
            self.warning = item
            return []
        if item.type.treatment.part == "break":
            self._flush(waiting, around)
            return []
        found = questions_from(self.form, item)
        if around.row is None and found and _page_is_full(waiting, found):
            self._flush(waiting, around)
            waiting = []
        return waiting + found

    def _inside(self, group: Group, around: _Around) -> _Around:
        """What the pages of a group inherit."""
        row = group.row
        if row is None:
            return around
        conditions = around.conditions
        if row.get("relevant"):
            found = self.form.condition(row, row.get("relevant"), self.form.scope())
            conditions += (found.tree,) if found.tree else ()
        self._list_group(group, row)
        return _Around(row, self.form.text(row, "label", pipes=False) or around.title, conditions)

    def _list_group(self, group: Group, row: Row) -> None:
        """List what a group has and a page has not."""
        if group.kind == "begin_repeat":
            treatment = TYPES["begin_repeat"]
            self.form.changed(row, "begin_repeat", treatment.why, treatment.todo)
        if row.text("hint"):
            what, why = f"the hint “{shortened(row.first('hint'))}”", "a page has a title only."
            self.form.remarks.left_out(row.sheet, row.number, what, why)
        cells = {key: cell for key, cell in row.cells.items() if key != "required"}
        list_columns(self.form, replace(row, cells=cells), "page")

    def _flush(self, questions: list[Question], around: _Around) -> None:
        if not questions:
            return
        row = around.row
        written = (row.get("heard::name") or row.get("name")) if row else ""
        name = self.names.give(name_from(written, f"page_{len(self.pages) + 1}"))
        keys: dict[str, Any] = {"name": name}
        if around.title:
            keys["title"] = around.title
        keys |= self._exported(row)
        condition = joined("and", list(around.conditions))
        if around.conditions and len(spelled(condition)) > MAX_LENGTH and row:
            what, why = "the conditions of the groups around it", "together they are too long."
            self.form.remarks.left_out(row.sheet, row.number, what, why)
        elif around.conditions:
            keys["relevant"] = spelled(condition)
        self.pages.append(Page(row, keys, questions))
        self._list_long_page(row, name, questions)

    def _exported(self, row: Row | None) -> dict[str, Any]:
        """Keys that only a form from Heard has."""
        keys: dict[str, Any] = {}
        if row and row.get("heard::topics"):
            keys["topics"] = row.get("heard::topics").split()
        if self.warning:
            keys["content_warning"] = self.form.text(self.warning.row, "label")
            self.warning = None
        if row and row.get("heard::area"):
            keys["area"] = row.get("heard::area")
        return keys

    def _list_long_page(self, row: Row | None, name: str, questions: list[Question]) -> None:
        asked = sum(question.keys["type"] != "note" for question in questions)
        if asked > MOST_ASKED and row and not self.form.exact:
            what = f"the page “{name}” has {asked} questions"
            why = f"more than {MOST_ASKED} are hard to read on a telephone (R26)."
            self.form.remarks.to_do(row.sheet, row.number, what, why, "Make several pages of it.")


def _page_is_full(waiting: list[Question], found: list[Question]) -> bool:
    """Whether the next question belongs on a page of its own.

    One that depends on an answer of the same page would have to appear while the person looks.
    """
    asked = [question for question in waiting if question.keys["type"] != "note"]
    here = {question.keys["name"] for question in asked}
    depends = names_in(repr(found[0].keys)) & here
    introduces = found[0].keys["type"] == "note" and len(asked) == MOST_ASKED
    new = sum(question.keys["type"] != "note" for question in found)
    return bool(depends) or introduces or len(asked) + new > MOST_ASKED


def read_pages(form: Form, survey: Group) -> list[Page]:
    """The pages of a form."""
    pages = _Pages(form)
    pages.walk(survey, _Around())
    return pages.pages
