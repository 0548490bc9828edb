"""Files that a report is made from: rules that do not fit, folders that are no data set."""

from __future__ import annotations

import json
import random
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands import main
from app.research import open_bundle, unseal
from app.research.disclosure import RulesError, read_rules
from app.research.opened import DataSetError, open_data_set
from app.research.unsealing import Wanted
from tests.research.answering import answered, opened_folder
from tests.research.conftest import KEY, bundle_of, make_definition, make_document, sealed

from .printed import read_page, read_sentences

QUESTIONS = (
    {"name": "age", "type": "integer", "from": 10, "to": 30},
    {"name": "where", "type": "select_one", "choices": ["hills", "coast", "island"]},
    {"name": "said", "type": "text"},
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """240 people."""
    return opened_folder(tmp_path_factory.mktemp("data"), make_definition(QUESTIONS), {None: 240})


def report(data: Path, out: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["report", str(data), "-o", str(out), *options])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("by: [nowhere]", "which is no question here"),
        ("by: [age]", "Tables are made by a question with one answer"),
        ("by: [said]", "Tables are made by a question with one answer"),
        ("coarsen: {age: {bands: [15-10]}}", "begins with its lower number"),
        ("coarsen: {age: {bands: [10-15, 15-20]}}", "each number in one"),
        ("coarsen: {age: {bands: [ten]}}", "write a band as 13-15"),
        ("coarsen: {age: {}}", "write either bands"),
        ("coarsen: {where: {bands: [1-2]}}", "are no numbers"),
        ("coarsen: {age: {groups: [{label: A, choices: [x]}]}}", "for numbers write bands"),
        ("coarsen: {where: {groups: [{label: A, choices: [moon]}]}}", "has no such answer"),
        (
            "coarsen: {where: {groups: [{label: A, choices: [hills, hills]}]}}",
            "stands in two groups",
        ),
        ("weihg: equal", "no such key in a rule file. Did you mean “weigh”?"),
        ("by: age", "write a list in square brackets"),
        ("by: [age", "is not YAML: look at line 1"),
        ("weigh: double", "Input should be 'equal'"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused_and_nothing_is_left(
    data: Path, tmp_path: Path, written: str, said: str
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(written, encoding="utf-8")

    done = report(data, tmp_path / "out", "--rules", str(rules))

    assert done.exit_code == 2
    assert said in done.output
    assert sorted(tmp_path.iterdir()) == [rules]


def test_bands_and_groups_are_counted_as_one(data: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "by: [age]\n"
        "coarsen:\n"
        "  age: {bands: [10-17, 18-25]}\n"
        "  where: {groups: [{label: By the sea, choices: [coast, island]}]}\n",
        encoding="utf-8",
    )

    done = report(data, tmp_path / "out", "--rules", str(rules))

    assert done.exit_code == 0, done.output
    tables = {t.caption: t for t in read_page((tmp_path / "out/report.html").read_text("utf-8"))}
    bands = ["10\N{EN DASH}17", "18\N{EN DASH}25", "Outside these bands"]
    assert list(tables["age in English"].rows)[:3] == bands
    assert list(tables["where in English"].rows)[:2] == ["By the sea", "hills in English"]
    assert tables["where in English By: age in English"].columns == [*bands, "Did not say"]


def test_a_number_without_bands_is_not_told(data: Path, tmp_path: Path) -> None:
    assert report(data, tmp_path / "out").exit_code == 0

    page = (tmp_path / "out/report.html").read_text("utf-8")
    said = " ".join(read_sentences(page))
    assert "No bands were set." in said
    age = next(table for table in read_page(page) if table.caption == "age in English")
    assert set(age.rows) == age.totals


def test_only_its_owner_reads_a_report_and_nothing_is_overwritten(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert report(data, out).exit_code == 0
    before = {path: path.read_bytes() for path in out.iterdir()}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in before} == {0o600}
    assert {path.name for path in before} == {"report.html", "report.pdf", "tables.xlsx"}

    again = report(data, out)

    assert again.exit_code == 2
    assert "nothing is overwritten" in again.output
    assert {path: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize("threshold", ["4", "0", "-3"])
def test_under_five_is_refused(data: Path, tmp_path: Path, threshold: str) -> None:
    assert report(data, tmp_path / "out", "--threshold", threshold).exit_code == 2


def test_a_language_that_the_consultation_has_not_is_refused(data: Path, tmp_path: Path) -> None:
    done = report(data, tmp_path / "out", "--language", "ar")

    assert done.exit_code == 2
    assert "Choose one of: en, fr." in done.output


def test_themes_are_people_too(data: Path, tmp_path: Path) -> None:
    """Ten and more are told; a theme of three is hidden, and what would reveal it."""
    copied = tmp_path / "data"
    copied.mkdir()
    for path in data.iterdir():
        (copied / path.name).write_bytes(path.read_bytes())
    themes = [{"name": "help", "label": "Help"}, {"name": "rare", "label": "Rare"}]
    coded = {"themes": themes, "texts": 60, "counts": {"help": 40, "rare": 3}, "kappa": {}}
    coding = {"format": 1, "questions": {"said": coded}}
    (copied / "coding.json").write_text(json.dumps(coding), encoding="utf-8")

    assert report(copied, tmp_path / "out").exit_code == 0

    tables = read_page((tmp_path / "out/report.html").read_text("utf-8"))
    table = next(t for t in tables if t.caption.startswith("What people wrote about"))
    assert table.rows["Rare"] == ["fewer than 10, or hidden"]
    shown = [table.rows["Help"][0], table.rows["Texts that were read and sorted"][0]]
    assert shown in (["67% (40 of 60)", "60"], ["40", "fewer than 10, or hidden"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("codebook.json", None, "has no codebook.json"),
        ("codebook.json", "{", "is not JSON"),
        ("codebook.json", "[]", "is not as Heard writes it"),
        ("codebook.json", '{"format": 2}', "is not as Heard writes it"),
        ("responses.csv", None, "neither responses.csv nor responses.parquet"),
        ("responses.csv", "version,language\n1,en\n", "lacks the column collector"),
        ("coding.json", '{"format": 1, "questions": 3}', "is not as Heard writes it"),
        (
            "coding.json",
            '{"format":1,"questions":{"said":{"themes":[{"name":"a","label":"A"}],"texts":3,'
            '"counts":{"a":9}}}}',
            "has to be between 0 and the 3 texts",
        ),
    ],
)
def test_a_folder_that_is_no_data_set_is_refused_in_plain_words(
    data: Path, tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    for path in data.iterdir():
        if path.name != name:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")

    with pytest.raises(DataSetError, match=re.escape(said)):
        open_data_set(tmp_path)


def test_a_parquet_file_gives_the_same_reports(data: Path, tmp_path: Path) -> None:
    definition = make_definition((*QUESTIONS, {"name": "hours", "type": "decimal"}))
    bundle = tmp_path / "all.heard"
    chance = random.Random(1)  # noqa: S311 - the same people each time
    people = [answered(definition, chance, None) for _ in range(60)]
    bundle_of(bundle, [definition], [sealed(make_document(definition, **each)) for each in people])
    with open_bundle(bundle) as opened:
        unseal([opened], KEY, tmp_path / "both", wanted=Wanted(formats=("csv", "parquet")))

    by_csv = open_data_set(tmp_path / "both")
    (tmp_path / "both" / "responses.csv").unlink()
    by_parquet = open_data_set(tmp_path / "both")

    for column in by_csv.codebook.columns:
        assert by_csv.cells(column.column) == by_parquet.cells(column.column)


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match="There is no folder"):
        open_data_set(tmp_path / "nothing")
    with pytest.raises(RulesError, match="cannot be read"):
        read_rules(tmp_path / "nothing.yaml")


def test_rows_taken_out_by_hand_are_noticed(data: Path, tmp_path: Path) -> None:
    for path in data.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "responses.csv"
    table.write_bytes(b"\r\n".join(table.read_bytes().split(b"\r\n")[:-2]) + b"\r\n")

    with pytest.raises(DataSetError, match=r"239 rows, and codebook\.json says 240"):
        open_data_set(tmp_path)


@pytest.mark.parametrize("people", [0, 1, 9])
def test_r97_a_handful_gets_no_report(tmp_path: Path, people: int) -> None:
    """The noughts beside it would say what each of them answered."""
    data = opened_folder(tmp_path, make_definition(QUESTIONS), {None: people})

    done = report(data, tmp_path / "out")

    assert done.exit_code == 2
    assert "Fewer than 10 people took part" in done.output
    assert not (tmp_path / "out").exists()


def test_a_question_that_everybody_left_open_is_told_so(tmp_path: Path) -> None:
    """Here are 30 people who were asked everything and said nothing."""
    definition = make_definition(
        [
            {"name": "where", "type": "select_one", "choices": ["hills", "coast"]},
            {"name": "land", "type": "country"},
            {"name": "told", "type": "select_multiple", "choices": ["friend", "parent"]},
        ]
    )
    bundle = tmp_path / "all.heard"
    bundle_of(bundle, [definition], [sealed(make_document(definition)) for _ in range(30)])
    with open_bundle(bundle) as opened:
        unseal([opened], KEY, tmp_path / "data")

    assert report(tmp_path / "data", tmp_path / "out").exit_code == 0

    page = (tmp_path / "out/report.html").read_text("utf-8")
    said = read_sentences(page)
    assert said.count("Nobody answered about this.") == 4  # and once for children
    assert not any(text.startswith(("Without a bar", "Here is what they")) for text in said)
    tables = {table.caption: table for table in read_page(page)}
    assert tables["where in English"].rows["Left it open"] == ["30"]
    assert tables["where in English"].rows["Answered"] == ["0"]


def test_r97_a_report_is_not_made_among_answers_in_the_clear(data: Path) -> None:
    before = sorted(data.iterdir())

    done = report(data, data / "report")

    assert done.exit_code == 2
    assert "name a folder outside" in done.output
    assert sorted(data.iterdir()) == before


def test_a_file_is_no_data_set(data: Path, tmp_path: Path) -> None:
    done = report(data / "responses.csv", tmp_path / "out")

    assert done.exit_code == 2
    assert "is a file. Name the folder" in done.output
