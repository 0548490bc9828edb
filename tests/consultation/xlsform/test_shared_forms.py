"""Ten forms from the field. They are not in this repository, because it may not copy them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.consultation.xlsform import Imported, export_form, import_form
from app.consultation.xlsform.reading import read_workbook

FORMS = Path(__file__).parents[4] / "shared" / "data" / "forms"

pytestmark = pytest.mark.skipif(not FORMS.is_dir(), reason="needs ../shared")

QUESTIONS = {
    "correlaid__testB.xlsx": 26,
    "getodk__all-question-types-v2024091201-3.xlsx": 57,
    "getodk__ifrc-distribution-site-assessment-v1.xlsx": 71,
    "getodk__whova_form.xlsx": 460,
    "povertyaction__phq9___gad7.xlsx": 16,
    "povertyaction__random_module_order.xlsx": 44,
    "rubenarslan__contraception.xls": 8,
    "unhcr-americas__RMS_CAPI_v2.xlsx": 160,
    "xlsform__badly_named_choices_sheet.xls": 3,
    "xlsform__duplicate_columns.xlsx": 20,
}
"""At least so many questions are carried."""


@pytest.fixture(scope="module", params=QUESTIONS)
def form(request: pytest.FixtureRequest) -> tuple[str, Imported]:
    name = str(request.param)
    return name, import_form(FORMS / name)


def test_a_form_of_the_field_loads(form: tuple[str, Imported]) -> None:
    name, found = form
    assert found.findings == ()
    assert found.definition is not None
    assert found.questions >= QUESTIONS[name]


def test_nothing_of_it_stays_unmentioned(form: tuple[str, Imported]) -> None:
    """Every question of the form is carried, or its row is in the list."""
    name, found = form
    (survey,) = [s for s in read_workbook(FORMS / name).sheets if s.name == "survey"]
    told = {remark.row for remark in found.remarks if remark.sheet == "survey"}
    head = [cell.strip().lower() for cell in survey.rows[0][1]]
    kind = head.index("type")
    for number, cells in survey.rows[1:]:
        written = cells[kind].strip() if kind < len(cells) else ""
        if written and not written.lower().startswith(
            ("end group", "end_", "end repeat", "submit")
        ):
            assert number in told or f"# row {number}\n" in found.yaml or "group" in written


def test_it_goes_on_to_a_spreadsheet_and_back(form: tuple[str, Imported], tmp_path: Path) -> None:
    _, found = form
    assert found.definition is not None
    path = tmp_path / "again.xlsx"
    path.write_bytes(export_form(found.definition))
    again = import_form(path)
    assert again.definition is not None
    assert again.definition.pages == found.definition.pages


def test_a_legacy_file_under_a_new_name_is_read_by_its_content() -> None:
    path = FORMS / "getodk__ifrc-distribution-site-assessment-v1.xlsx"
    assert path.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    assert import_form(path).languages == ("en", "fr")


def test_metadata_is_never_carried(form: tuple[str, Imported]) -> None:
    _, found = form
    assert found.definition is not None
    for question in found.definition.questions.values():
        assert question.name not in {"deviceid", "starttime", "simserial", "phonenumber", "gps"}
