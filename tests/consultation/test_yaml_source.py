"""The plain YAML of the consultation language, and what of YAML is refused."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.consultation import DefinitionErrors
from app.consultation.yaml_source import MAX_BYTES, MAX_DEPTH, read_yaml

REFUSED = {
    "an anchor": ("a: &x 1\n", (1, 4)),
    "an anchor on a list": ("a:\n  &x\n  - 1\n", (2, 3)),
    "an alias": ("a: 1\nb: *x\n", (2, 4)),
    "a tag": ("a: !!str 1\n", (1, 4)),
    "a tag that makes an object": ("a: !!python/object/apply:os.system ['true']\n", (1, 4)),
    "a tag of one's own": ("a: !place here\n", (1, 4)),
    "two documents": ("a: 1\n---\nb: 2\n", (2, 1)),
    "a key twice": ("a: 1\nb: 2\na: 3\n", (3, 1)),
    "a key twice, once empty": ("a:\na: 1\n", (2, 1)),
    "a key twice in braces": ("a: {b: 1, b: 2}\n", (1, 11)),
    "a key twice, in quotes": ("a: 1\n'a': 2\n", (2, 1)),
    "a tab for indenting": ("a:\n\tb: 1\n", (2, 1)),
    "a tab in a text": ("a: one\ttwo\n", (1, 7)),
    "a list as a key": ("? [a, b]\n: 1\n", (1, 3)),
    "a map as a key": ("? {a: b}\n: 1\n", (1, 3)),
    "a bracket that stays open": ("a: [1, 2\nb: 3\n", None),
    "a quotation mark that stays open": ('a: "one\nb: 2\n', None),
    "a colon in a text": ("a: one: two\n", None),
    "a line that does not line up": ("a:\n  b: 1\n c: 2\n", None),
    "a sign that no text may hold": ("a: one\x00two\n", None),
    "a control sign": ("a: one\x07two\n", None),
}


def refused_at(text: str) -> tuple[int, int]:
    with pytest.raises(DefinitionErrors) as told:
        read_yaml(text, "small.yaml")
    (finding,) = told.value.findings
    assert finding.file == "small.yaml"
    assert finding.message
    return finding.line, finding.column


@pytest.mark.parametrize(("text", "place"), REFUSED.values(), ids=REFUSED)
def test_what_a_facilitator_does_not_need_is_refused_at_its_place(
    text: str, place: tuple[int, int] | None
) -> None:
    told = refused_at(text)

    assert told == (place or told)
    assert 1 <= told[0] <= text.count("\n") + 1


def test_a_merge_key_merges_nothing() -> None:
    assert read_yaml("a: {<<: {b: 1}}\n", "small.yaml").tree == {"a": {"<<": {"b": "1"}}}


@pytest.mark.parametrize(
    "written",
    [
        *("no", "Yes", "on", "true", "012", "0o14", "0x1F", "1_000", "1.10", "1e3", ".inf", ".nan"),
        *("12:30", "1:02:03", "2026-12-01", "2026-12-01T10:00:00Z", "=", "<<", "-1", "+1", "é"),
    ],
)
def test_every_scalar_is_text(written: str) -> None:
    tree = read_yaml(f"a: {written}\nb: [{written}]\n{written}: c\n", "small.yaml").tree

    assert tree == {"a": written, "b": [written], written: "c"}


def test_a_key_with_nothing_behind_it_is_not_there() -> None:
    assert read_yaml("a:\nb: null\nc: ~\nd: ''\ne: 'null'\n", "small.yaml").tree == {
        "d": "",
        "e": "null",
    }


def test_texts_over_several_lines_are_read_as_yaml_says() -> None:
    tree = read_yaml("a: |\n  one\n  two\nb: >\n  one\n  two\nc: one\n  two\n", "small.yaml").tree

    assert tree == {"a": "one\ntwo\n", "b": "one two\n", "c": "one two"}


def test_every_node_remembers_where_it_stands() -> None:
    source = read_yaml("a:\n  - b: 1\n    c: [2, 3]\n", "small.yaml")

    assert [source.place(path) for path in (("a", 0, "b"), ("a", 0, "c", 1))] == [(2, 8), (3, 12)]
    assert source.place(("a", 0, "b", "deeper", 7)) == (2, 8)
    assert source.place(("nowhere",)) == (1, 1)


def test_a_file_of_a_mebibyte_is_the_longest() -> None:
    line = "a: " + "é" * 200 + "\n"
    longest = "#" * (MAX_BYTES - len(line.encode()) - 1) + "\n" + line

    assert read_yaml(longest, "small.yaml").tree == {"a": "é" * 200}
    assert refused_at("#" + longest) == (1, 1)


def nested(depth: int, opening: str = "[", closing: str = "]") -> str:
    return opening * depth + "x" + closing * depth


def test_twenty_levels_are_the_deepest() -> None:
    assert MAX_DEPTH == 20
    assert read_yaml(nested(MAX_DEPTH), "small.yaml").tree is not None
    refused_at(nested(MAX_DEPTH + 1))
    refused_at(nested(MAX_DEPTH + 1, "{a: ", "}"))


@pytest.mark.parametrize(
    "text",
    [
        nested(100_000),
        "[" * 500_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "".join(f"k{number}: &a{number} x\n" for number in range(10_000)),
        "a: [" + "x, " * 150_000 + "]",
    ],
    ids=["brackets", "open", "braces", "dashes", "question marks", "anchors", "a long list"],
)
def test_a_file_made_to_hurt_is_refused_quickly(text: str) -> None:
    before = time.process_time()

    refused_at(text)

    assert time.process_time() - before < 20


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab:-?,[]{}#&*!|>'\"%@` \n\té\u2028\ud7ff", max_size=60))
def test_any_text_is_read_or_refused_and_never_a_crash(text: str) -> None:
    try:
        source = read_yaml(text, "small.yaml")
    except DefinitionErrors:
        return
    assert source.file == "small.yaml"
