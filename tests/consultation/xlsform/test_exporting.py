"""What a definition looks like as an XLSForm, to other programs and to Heard."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pyxform.xls2xform import convert  # type: ignore[import-untyped]

from app.consultation import Definition, load_definition, load_definition_file
from app.consultation.xlsform import export_form, import_form

from ...definitions import HEAD
from .generating import definitions

SURVEYS = sorted((Path(__file__).parents[3] / "surveys").glob("*.yaml"))

EVERY_FACT = (
    HEAD
    + """\
topics: [{name: storms, label: Storms}]
choice_lists:
  agree:
    - {name: "1", label: No}
    - {name: "5", label: "=SUM(A1)"}
pages:
  - name: thunder
    title: Thunder
    topics: [storms]
    content_warning: About storms.
    area: support
    questions:
      - name: feelings
        type: select_multiple
        label: How do you feel?
        why: So that we know.
        prefer_not_to_say: true
        choices: [{name: calm, label: Calm}, {name: none, label: Nothing, exclusive: true}]
      - name: calmer
        type: select_one
        label: What helps?
        relevant: count_selected(${feelings}) > 1 and answered(${feelings})
        choices:
          - {name: music, label: Music, relevant: "selected(${feelings}, 'calm')"}
          - {name: quiet, label: Quiet}
      - {name: loud, type: scale, label: How loud?, from: 1, to: 3, labels: {"1": Low, "3": High}}
  - name: more
    questions:
      - {name: said, type: matrix, label: True?, rows: [{name: a, label: A}], choices: agree}
      - {name: order, type: rank, label: Order, choices: agree}
      - {name: words, type: text, label: Words, lines: 4, max_length: 99}
      - {name: age, type: integer, label: Age, from: 0, to: 120, constraint: . != 13}
      - {name: when, type: date, label: When, precision: year}
"""
)


def cells(definition: Definition, sheet: str) -> dict[str, dict[str, str]]:
    """The rows of a sheet by what stands in their name."""
    book = openpyxl.load_workbook(io.BytesIO(export_form(definition)))
    head, *rows = book[sheet].iter_rows(values_only=True)
    every = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    named = [row for row in every if row.get("type") != "end_group"]
    return {
        str(row.get("name") or row.get("key")): {k: str(v) for k, v in row.items() if v is not None}
        for row in named
    }


@pytest.fixture(scope="module")
def survey() -> dict[str, dict[str, str]]:
    return cells(load_definition(EVERY_FACT, "facts.yaml"), "survey")


def test_pages_are_groups_and_warnings_stand_before_them(survey: dict[str, dict[str, str]]) -> None:
    names = list(survey)
    assert survey["thunder_warning"]["type"] == "note"
    assert survey["thunder_warning"]["label::English (en)"] == "About storms."
    assert names.index("thunder_warning") < names.index("thunder")
    assert survey["more"]["appearance"] == "field-list"


def test_facts_have_the_constructs_that_others_know(survey: dict[str, dict[str, str]]) -> None:
    assert survey["feelings"]["constraint"] == (
        "not(selected(., 'none') and count-selected(.) > 1)"
    )
    assert survey["calmer"]["relevant"] == (
        "count-selected(${feelings}) > 1 and string-length(${feelings}) > 0"
    )
    assert "selected(${feelings}, 'calm')" in survey["calmer"]["choice_filter"]
    assert survey["loud"]["appearance"] == "likert"
    assert survey["said"]["appearance"] == "table-list"
    assert survey["said__a"]["type"] == "select_one agree"
    assert survey["order"]["type"] == "rank agree"
    assert survey["words"]["constraint"] == "string-length(.) <= 99"
    assert survey["age"]["constraint"] == ". >= 0 and . <= 120 and . != 13"
    assert survey["when"]["appearance"] == "year"


def test_silence_is_a_choice_for_others(survey: dict[str, dict[str, str]]) -> None:
    choices = cells(load_definition(EVERY_FACT, "facts.yaml"), "choices")
    assert choices["prefer_not_to_say"]["list_name"] == "feelings"
    assert survey["feelings"]["type"] == "select_multiple feelings"


def test_no_text_becomes_a_formula() -> None:
    content = export_form(load_definition(EVERY_FACT, "facts.yaml"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}  # texts, and cells with nothing in them


def test_the_rest_of_a_definition_has_a_sheet() -> None:
    definition = load_definition(EVERY_FACT, "facts.yaml")
    rest = cells(definition, "heard")
    assert rest["organisation.contact"]["value"] == "somebody@example.org"
    assert rest["consent.statements.1.optional"]["value"] == "true"


@pytest.mark.parametrize("path", SURVEYS, ids=lambda path: path.stem)
def test_pyxform_takes_the_samples(path: Path, tmp_path: Path) -> None:
    # Given a consultation as an XLSForm
    form = tmp_path / "form.xlsx"
    form.write_bytes(export_form(load_definition_file(path)))
    # When the converter of ODK and KoboToolbox reads it
    result = convert(form, validate=False)
    # Then it has nothing to say, and every question is there
    assert result.warnings == []
    for name in load_definition_file(path).questions:
        assert name in result.xform


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(definitions())
def test_pyxform_takes_any_definition(tmp_path: Path, definition: Definition) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(export_form(definition))
    convert(form, validate=False)


def test_what_is_changed_in_the_spreadsheet_counts(tmp_path: Path) -> None:
    # Given an exported form in which somebody reworded a question and changed a condition
    book = openpyxl.load_workbook(
        io.BytesIO(export_form(load_definition(EVERY_FACT, "facts.yaml")))
    )
    for row in book["survey"].iter_rows():
        for cell in row:
            if cell.value == "What helps?":
                cell.value = "What would help?"
            if isinstance(cell.value, str) and cell.value.startswith("count-selected"):
                cell.value = "selected(${feelings}, 'calm') and today() > 3"
    book.save(tmp_path / "form.xlsx")
    # When it is imported
    found = import_form(tmp_path / "form.xlsx")
    # Then both are there, and what cannot be said is listed
    assert found.definition is not None
    asked = found.definition.questions["calmer"]
    assert asked.label == {"en": "What would help?"}
    assert asked.relevant == "selected(${feelings}, 'calm')"
    assert any("today()" in remark.why for remark in found.remarks)
