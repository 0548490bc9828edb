"""`heard import` and `heard export-form`: what they print, write, and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands.forms import export_form, import_form
from app.consultation import load_definition_file

from ..definitions import SMALLEST

SURVEY = """\
| survey |
|        | type     | name  | label::English (en) | label::French (fr) | required |
|        | text     | good  | What is good?       |                    | yes      |
|        | geopoint | place | Where?              | Où ?               |          |
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.md"
    path.write_text(SURVEY, encoding="utf-8")
    return path


def run_import(*arguments: str | Path) -> Result:
    return CliRunner().invoke(import_form, [str(argument) for argument in arguments])


def test_a_form_becomes_a_definition_and_a_list(form: Path, tmp_path: Path) -> None:
    # When a form is imported
    target = tmp_path / "new.yaml"
    result = run_import(form, "-o", target)
    # Then there is a definition that loads, and everything left out is printed with its row
    assert result.exit_code == 0
    assert list(load_definition_file(target).questions) == ["good"]
    assert load_definition_file(target).consultation == "new"
    assert "1 questions on 1 pages, in en, fr." in result.output
    assert "1 text is to be translated into fr." in result.output
    assert "survey, row 4: geopoint (“place”)" in result.output
    assert "survey, row 3: required" in result.output


def test_the_list_is_there_for_programs(form: Path, tmp_path: Path) -> None:
    result = run_import(form, "-o", tmp_path / "new.yaml", "--json")
    told = json.loads(result.output)
    assert (told["loads"], told["languages"], told["questions"]) == (True, ["en", "fr"], 1)
    assert told["to_translate"] == {"fr": 1}
    left_out = [(r["sheet"], r["row"]) for r in told["remarks"] if r["kind"] == "left_out"]
    assert ("survey", 4) in left_out


def test_nothing_is_written_over(form: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.yaml"
    target.write_text("mine")
    assert run_import(form, "-o", target).exit_code == 2
    assert target.read_text() == "mine"
    assert run_import(form, "-o", target, "--replace").exit_code == 0
    assert target.read_text() != "mine"


def test_what_is_no_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_bytes(b"%PDF-1.4")
    result = run_import(path, "-o", tmp_path / "new.yaml")
    assert result.exit_code == 2
    assert "PDF" in result.output
    assert not (tmp_path / "new.yaml").exists()


def test_a_language_nobody_knows_is_refused(form: Path, tmp_path: Path) -> None:
    result = run_import(form, "-o", tmp_path / "new.yaml", "--language", "martian")
    assert result.exit_code == 2
    assert "martian" in result.output


def test_a_definition_becomes_a_form_and_comes_back(tmp_path: Path) -> None:
    source, target = tmp_path / "small.yaml", tmp_path / "form.xlsx"
    source.write_text(SMALLEST, encoding="utf-8")
    result = CliRunner().invoke(export_form, [str(source), "-o", str(target)])
    assert result.exit_code == 0
    assert run_import(target, "-o", tmp_path / "again.yaml").exit_code == 0
    again = load_definition_file(tmp_path / "again.yaml")
    assert again.digest == load_definition_file(source).digest


def test_a_definition_with_errors_is_not_exported(tmp_path: Path) -> None:
    source, target = tmp_path / "small.yaml", tmp_path / "form.xlsx"
    source.write_text(SMALLEST.replace("version: 1", "version: one"), encoding="utf-8")
    result = CliRunner().invoke(export_form, [str(source), "-o", str(target)])
    assert result.exit_code == 1
    assert "small.yaml:2:" in result.output
    assert not target.exists()


def test_a_form_has_the_ending_of_a_spreadsheet(tmp_path: Path) -> None:
    source = tmp_path / "small.yaml"
    source.write_text(SMALLEST, encoding="utf-8")
    result = CliRunner().invoke(export_form, [str(source), "-o", str(tmp_path / "form.ods")])
    assert result.exit_code == 2
    assert ".xlsx" in result.output
