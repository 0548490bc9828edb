"""A row that is made quickly is the row that is made cell by cell."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.answers import Reader
from app.research.codebook import build_codebook
from app.research.rows import Rows, write_cell

from .conftest import make_definition
from .sent import DOCUMENTS, FIRST, SECOND

DEPENDS = make_definition(
    [
        {"name": "told", "type": "select_one", "choices": ["yes", "no"]},
        {
            "name": "where",
            "type": "select_multiple",
            "choices": [
                "home",
                {"name": "app", "label": {"en": "App"}, "relevant": "${told} = 'yes'"},
            ],
        },
    ],
    [{"name": "words", "type": "text"}],
    version=3,
    statements=["take_part", "archive"],
)
DEFINITIONS = (FIRST, SECOND, DEPENDS)
READER = Reader({each.digest: each for each in DEFINITIONS})
CODEBOOK = build_codebook(DEFINITIONS, with_text="to have those columns too")
NAMES = [question.name for each in DEFINITIONS for question in each.asked]

CHANGES = st.fixed_dictionaries(
    {
        "language": st.sampled_from(["en", "fr", "-x", "ar"]),
        "collector": st.sampled_from([None, "nepal", "kenya"]),
        "consent": st.lists(st.sampled_from(["take_part", "quotes", "archive"]), unique=True),
        "not_shown": st.lists(st.sampled_from(NAMES), unique=True, max_size=3),
        "reached": st.sampled_from([None, "page_1", "page_2", "page_3"]),
        "ended": st.sampled_from(["complete", "stopped"]),
    }
)
DEPENDING = st.fixed_dictionaries(
    {},
    optional={
        "told": st.sampled_from(["yes", "no"]),
        "where": st.lists(st.sampled_from(["home", "app"]), unique=True),
        "words": st.sampled_from(["=1", "97", "'", "words"]),
    },
)


def changed(document: bytes, changes: dict[str, Any], depending: dict[str, Any]) -> bytes | None:
    content = json.loads(document) | changes
    if depending:
        content |= {"version": 3, "definition": DEPENDS.digest, "answers": depending}
    definition = next(each for each in DEFINITIONS if each.version == content["version"])
    asked = {question.name for question in definition.asked}
    statements = {statement.name for statement in definition.consent.statements}
    pages = {None, *(page.name for page in definition.pages)}
    content["consent"] = sorted(statements & set(content["consent"]))
    for name in ("not_shown", "declined"):
        content[name] = sorted(asked & set(content[name]))
    return json.dumps(content).encode() if content["reached"] in pages else None


@settings(deadline=None)
@given(DOCUMENTS, st.lists(CHANGES, min_size=12, max_size=12), DEPENDING)
def test_every_cell_is_what_the_response_says(
    documents: list[bytes], changes: list[dict[str, Any]], depending: dict[str, Any]
) -> None:
    rows = Rows(CODEBOOK.columns)
    for each, change in zip(documents, changes, strict=False):
        for document in (changed(each, change, {}), changed(each, change, depending)):
            if document is None:
                continue
            response = READER.read(document)
            assert rows.cells(response) == [
                write_cell(response.cell(column), column, frozenset(column.codes.values()))
                for column in CODEBOOK.columns
            ]
