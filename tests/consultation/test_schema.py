"""The schema for editors and the reference for people: both made from the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from app.consultation.reference import language_reference
from app.consultation.schema import consultation_schema
from tests.complete import with_blocks
from tests.consultation.checker.test_rules import OF_DEFINITIONS, read_page
from tests.definitions import SMALLEST

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "surveys").glob("*.yaml"))


def validators() -> Any:
    """The class that holds data against a schema."""
    # With it come forty grammars that take two seconds: every process of a run would make them.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    return Draft202012Validator


def as_an_editor_reads(text: str) -> object:
    """YAML with its own guesses of numbers, dates and truth, as JSON-like data."""
    reader = YAML(typ="safe", pure=True)
    return json.loads(json.dumps(reader.load(text), default=str))


def problems(text: str) -> list[str]:
    validator = validators()
    checker = validator(consultation_schema(), format_checker=validator.FORMAT_CHECKER)
    return [error.message for error in checker.iter_errors(as_an_editor_reads(text))]


def test_the_files_beside_the_samples_are_up_to_date() -> None:
    """`heard schema -o surveys/consultation.schema.json` and `--format markdown -o …`."""
    written = (ROOT / "surveys" / "consultation.schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(json.dumps(consultation_schema()))
    assert (ROOT / "docs" / "language.md").read_text(encoding="utf-8") == language_reference()


def test_the_schema_is_one() -> None:
    validators().check_schema(consultation_schema())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_is_accepted(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("public_name: Questions", "public_nam: Questions"),
        ("minutes: 5", "minutes: a while"),
        ("version: 1", "version: 0"),
        ("type: select_one", "type: select_on"),
        ("type: select_one", "type: email"),
        ("        label: Which colour?\n", ""),
        ("name: colour", "name: Colour"),
        ("exit_to: https://weather.example/", "exit_to: weather.example"),
        ("exit_to: https://weather.example/", "exit_to: {en: weather.example}"),
        ("exit_to: https://weather.example/", "exit_to: {}"),
        ("countries: [GB]", "countries: [gb]"),
        ("model: young_person_alone", "model: nobody"),
        ("type: select_one", "type: select_one\n        required: true"),
        ("choices: [{name: red, label: Red}, {name: blue, label: Blue}]", "choices: []"),
    ],
)
def test_what_a_schema_can_see_is_seen(good: str, bad: str) -> None:
    assert problems(SMALLEST) == []
    assert good in SMALLEST
    assert problems(SMALLEST.replace(good, bad))


def test_every_key_is_explained() -> None:
    schema = consultation_schema()
    for part in (schema, *schema["$defs"].values()):
        for key, field in part.get("properties", {}).items():
            assert "description" in field or "$ref" in field, key


SEEN_BY_A_SCHEMA = (
    *("consent-model", "identifying-type", "missing-key", "question-type", "required"),
    *("unknown-key", "value"),
)
"""Rules whose bad example an editor marks already while it is typed; the others need the whole."""


@pytest.mark.parametrize("name", SEEN_BY_A_SCHEMA)
def test_the_bad_example_of_a_rule_is_rejected(name: str) -> None:
    assert problems(with_blocks(read_page(name).bad))


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("name", OF_DEFINITIONS)
def test_the_good_example_of_a_rule_is_accepted(name: str) -> None:
    assert problems(with_blocks(read_page(name).good)) == []
