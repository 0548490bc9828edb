from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.consultation import Definition, definition_from_json
from tests.definitions import BRANCHING, SMALLEST, load


@pytest.fixture(scope="module")
def branching() -> Definition:
    return load(BRANCHING)


def test_questions_are_found_by_name_in_the_order_of_the_file(branching: Definition) -> None:
    assert list(branching.questions) == [
        *("likes_rain", "why_rain", "days", "loud", "storm_words", "flood_words", "cold_words"),
        *("farewell", "seasons", "snow"),
    ]
    assert branching.page_of["snow"].name == "end"
    assert branching.pages_by_name["water"].topics == ["storms", "floods"]


def test_a_note_is_shown_and_not_asked(branching: Definition) -> None:
    assert "farewell" in branching.questions
    assert "farewell" not in {question.name for question in branching.asked}


def test_a_page_knows_whether_it_asks_for_writing(branching: Definition) -> None:  # R22
    assert {page.name for page in branching.pages if page.asks_for_writing} == {
        *("start", "thunder", "water", "cold")
    }


def test_without_another_day_answers_can_be_taken_back_until_the_results() -> None:  # R92
    plain = load(SMALLEST)
    earlier = load(SMALLEST.replace("delete_by:", "withdraw_until: 2099-01-15, delete_by:"))

    assert plain.dates.last_withdrawal == plain.dates.results_by
    assert str(earlier.dates.last_withdrawal) == "2099-01-15"


def test_a_definition_cannot_be_changed(branching: Definition) -> None:
    for node, name in ((branching, "version"), (branching.pages[0].questions[0], "label")):
        with pytest.raises(ValidationError):
            setattr(node, name, getattr(node, name))


@pytest.mark.parametrize("document", ["", "[]", "{}", '{"consultation": "small", "mood": 1}'])
def test_a_document_that_heard_did_not_write_is_refused(document: str) -> None:
    with pytest.raises(ValidationError):
        definition_from_json(document)


@pytest.mark.requirement("R17")
def test_a_definition_asks_for_nothing_that_says_who_somebody_is(branching: Definition) -> None:
    """R17, R36: no `required`, and no type for a name, an address, a file, a day of birth."""
    shape = Definition.model_json_schema()
    types = {
        model["properties"]["type"]["const"]
        for model in shape["$defs"].values()
        if "const" in model.get("properties", {}).get("type", {})
    }

    assert types == {
        *("select_one", "select_multiple", "text", "integer", "decimal", "scale", "rank"),
        *("matrix", "date", "country", "note"),
    }
    assert not [name for name, model in shape["$defs"].items() if "required" in model["properties"]]
    assert shape["$defs"]["Date"]["properties"]["precision"]["enum"] == ["month", "year"]


LANGUAGES = SMALLEST.replace("languages: [en]", "languages: [en, fr, ar]")


@pytest.mark.requirement("R54")
@pytest.mark.parametrize(
    ("exit_to", "led_to"),
    [
        ("https://a.example/", "a a a"),
        ("{fr: https://b.example/, all: https://a.example/}", "a b a"),
        ("{ar: https://b.example/, en: https://a.example/}", "a a b"),
    ],
)
def test_exit_leads_to_the_address_of_ones_language(exit_to: str, led_to: str) -> None:
    definition = load(LANGUAGES.replace("https://weather.example/", exit_to))
    stored = definition_from_json(definition.canonical_json())

    for one in (definition, stored):
        addresses = [one.exit_in(tag) for tag in ("en", "fr", "ar")]
        assert addresses == [f"https://{letter}.example/" for letter in led_to.split()]
    assert stored.digest == definition.digest


def test_one_address_for_everybody_is_kept_as_it_was_written() -> None:
    """Versions that were opened before there were addresses by language keep their identity."""
    assert '"exit_to":"https://weather.example/"' in load(SMALLEST).canonical_json()
