"""Columns of one version and of several."""

from __future__ import annotations

from typing import Any

import pytest

from app.research.columns import Column, build_columns
from app.research.missing import Missing

from .conftest import make_definition

SCALE = {"from": 1, "to": 5, "labels": {"1": {"en": "low"}, "5": {"en": "high"}}}


def names(columns: list[Column]) -> list[str]:
    return [column.name for column in columns if column.question]


def by_name(columns: list[Column]) -> dict[str, Column]:
    return {column.name: column for column in columns}


def test_every_type_has_its_columns() -> None:
    definition = make_definition(
        [
            {"name": "hello", "type": "note"},
            {"name": "told", "type": "select_one", "choices": ["yes", "no"]},
            {"name": "places", "type": "select_multiple", "choices": ["games", "chat"]},
            {
                "name": "heard",
                "type": "matrix",
                "rows": ["adults", "friends"],
                "choices": ["1", "2"],
            },
            {"name": "first", "type": "rank", "choices": ["a", "b", "c"]},
            {"name": "safe", "type": "scale", **SCALE},
        ],
        [
            {"name": "age", "type": "integer"},
            {"name": "hours", "type": "decimal"},
            {"name": "words", "type": "text"},
            {"name": "since", "type": "date", "precision": "month"},
            {"name": "country", "type": "country"},
        ],
    )

    columns = build_columns([definition])

    assert [column.name for column in columns] == [
        *("version", "language", "collector", "ended"),
        *("consent__take_part", "consent__quotes"),
        *("told", "places__games", "places__chat", "heard__adults", "heard__friends"),
        *("first__1", "first__2", "first__3", "safe", "age", "hours", "words", "since", "country"),
    ]
    numeric = {column.name for column in columns if column.is_number}
    assert numeric >= {"version", "places__games", "safe", "age", "hours", "consent__quotes"}
    assert not numeric & {"told", "heard__adults", "first__1", "words", "since", "country"}


@pytest.mark.parametrize(
    ("question", "skipped"),
    [
        ({"type": "integer", "from": 0, "to": 10}, "97"),
        ({"type": "integer", "from": 0, "to": 120}, "997"),
        ({"type": "integer", "from": 0}, "-97"),
        ({"type": "integer", "to": 50}, "97"),
        ({"type": "integer"}, "-999999997"),
        ({"type": "decimal", "from": 0, "to": 100}, "997"),
        ({"type": "select_one", "choices": ["96", "200"]}, "997"),
        ({"type": "rank", "choices": ["98", "996"]}, "9997"),
        ({"type": "select_multiple", "choices": ["96", "97"]}, "97"),
        ({"type": "matrix", "rows": ["r"], "choices": ["98", "99"]}, "997"),
        ({"type": "scale", **SCALE}, "97"),
        ({"type": "text"}, "97"),
        ({"type": "date", "precision": "year"}, "97"),
    ],
)
def test_codes_do_not_meet_answers(question: dict[str, Any], skipped: str) -> None:
    columns = build_columns([make_definition([{"name": "asked", **question}])])

    found = {column.codes[Missing.SKIPPED] for column in columns if column.question}

    assert found == {skipped}


def test_several_versions_make_one_set_of_columns() -> None:
    first = make_definition(
        [
            {"name": "gone", "type": "text"},
            {"name": "places", "type": "select_multiple", "choices": ["games", "forums"]},
            {"name": "age", "type": "integer", "from": 0, "to": 90},
        ],
        version=1,
        statements=["take_part", "quotes"],
    )
    second = make_definition(
        [
            {"name": "age", "type": "integer", "from": 0, "to": 99},
            {"name": "places", "type": "select_multiple", "choices": ["chat", "games"]},
            {"name": "new", "type": "text"},
        ],
        version=2,
        statements=["take_part", "archive"],
    )

    columns = build_columns([first, second])

    assert names(columns) == [
        "age", "places__chat", "places__games", "places__forums", "new", "gone",
    ]  # fmt: skip
    asked = {column.name: column.versions for column in columns}
    assert asked["age"] == asked["places__games"] == asked["consent__take_part"] == (1, 2)
    assert asked["gone"] == asked["places__forums"] == asked["consent__quotes"] == (1,)
    assert asked["new"] == asked["places__chat"] == asked["consent__archive"] == (2,)
    assert by_name(columns)["age"].codes[Missing.SKIPPED] == "997"
    assert names(build_columns([second, first])) == names(columns)


def test_a_question_whose_type_changed_is_two_columns() -> None:
    versions = [
        make_definition([{"name": "place", "type": "text"}], version=1),
        make_definition([{"name": "place", "type": "text"}], version=2),
        make_definition([{"name": "place", "type": "country"}], version=3),
    ]

    columns = by_name(build_columns(versions))

    assert (columns["place"].type, columns["place"].versions) == ("country", (3,))
    assert (columns["place__v1"].type, columns["place__v1"].versions) == ("text", (1, 2))


def test_no_two_columns_have_one_name() -> None:
    versions = [
        make_definition([{"name": "place", "type": "text"}], version=1),
        make_definition(
            [{"name": "place", "type": "select_multiple", "choices": ["v1", "v2"]}], version=2
        ),
        # The loader refuses these names; a bundle may come from elsewhere.
        make_definition([{"name": "ended", "type": "text"}], version=3),
    ]

    columns = build_columns(versions)

    assert names(columns) == ["ended_", "place__v1", "place__v2", "place__v1_"]
    assert len({column.name for column in columns}) == len(columns)
