"""What pandas finds in the files of a data set, Arabic and Nepali labels included."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from ..sent import FIRST, SECOND, of
from .readers import codebook_of
from .test_formats import written

YES = "نعم، أخبرت شخصًا"
NEPALI = "नेपाली"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set with labels in the second language, where those are Arabic and Nepali."""
    made = tmp_path_factory.mktemp("pandas")
    rows = [
        of(FIRST, {"told": "yes", "safe": 0, "age": 14, "places": ["chat"], "since": "2026-11"}),
        of(FIRST, {}, declined=["told"], ended="complete"),
        of(SECOND, {"told": "new"}),
    ]
    written(made, rows, language="fr")
    return made / "set"


def test_csv_and_excel_say_the_same(folder: Path) -> None:
    csv = pd.read_csv(folder / "responses.csv", dtype=str, keep_default_na=False)
    excel = pd.read_excel(
        folder / "responses.xlsx", sheet_name="codes", dtype=str, engine="openpyxl"
    )

    assert sorted(csv["told"]) == ["998", "new", "yes"] == sorted(excel["told"])
    assert csv["age"].tolist() == excel["age"].fillna("").tolist()
    assert set(csv.columns) == set(codebook_of(folder)) == set(excel.columns)


def test_stata_has_words_and_numbers(folder: Path) -> None:
    named = pd.read_stata(folder / "responses.dta")
    numbers = pd.read_stata(folder / "responses.dta", convert_categoricals=False)

    told, safe = (codebook_of(folder)[name]["names"]["stata"] for name in ("told", "safe"))
    assert YES in named[told].tolist()
    assert named[told].isna().sum() == 1
    assert sorted(numbers[told].dropna()) == [1, 3]
    assert NEPALI in named[safe].tolist()


def test_spss_has_labels_and_what_is_missing(folder: Path) -> None:
    frame, _about = pyreadstat.read_sav(folder / "responses.sav", apply_value_formats=True)

    name = codebook_of(folder)["told"]["names"]["spss"]
    assert isinstance(frame, pd.DataFrame)
    assert YES in frame[name].tolist()
    assert frame[name].isna().sum() == 1
