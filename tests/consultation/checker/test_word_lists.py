"""The lists that facilitators can read, and how they are looked for."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from app.consultation.checker.word_lists import FOLDER, find_words, fold, has_lists

FILES = sorted(FOLDER.glob("*.txt"))
LANGUAGES = {"en", "fr", "es", "ar", "pt", "sw", "ne", "bn"}


def entries(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]


def test_every_list_is_there_in_every_language() -> None:
    languages = defaultdict(set)
    for path in FILES:
        name, tag, _ = path.name.split(".")
        languages[name].add(tag)

    assert languages
    assert all(tags == LANGUAGES for tags in languages.values()), languages


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_list_says_what_it_is_for_and_who_read_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert lines[0].startswith("# ")
    assert lines[1].startswith("# Reviewed: ")
    assert len(entries(path)) == len({fold(entry) for entry in entries(path)})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_entry_is_found(path: Path) -> None:
    """Each line finds the text that it stands for, so that none of them is dead."""
    name, tag, _ = path.name.split(".")
    for entry in entries(path):
        text = entry.removeprefix("= ").replace("…", "a bb").replace("*", "")
        assert find_words(name, tag, text.upper()), entry


@pytest.mark.parametrize(
    ("name", "tag", "text", "found"),
    [
        ("sensitive", "en", "After Sexual   abuse, help.", ["Sexual abuse"]),
        ("sensitive", "en", "An abused person", ["abused"]),
        ("sensitive", "en", "A grapefruit and a therapist", []),
        (
            "accounts",
            "en",
            "Please describe, in detail, what happened",
            ["describe, in detail, what happened"],
        ),
        (
            "accounts",
            "en",
            "Describe what you think happened then",
            ["Describe what you think happened"],
        ),
        ("accounts", "es", "Cuenta lo que te paso", ["Cuenta lo que te paso"]),
        ("accounts", "fr", "Raconte-nous ce qui s’est passé", ["Raconte-nous ce qui s’est passé"]),
        ("sensitive", "ar", "أسئلة عن الاعتداءِ الجنسيّ", ["الاعتداءِ الجنسي"]),
        ("sensitive", "ne", "यौन दुर्व्यवहारपछि", ["यौन", "दुर्व्यवहारपछि"]),
        ("other", "en", "Other", ["Other"]),
        ("other", "en", "Other people", []),
        ("telling", "pt-BR", "Perguntas sobre abuso", ["abuso"]),
        ("telling", "de", "Fragen zu Missbrauch", []),
    ],
)
def test_what_is_found(name: str, tag: str, text: str, found: list[str]) -> None:
    assert find_words(name, tag, text) == found


def test_a_language_without_lists_is_known_as_such() -> None:
    assert has_lists("pt-BR")
    assert not has_lists("de")
