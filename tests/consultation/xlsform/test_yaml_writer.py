"""YAML that the strict loader reads back to the letter."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.consultation.xlsform.form import Text
from app.consultation.xlsform.yaml_writer import Writer
from app.consultation.yaml_source import read_yaml

WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("\n\t '\"#:-?{}[],&*!|>%@`\\")
    ),
    max_size=40,
)
KEYS = st.text(st.sampled_from("abcxyz01_-"), min_size=1, max_size=6)
TEXTS = st.dictionaries(st.sampled_from(["en", "no", "pt-BR"]), WORDS, min_size=2).map(Text)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        st.one_of(WORDS, TEXTS),
        lambda inner: st.one_of(
            st.dictionaries(KEYS, inner, min_size=1, max_size=3),
            st.lists(st.dictionaries(KEYS, inner, min_size=1, max_size=2), min_size=1, max_size=3),
            st.lists(WORDS, min_size=1, max_size=3),
        ),
        max_leaves=10,
    ),
    min_size=1,
    max_size=4,
)


@given(TREES)
def test_every_tree_is_read_back(tree: dict[str, Any]) -> None:
    assert read_yaml(Writer().text(tree), "x.yaml").tree == tree


@given(TREES)
def test_lists_on_one_line_are_read_back(tree: dict[str, Any]) -> None:
    writer = Writer(compact=frozenset({"choices"}))
    listed = {"choices": [tree, tree]}
    assert read_yaml(writer.text(listed), "x.yaml").tree == listed


def test_a_text_of_several_lines_is_a_block() -> None:
    tree = {"label": Text(en="One\n\n- two: three")}
    assert Writer().text(tree) == "label: |-\n  One\n\n  - two: three\n"


def test_comments_stand_behind_and_above() -> None:
    writer = Writer({("a", "b"): "row 3"}, {("a",): "Here\n\nit begins"})
    assert writer.text({"a": {"b": "c"}}) == "\n# Here\n\n# it begins\na:\n  b: c  # row 3\n"


def test_words_that_yaml_would_misread_are_quoted() -> None:
    written = Writer().text({"a": "no", "b": "null", "c": "012x y", "d": "plain_name"})
    assert written == 'a: "no"\nb: "null"\nc: "012x y"\nd: plain_name\n'
