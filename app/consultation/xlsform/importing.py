"""From a form's file to a commented definition, and a list of what was not carried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..findings import Finding
from ..model import Definition
from ..structure import RESERVED
from .choices import read_lists
from .columns import CHOICES, SETTINGS, SURVEY
from .errors import FormError
from .field_conditions import names_in
from .form import Form, Text
from .head import Known
from .languages import tag_of
from .names import Names
from .pages import read_pages
from .reading import read_workbook
from .remarks import Remark, Remarks
from .sheets import FormSheets, find_sheets
from .survey_tree import Group, read_tree
from .tables import Languages, Row, RowReader, Table, find_languages, find_table, shortened
from .text_forms import read_text
from .workbook import MAX_FILE_BYTES
from .writing import Draft, settle

_NOT_FOR_QUESTIONS = RESERVED | {"take_part", "quotes"}
"""Heard's own names, and those of the consent statements that an import writes."""
MAX_SURVEY_ROWS = 5_000


@dataclass(frozen=True)
class Imported:
    """A definition as text, and what a facilitator should know about it."""

    yaml: str
    definition: Definition | None
    """`None` when the definition does not load yet; `findings` says why."""
    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...]
    languages: tuple[str, ...]
    to_translate: Mapping[str, int]
    """How many texts are marked for the translator, by language."""
    pages: int
    questions: int
    """Notes not counted."""


def import_form(
    path: Path, language: str | None = None, consultation: str | None = None
) -> Imported:
    """The form at `path` as a definition.

    `language` is that of columns that name none, `consultation` the id that is wished for. Raises
    `FormError` when nothing can be imported.
    """
    given = tag_of(language) if language else None
    if language and not given:
        raise FormError(f"“{language}” is not a language. Write its tag, such as en, fr or pt-BR.")
    remarks = Remarks()
    sheets = find_sheets(read_workbook(path), remarks)
    form, survey, settings = _form(sheets, path, given, remarks)
    pages = read_pages(form, survey)
    exported = sheets.exported_head()
    _list_what_is_left(form, set(str(exported.get("choice_lists", "")).split()))
    for name in sheets.unread:
        if name not in form.files_used:
            why = "a form has the sheets survey, choices and settings."
            remarks.left_out(name, None, "the whole sheet", why)
    if not pages:
        raise FormError(_nothing(form))
    known = Known(
        title=_title(form, settings),
        wished=(consultation or "", settings.get("form_id") if settings else "", path.stem),
        languages=form.languages.tags,
        asked=sum(q.keys["type"] != "note" for page in pages for q in page.questions),
    )
    return _settled(form, Draft(known, pages, path.name, exported))


def _nothing(form: Form) -> str:
    reasons = list(dict.fromkeys(form.gone.values()))
    first = "; ".join(reason.rstrip(".") for reason in reasons[:3])
    why = f" Left out: {first}." if reasons else ""
    return (
        "No question of this form can be asked in Heard, so there is nothing to import."
        f"{why} Put at least one row with a type such as text or select_one into the sheet survey."
    )


def _form(
    sheets: FormSheets, path: Path, language: str | None, remarks: Remarks
) -> tuple[Form, Group, Row | None]:
    exact = "heard::type" in sheets.survey.keys
    settings = _settings(sheets, Remarks() if exact else remarks)
    default = settings.get("default_language") if settings else ""
    tables = [sheets.survey, *sheets.choices]
    languages = find_languages(tables, default, language, remarks)
    if exact:
        languages = languages.including(str(sheets.exported_head().get("languages", "")).split())
    rows = _rows(sheets.survey, languages, exact, set(SURVEY), remarks)
    if len(rows) > MAX_SURVEY_ROWS:
        raise FormError(f"The survey has more than {MAX_SURVEY_ROWS} rows. Split it into parts.")
    choice_rows = [
        row
        for table in sheets.choices
        for row in _rows(table, languages, exact, set(CHOICES), remarks)
    ]
    if languages.guessed:
        todo = "If that is not right, import again with --language."
        why = "the form does not name the language of its plain columns."
        what = f"the language {languages.plain} was guessed"
        remarks.to_do(sheets.survey.name, None, what, why, todo)
    form = Form(
        languages=languages,
        lists=read_lists(choice_rows, remarks),
        remarks=remarks,
        exact=exact,
        choices_sheet=sheets.choices[0].name if sheets.choices else "choices",
        mentioned=frozenset(_mentioned(rows)),
        all_names=frozenset(row.get("name") for row in rows),
        question_names=Names(() if exact else _NOT_FOR_QUESTIONS),
        external=lambda name: _beside(path, name),
    )
    return form, read_tree(rows, remarks), settings


def _rows(
    table: Table, languages: Languages, exact: bool, known: set[str], remarks: Remarks
) -> list[Row]:
    return RowReader(table, languages, frozenset(known), exact, remarks).rows()


def _mentioned(rows: list[Row]) -> set[str]:
    """Every name that a cell looks at."""
    return {
        name
        for row in rows
        for cell in (*row.cells.values(), *(t for by in row.texts.values() for t in by.values()))
        for name in names_in(cell)
    }


def _settings(sheets: FormSheets, remarks: Remarks) -> Row | None:
    """The one row of the settings; what is not carried of it is listed."""
    table = sheets.settings
    if table is None:
        return None
    plain = Languages(("en",), "en", {})
    rows = _rows(table, plain, exact=True, known=set(SETTINGS), remarks=Remarks())
    for row in rows[:1]:
        for key, column in SETTINGS.items():
            if row.get(key) and not column.carried:
                what = f"{key} “{shortened(row.get(key), 40)}”"
                remarks.left_out(row.sheet, row.number, what, column.why)
        for heading, cell in row.unnamed.items():
            what, why = f"{heading} “{shortened(cell, 40)}”", "Heard has no such setting."
            remarks.left_out(row.sheet, row.number, what, why)
    return rows[0] if rows else None


def _title(form: Form, settings: Row | None) -> Text | None:
    if settings is None or not settings.get("form_title"):
        return None
    return form.in_every_language(
        settings, "title", {form.languages.plain: settings.get("form_title")}
    )


def _beside(path: Path, name: str) -> Table | None:
    """The table in a CSV file in the form's own folder; no other folder is looked at."""
    folder = path if path.is_dir() else path.parent
    file = folder / name
    if Path(name).name != name or file.suffix.lower() != ".csv" or not file.is_file():
        return None
    if file.stat().st_size > MAX_FILE_BYTES:
        return None
    sheet = read_text(file.read_bytes(), name).sheets[0]
    return find_table(sheet, {"name", "label"}, {"name"}) or find_table(sheet, {"label"}, {"label"})


def _list_what_is_left(form: Form, kept_lists: set[str]) -> None:
    """List choice lists that no question uses, and columns that no filter looks at."""
    for known in form.lists.values():
        unused = known.name not in form.lists_used | kept_lists
        for choice in known.choices:
            where = (choice.row.sheet, choice.row.number)
            if unused:
                what, why = "a choice list", "no question uses it."
                form.remarks.left_out(*where, what, why, name=f"“{known.name}”")
            for heading in () if unused else choice.row.unnamed:
                if heading not in form.filters_used and known.name not in kept_lists:
                    what, why = (
                        f"the column “{shortened(heading, 60)}”",
                        "no choice filter uses it.",
                    )
                    form.remarks.left_out(*where, what, why)


def _settled(form: Form, draft: Draft) -> Imported:
    found = settle(form, draft)
    return Imported(
        yaml=found.yaml,
        definition=found.definition,
        findings=found.findings,
        remarks=tuple(form.remarks),
        languages=form.languages.tags,
        to_translate=found.to_translate,
        pages=len(draft.pages),
        questions=sum(q.keys["type"] != "note" for page in draft.pages for q in page.questions),
    )
