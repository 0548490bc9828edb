"""Every rule is explained, fires on the bad example of its page, and not on the good one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.consultation.checker import RULES, Rule
from tests.complete import COMPLETE, check, with_blocks

PAGES = Path(__file__).parents[3] / "docs" / "rules"
HERE = "# <- here"
OF_DEFINITIONS = [
    pytest.param(
        name, marks=pytest.mark.requirement(*re.findall(r"\bR\d+\b", RULES[name].source)), id=name
    )
    for name in sorted(set(RULES) - {"support-file"})
]
"""`support-file` is about files of the directory: tests/commands/test_checking.py."""


@dataclass(frozen=True)
class Page:
    """What the page of a rule says."""

    text: str
    bad: str
    good: str


def read_page(name: str) -> Page:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    bad, good = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return Page(text, bad, good)


def test_the_complete_consultation_has_no_finding() -> None:
    assert check(COMPLETE).findings == ()


@pytest.mark.parametrize("name", OF_DEFINITIONS)
def test_the_bad_example_is_found_where_it_is_marked(name: str) -> None:
    bad = read_page(name).bad
    text = with_blocks(bad)
    first_line = len(text.splitlines()) - len(bad.splitlines()) + 1
    marked = [number for number, line in enumerate(text.splitlines(), 1) if HERE in line]

    of_rule = [finding for finding in check(text).findings if finding.rule == name]
    found = [finding for finding in of_rule if finding.line >= first_line]

    assert [finding.line for finding in found] == marked
    assert marked
    assert {finding.level for finding in found} == {RULES[name].level}


@pytest.mark.parametrize("name", OF_DEFINITIONS)
def test_the_good_example_is_not_found(name: str) -> None:
    checked = check(with_blocks(read_page(name).good))

    assert [f for f in checked.findings if f.rule == name] == []
    assert [f for f in checked.findings if f.level == "error"] == []


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {*RULES, "README"}


@pytest.mark.parametrize("each", RULES.values(), ids=lambda each: each.name)
def test_a_page_says_the_level_the_source_and_if_it_can_be_silenced(each: Rule) -> None:
    text = read_page(each.name).text

    assert text.startswith(f"# {each.name}\n\n**{each.level}** · {each.source} · {each.why}\n")
    assert ("It can be silenced" in " ".join(text.split())) == each.can_be_silenced


def test_the_index_lists_every_rule() -> None:
    rows = [
        f"| [{each.name}]({each.name}.md) | {each.level} | {each.source} | {each.why} |"
        for each in RULES.values()
    ]
    listed = re.findall(
        r"^\| \[.*\|$", (PAGES / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sorted(listed) == sorted(rows)
