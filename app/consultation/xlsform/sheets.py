"""Which sheet of a file is which: by its name, by a name near to it, or by its headings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from .columns import CHOICES, SETTINGS, SURVEY, Heading
from .errors import FormError
from .remarks import Remarks
from .tables import Table, find_table
from .workbook import Sheet, Workbook

_SURVEY_NAMES = ("survey", "surveys", "survey1", "questions", "questionnaire", "form", "items")
_CHOICES_NAMES = ("choices", "choice", "choice_lists", "choice_list", "options", "answers", "lists")
_SETTINGS_NAMES = ("settings", "setting")
EXTERNAL_CHOICES = "external_choices"
HEARD = "heard"
"""The sheet in which Heard exports what XLSForm has no place for."""


@dataclass(frozen=True)
class FormSheets:
    """The sheets of a form."""

    survey: Table
    choices: tuple[Table, ...]
    settings: Table | None
    heard: Sheet | None
    unread: tuple[str, ...]
    """Names of sheets that are none of these."""

    def exported_head(self) -> dict[str, Any]:
        """What the sheet `heard` holds, as a tree; empty for a form that Heard did not export."""
        tree: dict[str, Any] = {}
        for _, cells in self.heard.rows[1:] if self.heard else ():
            if len(cells) > 1 and cells[0].strip():
                _put(tree, cells[0].strip().split("."), cells[1])
        return {key: _with_lists(value) for key, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    *parents, last = path
    for key in parents:
        inner = tree.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree.setdefault(last, value)


def _with_lists(node: Any) -> Any:
    """Mappings whose keys are 0, 1, 2 … as lists."""
    if not isinstance(node, dict):
        return node
    inner = {key: _with_lists(value) for key, value in node.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def find_sheets(workbook: Workbook, remarks: Remarks) -> FormSheets:
    """The sheets of a form. Raises `FormError` when there is no survey."""
    sheets = [sheet for sheet in workbook.sheets if sheet.rows]
    survey = _survey(sheets, dict(workbook.too_large))
    for name, why in workbook.too_large:
        remarks.left_out(name, None, "the whole sheet", why)
    for guess in workbook.guesses:
        remarks.changed(guess.file, None, "the file", guess.why, guess.todo)
    others = [sheet for sheet in sheets if sheet is not survey.sheet]
    choices = _choices(others)
    settings = _named(others, _SETTINGS_NAMES, _settings_table)
    heard = next((sheet for sheet in others if _low(sheet.name) == HEARD), None)
    used = [survey, *choices, *([settings] if settings else [])]
    for table, name in [(survey, "survey"), *((choice, "choices") for choice in choices)]:
        if _low(table.name) not in (name, EXTERNAL_CHOICES):
            why = f"it was taken for the sheet “{name}”."
            remarks.changed(table.name, None, "the sheet's name", why)
    read = [*(table.sheet for table in used), *([heard] if heard else [])]
    _list_formulas(read, remarks)
    unread = tuple(sheet.name for sheet in sheets if not any(sheet is one for one in read))
    named_choices = tuple(_with_names(table) for table in choices)
    return FormSheets(survey, named_choices, settings, heard, unread)


def _list_formulas(sheets: list[Sheet], remarks: Remarks) -> None:
    """List formulas without a result."""
    for sheet in sheets:
        for cell in sheet.no_result:
            why = "it is a formula whose result is not in the file."
            todo = "Open the file in a spreadsheet program, save it, and import it again."
            row = int("".join(sign for sign in cell if sign.isdigit()))
            remarks.left_out(sheet.name, row, f"the cell {cell}", why, todo)


def _low(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _survey_table(sheet: Sheet) -> Table | None:
    table = find_table(sheet, set(SURVEY), {"type"})
    return table if table and table.keys & {"name", "label"} else None


def _choices_table(sheet: Sheet) -> Table | None:
    table = find_table(sheet, {*CHOICES, "value"}, {"list_name"})
    return table if table and table.keys & {"name", "label", "value"} else None


def _settings_table(sheet: Sheet) -> Table | None:
    return find_table(sheet, set(SETTINGS), set())


def _named(
    sheets: Iterable[Sheet], names: Iterable[str], table_of: Callable[[Sheet], Table | None]
) -> Table | None:
    """The first sheet that has one of the names, and headings."""
    by_name = {_low(sheet.name): sheet for sheet in reversed(list(sheets))}
    for name in names:
        table = table_of(by_name[name]) if name in by_name else None
        if table:
            return table
    return None


def _survey(sheets: list[Sheet], too_large: dict[str, str]) -> Table:
    found = _named(sheets, _SURVEY_NAMES, _survey_table)
    if found:
        return found
    tables = [table for sheet in sheets if (table := _survey_table(sheet))]
    if tables:
        return max(tables, key=lambda table: len(table.sheet.rows))
    if too_large:
        raise FormError(next(iter(too_large.values())))
    names = ", ".join(f"“{sheet.name}”" for sheet in sheets[:10]) or "no sheet with anything in it"
    raise FormError(
        f"There is no sheet with questions. The file has {names}. Call the sheet with the "
        "questions survey, and give its first row the headings type, name and label."
    )


def _choices(sheets: list[Sheet]) -> list[Table]:
    found = _named(sheets, _CHOICES_NAMES, _choices_table)
    external = _named(sheets, (EXTERNAL_CHOICES,), _choices_table)
    if found is None and external is None:
        tables = (
            _choices_table(sheet) for sheet in sheets if not _low(sheet.name).startswith("help")
        )
        return [table for table in tables if table]
    return [table for table in (found, external) if table]


def _with_names(table: Table) -> Table:
    """SurveyCTO calls a choice's name its value."""
    if "name" in table.keys or "value" not in table.keys:
        return table
    headings = tuple(
        Heading(heading.written, "name") if heading.key == "value" else heading
        for heading in table.headings
    )
    return replace(table, headings=headings)
