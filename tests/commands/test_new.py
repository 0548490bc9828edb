"""`heard new`: the first draft of a consultation."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands.new import new
from app.consultation import load_definition_file

ANSWERS = {
    "--title": "Safer schools",
    "--organisation": "Youth Network",
    "--contact": "talk@example.org",
    "--languages": "en,fr,ne",
    "--from-age": "13",
    "--to-age": "17",
    "--countries": "np, BD",
}


@pytest.fixture
def surveys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "surveys"
    folder.mkdir()
    monkeypatch.setenv("HEARD_SURVEYS", str(folder))
    monkeypatch.setenv("HEARD_INSTANCE", str(tmp_path / "instance"))
    return folder


def run(consultation: str, **changed: str) -> Result:
    answers = ANSWERS | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    words = [word for pair in answers.items() for word in pair]
    return CliRunner().invoke(new, [consultation, *words])


def test_the_draft_loads_and_says_what_is_still_to_be_written(surveys: Path) -> None:
    result = run("safer-schools")
    assert result.exit_code == 0, result.output
    definition = load_definition_file(surveys / "safer-schools.yaml")
    assert definition.title["en"] == "Safer schools"
    assert definition.languages == ["en", "fr", "ne"]
    assert definition.support.countries == ["NP", "BD"]
    assert (definition.audience.from_age, definition.audience.to_age) == (13, 17)
    assert definition.title["fr"].startswith("TO TRANSLATE:")
    assert definition.about["en"].startswith("TO WRITE:")


def test_it_asks_what_it_was_not_told(surveys: Path) -> None:
    spoken = "Safer parks\nUs\na@example.org\nen\n18\n0\nGB\n"
    result = CliRunner().invoke(new, ["safer-parks"], input=spoken)
    assert result.exit_code == 0, result.output
    definition = load_definition_file(surveys / "safer-parks.yaml")
    assert definition.consent.model == "adult"
    assert definition.audience.to_age is None


@pytest.mark.parametrize(
    "title", ['Who said "no"?', "50 % of {us}: yes", "#1 & more", "مدارس أكثر أمانًا", "back\\slash"]
)
def test_any_title_is_written_so_that_it_can_be_read(surveys: Path, title: str) -> None:
    assert run("title", title=title).exit_code == 0
    assert load_definition_file(surveys / "title.yaml").title["en"] == title


@pytest.mark.parametrize(
    ("consultation", "changed", "said"),
    [
        ("Safer_Schools", {}, "cannot be an id"),
        ("../outside", {}, "cannot be an id"),
        ("x", {"languages": "english"}, "no language tag"),
        ("x", {"countries": "Nepal"}, "no country code"),
        ("x", {"from_age": "18", "to_age": "13"}, "below"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    surveys: Path, consultation: str, changed: dict[str, str], said: str
) -> None:
    result = run(consultation, **changed)
    assert result.exit_code == 2
    assert said in result.output
    assert list(surveys.iterdir()) == []


def test_a_file_that_is_there_is_never_written_over(surveys: Path) -> None:
    (surveys / "mine.yaml").write_text("kept", encoding="utf-8")
    result = run("mine")
    assert result.exit_code == 2
    assert "exists already" in result.output
    assert (surveys / "mine.yaml").read_text(encoding="utf-8") == "kept"
