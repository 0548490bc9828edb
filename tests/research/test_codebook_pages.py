"""Where a question stood: what a report needs to warn, and to sort by the four areas."""

from __future__ import annotations

from typing import Any

from app.consultation import Definition
from app.research.codebook import build_codebook
from app.research.writing import codebook_as_json

from .conftest import make_definition


def described(*definitions: Definition) -> dict[str, Any]:
    return codebook_as_json(build_codebook(definitions), 0, {})


def test_r97_a_page_keeps_its_warning_and_its_area_for_those_who_read_the_report() -> None:
    first = make_definition([{"name": "told", "type": "text", "area": "reporting"}])
    page = first.pages[0].model_copy(update={"content_warning": {"en": "About harm."}})
    warned = first.model_copy(update={"pages": [page]})

    assert described(warned)["pages"] == [
        {
            "name": "page_1",
            "version": 1,
            "title": None,
            "content_warning": {"en": "About harm."},
            "questions": [{"name": "told", "area": "reporting"}],
        }
    ]


def test_a_question_stands_where_the_newest_version_that_asked_it_had_it() -> None:
    old = make_definition(
        [{"name": "gone", "type": "text"}], [{"name": "moved", "type": "text"}], version=1
    )
    new = make_definition([{"name": "moved", "type": "text", "area": "support"}], version=2)

    found = [(page["version"], page["questions"]) for page in described(old, new)["pages"]]

    assert found == [
        (2, [{"name": "moved", "area": "support"}]),
        (1, [{"name": "gone", "area": None}]),
    ]


def test_a_choice_that_stands_alone_is_known_as_one() -> None:
    choices = [
        {"name": "chat", "label": {"en": "Chat"}},
        {"name": "none", "label": {"en": "None of these"}, "exclusive": True},
    ]
    definition = make_definition([{"name": "apps", "type": "select_multiple", "choices": choices}])

    alone = {
        each["choice"]: each["exclusive"]
        for each in described(definition)["columns"]
        if "choice" in each
    }

    assert alone == {"chat": False, "none": True}
