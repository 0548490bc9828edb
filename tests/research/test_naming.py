"""Names that SPSS, Stata and R accept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.naming import legal_names

NAME = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)
COLUMN = NAME | st.builds("{}__{}".format, NAME, NAME)
# From the manuals; case does not matter to SPSS.
SPSS = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
STATA = {"if", "in", "using", "with", "float", "double", "long", "int", "byte", "strl", "str"}
R = {"if", "else", "repeat", "while", "function", "for", "next", "break", "in"}


@given(st.lists(COLUMN | st.sampled_from(sorted(SPSS | STATA | R)), unique=True, max_size=30))
def test_every_name_is_legal_and_there_once(columns: list[str]) -> None:
    names = legal_names(columns)

    assert [name.plain for name in names] == columns
    for program, longest, words in (("spss", 64, SPSS), ("stata", 32, STATA), ("r", 90, R)):
        given_names = [getattr(name, program) for name in names]
        assert len(set(given_names)) == len(columns)
        for given_name, column in zip(given_names, columns, strict=True):
            assert re.fullmatch(rf"[a-z][a-z0-9_]{{0,{longest - 1}}}", given_name)
            assert given_name not in words
            if len(column) <= longest and column not in words:
                assert given_name == column


@given(
    st.lists(
        COLUMN.filter(lambda name: name not in SPSS | STATA | R),
        unique=True,
        min_size=2,
        max_size=10,
    )
)
def test_a_column_more_renames_no_other(columns: list[str]) -> None:
    *fewer, _ = columns

    before = {name.plain: name for name in legal_names(fewer)}

    after = {name.plain: name for name in legal_names(columns)}
    assert all(after[name] == before[name] for name in fewer)


@pytest.mark.parametrize(
    ("column", "stata"),
    [
        ("told", "told"),
        ("in", "in_"),
        (
            "what_would_help_children_most_now__a_button_to_tell",
            r"what_would_hel__a_button_to_[0-9a-f]{4}",
        ),
        ("a_question_of_one_part_that_is_long_", r"a_question_of_one_part_that_[0-9a-f]{4}"),
    ],
)
def test_a_long_name_keeps_both_beginnings(column: str, stata: str) -> None:
    (name,) = legal_names([column])

    assert re.fullmatch(stata, name.stata)
