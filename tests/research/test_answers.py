"""What a response document says, and documents that say it wrongly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation import Definition
from app.research.answers import Cell, NotUnderstood, Reader, read_json
from app.research.columns import build_columns
from app.research.missing import Missing

from .conftest import make_definition, make_document

DEFINITION = make_definition(
    [
        {"name": "hello", "type": "note"},
        {"name": "told", "type": "select_one", "choices": ["yes", "no"]},
        {"name": "places", "type": "select_multiple", "choices": ["games", "chat"]},
        {"name": "heard", "type": "matrix", "rows": ["adults", "friends"], "choices": ["1", "2"]},
    ],
    [
        {"name": "first", "type": "rank", "choices": ["a", "b", "c"]},
        {"name": "safe", "type": "scale", "from": 0, "to": 10, "labels": {}},
        {"name": "age", "type": "integer"},
    ],
    [
        {"name": "hours", "type": "decimal"},
        {"name": "words", "type": "text"},
        {"name": "since", "type": "date", "precision": "month"},
        {"name": "country", "type": "country"},
    ],
)


def row(*definitions: Definition, **changes: Any) -> dict[str, Cell]:
    """The cells of a response to the first definition, by column."""
    known = {each.digest: each for each in definitions or (DEFINITION,)}
    answered = (definitions or (DEFINITION,))[0]
    response = Reader(known).read(make_document(answered, **changes))
    return {column.name: response.cell(column) for column in build_columns(list(known.values()))}


def test_every_type_of_answer_reaches_its_cells() -> None:
    cells = row(
        language="fr",
        collector="nepal",
        consent=["take_part", "quotes"],
        answers={
            "told": "no",
            "places": ["chat"],
            "heard": {"adults": "2"},
            "first": ["c", "a"],
            "safe": 7,
            "age": -3,
            "hours": "12.50",
            "words": "one\ntwo",
            "since": "2026-11",
            "country": "NP",
        },
    )

    assert cells == {
        "version": 1,
        "language": "fr",
        "collector": "nepal",
        "ended": "complete",
        "consent__take_part": 1,
        "consent__quotes": 1,
        "told": "no",
        "places__games": 0,
        "places__chat": 1,
        "heard__adults": "2",
        "heard__friends": Missing.SKIPPED,
        "first__1": "c",
        "first__2": "a",
        "first__3": Missing.SKIPPED,
        "safe": 7,
        "age": -3,
        "hours": "12.50",
        "words": "one\ntwo",
        "since": "2026-11",
        "country": "NP",
    }


def test_each_reason_for_no_answer_is_told_in_every_column_of_the_question() -> None:
    cells = row(
        not_shown=["told"],
        declined=["places", "heard"],
        ended="stopped",
        reached="page_2",
    )

    assert cells["told"] is Missing.NOT_SHOWN
    assert {cells["places__games"], cells["places__chat"]} == {Missing.DECLINED}
    assert {cells["heard__adults"], cells["heard__friends"]} == {Missing.DECLINED}
    assert {cells[f"first__{n}"] for n in (1, 2, 3)} == {Missing.SKIPPED}
    assert cells["age"] is Missing.SKIPPED
    assert {cells["hours"], cells["words"], cells["country"]} == {Missing.NOT_REACHED}
    assert cells["ended"] == "stopped"


def test_who_stopped_before_any_page_reached_nothing() -> None:
    cells = row(ended="stopped", reached=None)

    assert {cells["told"], cells["age"], cells["words"]} == {Missing.NOT_REACHED}


def test_no_choice_of_several_is_an_answer() -> None:
    cells = row(answers={"places": []})

    assert (cells["places__games"], cells["places__chat"]) == (0, 0)


def test_a_choice_that_was_not_offered_was_not_shown() -> None:
    only_girls = {"name": "girls", "relevant": "${told} = 'yes'", "label": {"en": "Girls"}}
    broken = {"name": "x", "relevant": "this is (no rule", "label": {"en": "X"}}
    definition = make_definition(
        [
            {"name": "told", "type": "select_one", "choices": ["yes", "no"]},
            {"name": "who", "type": "select_multiple", "choices": ["boys", only_girls, broken]},
        ]
    )

    def who(**answers: object) -> tuple[Cell, Cell, Cell]:
        cells = row(definition, answers=answers)
        return cells["who__boys"], cells["who__girls"], cells["who__x"]

    assert who(told="no", who=["boys"]) == (1, Missing.NOT_SHOWN, 0)
    assert who(told="yes", who=["boys"]) == (1, 0, 0)
    assert who(who=[]) == (0, Missing.NOT_SHOWN, 0)
    assert who(told="yes") == (Missing.SKIPPED, Missing.SKIPPED, Missing.SKIPPED)


def test_what_another_version_asked_was_not_asked() -> None:
    choices = {"name": "places", "type": "select_multiple", "choices": ["games", "chat", "shops"]}
    later = make_definition(
        [choices, {"name": "told", "type": "text"}, {"name": "new", "type": "text"}],
        version=2,
        statements=["take_part", "archive"],
    )

    cells = row(DEFINITION, later, answers={"places": ["chat"], "told": "no"})

    assert (cells["places__chat"], cells["places__games"]) == (1, 0)
    assert cells["places__shops"] is Missing.NOT_ASKED
    assert cells["new"] is cells["told"] is cells["consent__archive"] is Missing.NOT_ASKED
    assert cells["told__v1"] == "no"


@pytest.mark.parametrize(
    "answers",
    [
        {"told": "maybe"},
        {"told": ["yes"]},
        {"told": None},
        {"told": 1},
        {"hello": "hi"},
        {"unknown": "x"},
        {"places": "games"},
        {"places": ["games", "games"]},
        {"places": ["games", ["chat"]]},
        {"places": [{}]},
        {"heard": ["1"]},
        {"heard": {"adults": "3"}},
        {"heard": {"nobody": "1"}},
        {"heard": {"adults": {}}},
        {"first": ["a", "b", "c", "a"]},
        {"safe": 11},
        {"safe": "7"},
        {"safe": True},
        {"safe": 7.0},
        {"age": "12"},
        {"age": True},
        {"age": 10**60},
        {"hours": 12.5},
        {"hours": "12,5"},
        {"hours": "1e9"},
        {"hours": "NaN"},
        {"hours": "१२"},
        {"words": 5},
        {"words": "half a pair \ud83d"},
        {"since": "2026-13"},
        {"since": "2026-11-02"},
        {"since": "2026\n"},
        {"country": "np"},
        {"country": "=A1"},
        ["told"],
        None,
    ],
)
def test_an_answer_of_another_form_is_not_understood(answers: object) -> None:
    with pytest.raises(NotUnderstood):
        row(answers=answers)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"consultation": "another"},
        {"version": 2},
        {"definition": "sha256:unknown"},
        {"definition": ["sha256"]},
        {"language": "=1+1"},
        {"language": None},
        {"collector": "=1+1"},
        {"collector": 5},
        {"consent": ["unknown"]},
        {"consent": "take_part"},
        {"consent": [[]]},
        {"not_shown": None},
        {"not_shown": ["unknown"]},
        {"declined": {"told": 1}},
        {"ended": "somehow"},
        {"ended": []},
        {"reached": "page_9"},
        {"reached": ["page_1"]},
    ],
)
def test_a_document_of_another_form_is_not_understood(changes: dict[str, Any]) -> None:
    assert row()["told"] is Missing.SKIPPED
    with pytest.raises(NotUnderstood):
        row(**changes)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"null",
        b"[]",
        b"5",
        b"\xff\xfe",
        b"{" * 50_000,
        b"[" * 50_000,
        b'{"format": ' + b"9" * 10_000 + b"}",
        json.dumps({"format": 1}).encode(),
    ],
)
def test_what_is_no_document_is_not_understood(document: bytes) -> None:
    with pytest.raises(NotUnderstood):
        Reader({DEFINITION.digest: DEFINITION}).read(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(max_size=3), inside),
)
PIECES = st.sampled_from(
    [
        '{"a":1,',
        '"a":2}',
        "[",
        "]",
        "NaN",
        "-0",
        "1e400",
        "9" * 30,
        '"\\ud800"',
        ",",
        " ",
        "1.0",
        "1E2",
    ]
)


def read_by_python(document: bytes) -> object:
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        return NotUnderstood


def quickly(document: bytes) -> object:
    try:
        return read_json(document)
    except NotUnderstood:
        return NotUnderstood


@given(
    st.one_of(
        st.builds(lambda each, ascii_: json.dumps(each, ensure_ascii=ascii_), JSON, st.booleans()),
        st.lists(PIECES).map("".join),
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_read_quickly_is_what_python_reads(document: str, encoding: str) -> None:
    sent = document.encode(encoding, "surrogatepass")

    assert repr(quickly(sent)) == repr(read_by_python(sent))


@pytest.mark.parametrize(
    "answers",
    [
        {"told": ["yes"]},
        {"told": {"yes": 1}},
        {"told": None},
        {"places": [["chat"]]},
        {"places": {"chat": 1}},
        {"heard": {"adults": ["2"]}},
        {"heard": [["adults", "2"]]},
        {"first": [{}]},
        {"words": ["one"]},
        {"words": "half \ud800"},
        {"safe": True},
        {"age": 10**60},
        {"nobody_asked": "yes"},
        ["yes"],
    ],
)
def test_what_is_no_answer_is_not_understood(answers: Any) -> None:
    with pytest.raises(NotUnderstood):
        row(answers=answers)
