"""The file of themes: what is wrong is told with its line, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.consultation import DefinitionErrors
from app.research.coding import Theme, load_themes, suggested

from .texts import THEMES


def write(folder: Path, text: str) -> Path:
    path = folder / "themes.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    book = load_themes(write(tmp_path, THEMES))

    assert [theme.name for theme in book.themes] == ["speed", "trust", "place"]
    assert book.themes[1].when == "Also when somebody says that nobody listened."
    assert book.for_question("anything") == book.themes


def test_a_theme_can_be_for_some_questions(tmp_path: Path) -> None:
    book = load_themes(write(tmp_path, THEMES + "    questions: [why]\n"))

    assert [theme.name for theme in book.for_question("why")] == ["speed", "trust", "place"]
    assert [theme.name for theme in book.for_question("how")] == ["speed", "trust"]


WRONG: dict[str, tuple[str, str, str]] = {
    "no label": ("    label: Being believed\n", "", ":6:5: Add “label: …”"),
    "a capital": ("name: trust", "name: Trust", ":6:11: Use only small letters"),
    "two of a name": ("name: trust", "name: speed", "Two themes are called “speed”"),
    "a reserved name": ("name: trust", "name: none", "“none” is what a coder says"),
    "a misspelt key": ("    definition: Whether", "    definitoin: Whether", "Did you mean “defin"),
    "words that are no list": ("[believe*]", "believe*", ":10:12: A list belongs here"),
    "an empty label": ("label: Being believed", 'label: ""', "This is empty."),
    "no list of themes": (THEMES, "topics: []", "Add “themes:”"),
    "an empty list": (THEMES, "themes: []", "List at least one theme."),
    "only a text": (THEMES, "speed", "Begin with “themes:”"),
    "broken YAML": ("  - name: trust", " - name: trust", ":6:2: "),
    "an alias": ("[believe*]", "*x", ":10:12: Anchors"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, wrong: str) -> None:
    before, after, message = WRONG[wrong]
    assert before in THEMES
    path = write(tmp_path, THEMES.replace(before, after, 1))

    with pytest.raises(DefinitionErrors) as refused:
        load_themes(path)

    assert message in str(refused.value)
    assert str(refused.value).startswith(f"{path}:")


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "themes.yaml"
    path.write_bytes("themes: é".encode("latin-1"))

    with pytest.raises(DefinitionErrors, match="UTF-8"):
        load_themes(path)


def theme(*words: str) -> Theme:
    return Theme(name="it", label="It", definition="It.", words=words)


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("slow", "They are SLOW.", True),
        ("slow", "slowly", False),
        ("slow", "too-slow!", True),
        ("slow", "unslow slow", True),
        ("wait*", "I was waiting", True),
        ("wait*", "await", False),
        ("no answer", "there was no\n  answer", True),
        ("भरोसा", "मलाई भरोसा छैन।", True),
        ("भरोस", "मलाई भरोसा छैन।", False),  # a vowel sign belongs to its word
        ("भरोस*", "मलाई भरोसा छैन।", True),
        ("ثقة", "لا ثقة لي", True),
        ("ثق", "لا ثقة لي", False),
        ("*", "anything", False),
        ("a.c", "abc", False),
        ("straße", "STRASSE", True),
    ],
)
def test_words_suggest_where_they_stand_alone(word: str, text: str, found: bool) -> None:
    assert (suggested(text, [theme(word)]) == {"it": word}) is found
