"""Conditions as forms write them, in the consultation language or listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.expressions import parse_expression
from app.consultation.xlsform.conditions import (
    Scope,
    Subject,
    own_tree,
    translate,
    with_columns,
)
from app.consultation.xlsform.field_conditions import read_condition
from app.consultation.xlsform.spelling import Spelling, spelled

SUBJECTS = {
    "one": Subject("one", "select_one", {"Yes": "yes", "no": "no"}),
    "Rate.1": Subject("rate_1", "select_one", {"1": "1", "2": "2", "3": "3"}),
    "many": Subject("many", "select_multiple", {"a-b": "a_b", "c": "c"}),
    "age": Subject("age", "integer"),
    "scale": Subject("scale", "scale"),
    "words": Subject("words", "text"),
    "day": Subject("day", "date"),
    "land": Subject("land", "country", {"AFG": "AF"}),
    "order": Subject("order", "rank", {"a": "a"}),
}
SCOPE = Scope(
    SUBJECTS, lambda name: f"no {name}", Subject("mine", "select_multiple", {"x": "x"}), "me"
)

SAID = {
    "${one} = 'Yes'": "${one} = 'yes'",
    "${one}=‘Yes’": "${one} = 'yes'",
    "'Yes' = ${one}": "${one} = 'yes'",
    "selected(${one}, 'Yes')": "selected(${one}, 'yes')",
    "selected( ${many},'a-b')": "selected(${many}, 'a_b')",
    "${many} = 'c'": "selected(${many}, 'c') and count_selected(${many}) = 1",
    "not(${many} != 'c')": "selected(${many}, 'c') and count_selected(${many}) = 1",
    "${one} != ''": "answered(${one})",
    "${one} = ''": "not(answered(${one}))",
    "string-length(${words}) > 0": "answered(${words})",
    "not(string-length(${words}) = 0)": "answered(${words})",
    "${words}": "answered(${words})",
    "${age} >= 18 and ${age}<65": "${age} >= 18 and ${age} < 65",
    "${age} = '18'": "${age} = 18",
    "${age} > -1": "${age} > -1",
    "18 <= ${age}": "${age} >= 18",
    "${age} + 1 > ${scale} * 2": "${age} + 1 > ${scale} * 2",
    "number(${age}) = 3": "${age} = 3",
    "${scale} = '3'": "${scale} = 3",
    "${Rate.1} > 1": "${rate_1} = '2' or ${rate_1} = '3'",
    "${Rate.1} > 5": "false()",
    "${Rate.1} = 2": "${rate_1} = '2'",
    "count-selected(${many}) >= 2": "count_selected(${many}) >= 2",
    "count-selected(.) < 3": "count_selected(.) < 3",
    "not(selected(., 'x') and count-selected(${me}) > 1)": (
        "not(selected(., 'x') and count_selected(.) > 1)"
    ),
    "${land} = 'AFG'": "${land} = 'AF'",
    "selected(${order}, 'a')": "selected(${order}, 'a')",
    "selected(${one}, 'Yes') = true()": "selected(${one}, 'yes')",
    "selected(${one}, 'Yes') = false()": "not(selected(${one}, 'yes'))",
    "(${one} = 'Yes' or ${age} > 3) and ${age}<9": "(${one} = 'yes' or ${age} > 3) and ${age} < 9",
    "${one} = 'Yes' AND ${age} > 3 OR ${age} = 1": "${one} = 'yes' and ${age} > 3 or ${age} = 1",
    "form$one == 'Yes' & !is.na(age)": "${one} = 'yes' and answered(${age})",
    "stringr::str_detect(x$many, 'c')": "selected(${many}, 'c')",
    "many %contains% 'c' || age <> 3": "selected(${many}, 'c') or ${age} != 3",
    "../words = 'x'": "${words} = 'x'",
    "/data/group/words = 'x'": "${words} = 'x'",
    "false": "false()",
    "FALSE": "false()",
}
LOST = {
    "regex(., '^[0-9]+$')": "regex()",
    "today() > '2020-01-01'": "today()",
    "if(${age} > 3, true(), false())": "if()",
    "pulldata('a', 'b', 'c', ${age}) = 1": "pulldata()",
    "selected-at(${many}, 0) = 'c'": "selected-at()",
    "coalesce(${age}, 0) > 1": "coalesce()",
    "once(random()) < 0.5": "once()",
    "position(..) = 1": "position()",
    "instance('x')/root/item[name=${one}]/y = 1": "instance()",
    "${age} div 2 > 3": "divide",
    "${one} = 'maybe'": "no choice “maybe”",
    "${later} = 1": "no later",
    "${day} > '2020-01'": "month or a year",
    "${age} = 'old'": "number",
    "${one} > 1": "not all numbers",
    "${many} > 1": "several answers",
    "count-selected(${one}) > 0": "one answer",
    "string-length(${words}) > 3": "count letters",
    "${one} = true()": "not yes or no",
    "((((": "cannot be read",
    "${age} and": "cannot be read",
    "(" * 2000 + "1" + ")" * 2000: "longer than",
}


@pytest.mark.parametrize("source", SAID)
def test_a_condition_is_said_in_our_words(source: str) -> None:
    found = translate(source, SCOPE)
    assert found.lost == ()
    assert found.tree is not None
    assert spelled(found.tree) == SAID[source]
    assert parse_expression(spelled(found.tree)) == found.tree


@pytest.mark.parametrize("source", LOST)
def test_what_cannot_be_said_is_named(source: str) -> None:
    found = translate(source, SCOPE)
    assert found.tree is None
    assert LOST[source] in found.lost[0]


def test_parts_that_can_be_said_are_kept() -> None:
    found = translate("${age} > 17 and regex(${words}, 'x') and ${one} = 'Yes'", SCOPE)
    assert found.tree is not None
    assert spelled(found.tree) == "${age} > 17 and ${one} = 'yes'"
    assert found.lost == ("Heard has no regex()",)


def test_one_part_that_cannot_be_said_spoils_an_or() -> None:
    assert translate("${age} > 17 or regex(${words}, 'x')", SCOPE).tree is None


def test_what_always_holds_is_no_condition() -> None:
    found = translate("true() and 1 = 1", SCOPE)
    assert (found.tree, found.lost) == (None, ())


def test_a_choice_filter_looks_at_the_columns_of_each_choice() -> None:
    tree = read_condition("kind = ${one} and not(zone = 'far')")
    near = with_columns(tree, {"kind": "Yes", "zone": "near"}, {"kind", "zone"})
    assert near[1] == ["=", ["text", "Yes"], ["answer", "one"]]
    assert near[2] == ["call", "not", ["=", ["text", "near"], ["text", "far"]]]


ANSWERS = st.sampled_from(["a", "b_2"]).map(lambda name: ["answer", name])
LEAVES = st.one_of(
    st.builds(lambda answer: ["answered", answer], ANSWERS),
    st.builds(
        lambda answer, name: ["selected", answer, name], ANSWERS, st.sampled_from(["x", "it's"])
    ),
    st.sampled_from([["true"], ["false"], ["answered", ["this"]]]),
    st.builds(
        lambda sign, left, right: [sign, left, right],
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        st.recursive(
            st.one_of(ANSWERS, st.sampled_from([["number", "1"], ["number", "2.5"], ["this"]])),
            lambda inner: st.one_of(
                st.builds(lambda sign, a, b: [sign, a, b], st.sampled_from("+-*"), inner, inner),
                st.builds(lambda one: ["negative", one], inner),
            ),
            max_leaves=5,
        ),
        st.one_of(ANSWERS, st.sampled_from([["text", "x"], ["text", 'a"b'], ["number", "3"]])),
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: ["and", *parts], st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: ["or", *parts], st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda one: ["not", one], inner),
    ),
    max_leaves=8,
)


@given(TREES)
def test_what_is_spelled_is_read_back(tree: list[object]) -> None:
    assert parse_expression(spelled(tree)) == tree


@given(TREES)
def test_what_is_spelled_for_xlsform_is_read_back(tree: list[object]) -> None:
    assert own_tree(read_condition(spelled(tree, Spelling.XLSFORM))) == tree


@given(st.text(max_size=40))
def test_no_condition_breaks_the_import(source: str) -> None:
    translate(source, SCOPE)
