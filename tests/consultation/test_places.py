"""Where a message points: the line that a person looks for."""

from __future__ import annotations

import pytest

from app.consultation import DefinitionErrors
from app.consultation.loader import read_definition
from tests.complete import COMPLETE, check, with_blocks

TWICE = """\
choice_lists:
  agree:
    - {name: "no", lable: "No"}
    - {name: "yes", label: "Yes"}
pages:
  - name: first
    questions:
      - {name: rain, type: select_one, label: Rain?, choices: agree}
      - {name: sun, type: select_one, label: Sun?, choices: agree}
"""


def places(text: str) -> set[tuple[str, int, int]]:
    """Rule, line and column of each finding."""
    return {(finding.rule, finding.line, finding.column) for finding in check(text).findings}


def test_a_mistake_in_a_choice_list_is_told_once_where_the_list_stands() -> None:
    text = with_blocks(TWICE)
    line = next(i for i, each in enumerate(text.splitlines(), 1) if "lable" in each)
    written = text.splitlines()[line - 1]

    assert places(text) == {
        ("unknown-key", line, written.index("lable") + 1),
        ("missing-key", line, written.index("{") + 1),
    }


def test_a_mistake_in_the_use_of_a_list_is_told_where_it_is_used() -> None:
    text = with_blocks(TWICE.replace("lable", "label").replace("choices: agree}", "choices: x}"))
    lines = [i for i, each in enumerate(text.splitlines(), 1) if "choices: x" in each]

    assert {place[1] for place in places(text)} == set(lines)


def test_a_block_is_told_at_its_key() -> None:
    text = with_blocks("organisation:\n\n  # who asks\n  name: Somebody\n")

    assert places(text) == {("missing-key", text.splitlines().index("organisation:") + 1, 1)}


def test_a_text_in_one_language_is_told_at_that_language() -> None:
    text = with_blocks("public_name:\n  en: Questions\n  fr: Questions sur les abus\n")
    text = text.replace("languages: [en]", "languages: [en, fr]")
    line = next(i for i, each in enumerate(text.splitlines(), 1) if "les abus" in each)

    assert ("neutral-outside", line, 7) in places(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("title: \ud800", 1, 8),
        ("a: b\nc: \x00", 2, 4),
        ("a: b\r\nc: \x07", 2, 4),
        ('a: b\nc: "open\nd: e\n', 2, 4),
        ("a: [1,\nb: c", 1, 4),
        ("a: b\nkey\nc: d", 2, 1),
    ],
)
def test_what_is_no_yaml_is_told_where_it_begins(text: str, line: int, column: int) -> None:
    assert places(text) == {("yaml", line, column)}


def test_the_source_knows_every_line_of_a_file_with_windows_line_ends() -> None:
    _, source = read_definition(COMPLETE.replace("\n", "\r\n"), "example.yaml")
    lines = COMPLETE.splitlines()

    for path, (line, column) in source.keys.items():
        assert lines[line - 1][column - 1 :].startswith(f"{path[-1]}:")


def test_findings_come_in_the_order_of_the_file() -> None:
    text = COMPLETE.replace("minutes: 5", "minutes: x").replace("version: 1", "version: x")

    with pytest.raises(DefinitionErrors) as caught:
        read_definition(text, "example.yaml")
    found = [text.splitlines()[finding.line - 1] for finding in caught.value.findings]
    assert found == ["version: x", "minutes: x"]
