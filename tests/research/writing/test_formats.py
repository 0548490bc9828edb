"""Every format holds the same answers, and other programs read them back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from app.research import FORMATS, DataSet, Wanted, open_bundle, unseal

from ..conftest import KEY, bundle_of, sealed
from ..sent import DOCUMENTS, FIRST, LONG, SECOND, of
from .readers import READERS, Row, codebook_of, read_dta, read_sav


def written(folder: Path, documents: list[bytes], **wanted: Any) -> DataSet:
    bundle_of(folder / "a.heard", [FIRST, SECOND], map(sealed, documents))
    with open_bundle(folder / "a.heard") as bundle:
        return unseal([bundle], KEY, folder / "set", wanted=Wanted(FORMATS, **wanted))


def could_not_be_held(row: Row, other: Row) -> dict[str, Any]:
    return {name: row[name] for name in row if other[name] is None}


def check_all_files_agree(folder: Path, documents: list[bytes]) -> None:
    done = written(folder, documents)
    in_csv = list(READERS["csv"](folder / "set"))
    assert len(in_csv) == len(documents)
    for name in ("xlsx", "parquet", "sav", "dta"):
        read = list(READERS[name](folder / "set"))
        empty = 0
        for row, other in zip(in_csv, read, strict=True):
            lost = could_not_be_held(row, other)
            empty += len(lost)
            # What looks like a code of its own column, or has more digits than a file can hold.
            assert all(
                value in (995, 996, 997, 998, 999, -999999997) or value > 2**53
                for value in lost.values()
            )
            assert {**other, **lost} == row
        assert done.left_empty.get(f"responses.{name}", 0) == empty


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(DOCUMENTS)
def test_every_format_gives_the_same_answers(
    tmp_path_factory: pytest.TempPathFactory, documents: list[bytes]
) -> None:
    check_all_files_agree(tmp_path_factory.mktemp("set"), documents)


@pytest.mark.thorough
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(DOCUMENTS)
def test_every_format_gives_the_same_answers_whatever_they_are(
    tmp_path_factory: pytest.TempPathFactory, documents: list[bytes]
) -> None:
    check_all_files_agree(tmp_path_factory.mktemp("set"), documents)


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set with labels in the second language, where those are Arabic and Nepali."""
    folder = tmp_path_factory.mktemp("arabic")
    answered = {"told": "yes", "safe": 0, "age": 14, "places": ["chat"], "since": "2026-11"}
    given_rows = [
        of(FIRST, answered),
        of(FIRST, {}, declined=["told"], ended="complete"),
        of(FIRST, {"words": "نص"}, ended="stopped", reached="page_1"),
        of(SECOND, {"told": "new"}),
    ]
    written(folder, given_rows, language="fr", with_text="to see texts in every file")
    return folder / "set"


def test_what_ibm_spss_sees(arabic: Path) -> None:
    frame, about = read_sav(arabic)

    labels = about.variable_value_labels["told"]
    assert labels[1] == "نعم، أخبرت شخصًا"
    assert labels[998] == "prefer not to say"
    assert about.variable_value_labels["safe"][0] == "नेपाली"
    assert about.missing_ranges["safe"] == [{"lo": 95.0, "hi": 99.0}]
    assert about.missing_ranges["age"] == [{"lo": 995.0, "hi": 999.0}]
    assert about.missing_ranges["consent__quotes"] == [{"lo": 95.0, "hi": 95.0}]
    assert about.variable_measure["safe"] == "ordinal"
    assert about.variable_measure["age"] == "scale"
    assert about.variable_measure["told"] == "nominal"
    # The label is whole in the codebook, and as long here as SPSS takes it: 256 bytes.
    shown = about.column_names_to_labels["told"]
    assert len(shown.encode()) <= 256
    assert shown.endswith("…")
    assert LONG["fr"].startswith(shown[:-1])
    assert codebook_of(arabic)["told"]["label"] == LONG
    assert sorted(frame["told"].to_list()) == [1, 3, 997, 998]
    assert "with" not in frame.columns  # a word of SPSS's own
    assert codebook_of(arabic)["with"]["names"]["spss"] in frame.columns
    plain, _ = read_sav(arabic, codes=False)
    assert sorted(plain["told"].drop_nulls().to_list()) == [1, 3]


def test_what_stata_sees(arabic: Path) -> None:
    frame, about = read_dta(arabic)

    assert about.variable_value_labels["told"][1] == "نعم، أخبرت شخصًا"
    assert "d" in frame["told"].to_list()
    assert about.variable_value_labels["told"]["d"] == "prefer not to say"
    assert all(len(name) <= 32 for name in frame.columns)
    assert len(about.column_names_to_labels["told"]) <= 80
    plain, _ = read_dta(arabic, codes=False)
    assert plain["told"].null_count() == 2
    assert sorted(plain["words"].to_list()) == ["", "", "", "نص"]


def test_words_have_three_missing_values_in_spss(arabic: Path) -> None:
    frame, about = read_sav(arabic)

    assert sorted(frame["words"].to_list()) == ["97", "97", "99", "نص"]
    spans = about.missing_ranges["words"]
    assert [span["lo"] for span in spans] == ["97", "98", "99"]


def test_parquet_carries_its_codebook(arabic: Path) -> None:
    path = arabic / "responses.parquet"
    schema = pl.read_parquet_schema(path)
    assert schema["age"] == schema["places__chat"] == pl.Int64
    assert schema["hours"] == pl.Float64
    assert schema["told"] == pl.String
    inside = json.loads(pl.read_parquet_metadata(path)["heard:codebook"])
    outside = json.loads((arabic / "codebook.json").read_text(encoding="utf-8"))
    assert inside["columns"] == outside["columns"]
    assert inside["title"] == outside["title"]


def test_numbers_of_choices_stay_when_a_version_brings_more(arabic: Path) -> None:
    numbers = codebook_of(arabic)["told"]["numbers"]

    # The first version's, as they stood there; then what the second brought.
    assert numbers == {"96": 96, "yes": 1, "no": 2, "new": 3}
    assert codebook_of(arabic)["heard__adults"]["numbers"] == {"1": 1, "2": 2}


def test_only_what_was_asked_for_is_there(tmp_path: Path) -> None:
    bundle_of(tmp_path / "a.heard", [FIRST], [sealed(of(FIRST, {"age": 15}))])

    with open_bundle(tmp_path / "a.heard") as bundle:
        done = unseal([bundle], KEY, tmp_path / "set", wanted=Wanted(("parquet",)))

    files = {each.name for each in (tmp_path / "set").iterdir()}
    assert files == set(done.files) == {
        "codebook.html", "codebook.json", "codebook.xml", "quotes.csv", "responses.parquet",
        "texts.csv", "texts.html",
    }  # fmt: skip
    assert {each.stat().st_mode & 0o777 for each in (tmp_path / "set").iterdir()} == {0o600}


def test_a_label_sheet_reads_as_people_speak(arabic: Path) -> None:
    names, *rows = openpyxl.load_workbook(arabic / "responses.xlsx")["labels"].iter_rows(
        values_only=True
    )
    told = [row[names.index("told")] for row in rows]
    assert sorted(map(str, told)) == sorted(
        [
            "نعم، أخبرت شخصًا",
            "prefer not to say",
            "skipped: it was shown and left open",
            "new en français",
        ]
    )
    assert isinstance(rows[0][names.index("version")], int)
