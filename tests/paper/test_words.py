"""Heard's own sentences on paper: all of a language, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.paper.words import MissingSentence, Words

from .catalogues import write_catalogue


def test_english_is_the_language_of_the_source() -> None:
    assert Words("en").gettext("Tick one circle.") == "Tick one circle."
    assert Words("en-GB").gettext("Year") == "Year"


def test_a_region_uses_the_catalogue_of_its_language(tmp_path: Path) -> None:
    write_catalogue(tmp_path, "ne")

    assert Words("ne-NP", tmp_path).gettext("Year") == "राष्ट्रिय"


def test_a_language_without_a_catalogue_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(MissingSentence, match=r"Nepali \(ne\).*“Year”"):
        Words("ne", tmp_path).gettext("Year")


@pytest.mark.parametrize("missing", ["Tick one circle.", "It takes about %(num)d minute."])
def test_one_missing_sentence_is_refused(tmp_path: Path, missing: str) -> None:
    """R75: no English in between."""
    write_catalogue(tmp_path, "bn", without=missing)
    words = Words("bn", tmp_path)

    assert words.gettext("Year")
    with pytest.raises(MissingSentence, match="Bangla"):
        words.ngettext(missing, missing, 2) if "%" in missing else words.gettext(missing)


@pytest.mark.parametrize(
    ("language", "direction"),
    [("en", "ltr"), ("ar", "rtl"), ("ne", "ltr"), ("ur", "rtl"), ("pa-Arab", "rtl")],
)
def test_it_knows_which_way_a_language_is_written(language: str, direction: str) -> None:
    assert Words(language).direction == direction


def test_lists_and_quotations_are_those_of_the_language() -> None:
    assert Words("en").any_of(["1", "2", "3"]) == "1, 2, or 3"
    assert Words("fr").all_of(["1", "2"]) == "1 et 2"
    assert Words("fr").quoted("oui") == "«\u202foui\u202f»"
    assert Words("ne").quoted("हो") == "“हो”"
