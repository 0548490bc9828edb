"""A definition that goes through an XLSForm comes back."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from app.consultation import Definition, load_definition_file
from app.consultation.expressions import parse_expression
from app.consultation.xlsform import export_form, import_form

from .generating import definitions

SURVEYS = sorted((Path(__file__).parents[3] / "surveys").glob("*.yaml"))


def through_a_form(definition: Definition) -> Definition:
    """What comes back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(export_form(definition))
        found = import_form(path)
    assert found.findings == ()
    assert found.definition is not None
    assert [remark for remark in found.remarks if remark.kind != "to_do"] == []
    return found.definition


def meaning(definition: Definition) -> Any:
    """A definition with its conditions as trees, since brackets make no difference."""

    def read(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                key: parse_expression(value) if key in ("relevant", "constraint") else read(value)
                for key, value in node.items()
            }
        return [read(item) for item in node] if isinstance(node, list) else node

    return read(json.loads(definition.canonical_json()))


@pytest.mark.parametrize("path", SURVEYS, ids=lambda path: path.stem)
def test_the_samples_come_back_to_the_letter(path: Path) -> None:
    # Given a consultation of the project
    definition = load_definition_file(path)
    # When it goes to a spreadsheet and back
    returned = through_a_form(definition)
    # Then it is the same consultation: not a sign has changed
    assert returned.digest == definition.digest


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(definitions())
def test_any_definition_comes_back(definition: Definition) -> None:
    assert meaning(through_a_form(definition)) == meaning(definition)
