"""The ready-made consultations pass the gate, and nothing is set aside for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from app.commands.surroundings import look_around
from app.consultation.checker import check_file, check_text

SURVEYS = Path(__file__).parents[2] / "surveys"
SAMPLES = sorted(SURVEYS.glob("*.yaml"))
TODAY = dt.date(2026, 11, 21)

ONLY_PEOPLE_CAN = {"support-checked", "reviewer", "interface-review"}
"""To call a support service, and to read a text as a native speaker. docs/decisions/checker.md."""

WAITING = {"children-know-better": {"interface-language"}}
"""Until Heard's own sentences are there in Nepali and Bengali; then this goes."""


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_passes_the_gate_with_nothing_silenced(path: Path) -> None:
    around, beside = look_around(SURVEYS, TODAY)
    checked = check_file(path, around)

    assert beside == []
    assert {finding.rule for finding in checked.standing} <= WAITING.get(path.stem, set())
    assert checked.definition is not None
    assert checked.definition.silenced == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_says_that_it_is_an_example(path: Path) -> None:
    """Without `demo: true`, its duties and what nobody has checked would keep it shut."""
    around, _ = look_around(SURVEYS, TODAY)
    definition = check_file(path, around).definition
    assert definition is not None
    assert definition.demo

    text = path.read_text(encoding="utf-8").replace("\ndemo: true", "\ndemo: false")
    standing = {finding.rule for finding in check_text(text, str(path), around).standing}
    assert {"example-left", "support-checked"} <= standing
    assert standing <= {"example-left", *ONLY_PEOPLE_CAN, *WAITING.get(path.stem, ())}
