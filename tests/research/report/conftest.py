"""Two consultations as they could be: 71 children in groups, and six countries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.commands import main
from app.consultation import Definition, load_definition_file
from app.consultation.model import Collector
from tests.research.answering import opened_folder
from tests.research.conftest import make_definition

SURVEYS = Path(__file__).parents[3] / "surveys"
COUNTRIES = {"al": 61, "ba": 48, "co": 6, "md": 55, "mx": 83, "pe": 44}
"""People of each country; those of one are too few to be told."""


@dataclass(frozen=True)
class Run:
    """A run of `heard report`: the data set it read, and the folder it wrote."""

    data: Path
    folder: Path
    pages: dict[str, str]
    """Under "" the page of everybody, the others under the label of their link."""


def six_countries() -> Definition:
    """Closed questions of every kind, one of them only for some people."""
    definition = make_definition(
        [
            {"name": "told", "type": "select_one", "choices": ["yes", "no", "unsure"]},
            {
                "name": "helped",
                "type": "select_one",
                "choices": ["well", "badly"],
                "relevant": "${told} = 'yes'",
                "area": "support",
            },
        ],
        [{"name": "apps", "type": "select_multiple", "choices": ["chat", "video", "games"]}],
        [
            {
                "name": "age_band",
                "type": "select_one",
                "choices": ["young", "older"],
                "prefer_not_to_say": True,
            },
            {"name": "words", "type": "text"},
        ],
    )
    links = [Collector(name=name, label={"en": name.upper()}) for name in COUNTRIES]
    warned = definition.pages[1].model_copy(update={"content_warning": {"en": "About apps."}})
    pages = [definition.pages[0], warned, definition.pages[2]]
    return definition.model_copy(update={"collectors": links, "pages": pages})


def run_report(data: Path, folder: Path, *options: str) -> None:
    """`heard report`, which has to succeed."""
    done = CliRunner().invoke(main, ["report", str(data), "-o", str(folder), *options])
    assert done.exit_code == 0, done.output + repr(done.exception)


@pytest.fixture(scope="session")
def countries(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Six countries and the whole, crossed by age."""
    place = tmp_path_factory.mktemp("countries")
    data = opened_folder(place, six_countries(), dict(COUNTRIES))
    rules = place / "rules.yaml"
    rules.write_text("by: [age_band]\nweigh: equal\n", encoding="utf-8")
    folder = place / "reports"
    run_report(data, folder, "--by", "collector", "--rules", str(rules))
    pages = {name.upper(): (folder / f"report-{name}.html").read_text() for name in COUNTRIES}
    return Run(data, folder, {"": (folder / "report.html").read_text(), **pages})


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two countries, one of them with more than half of all people."""
    place = tmp_path_factory.mktemp("pair")
    definition = six_countries()
    definition = definition.model_copy(update={"collectors": definition.collectors[:2]})
    data = opened_folder(place, definition, {"al": 150, "ba": 90})
    rules = place / "rules.yaml"
    rules.write_text("weigh: equal\n", encoding="utf-8")
    run_report(data, place / "out", "--by", "collector", "--rules", str(rules))
    names = {"": "report", "AL": "report-al", "BA": "report-ba"}
    pages = {key: (place / "out" / f"{n}.html").read_text("utf-8") for key, n in names.items()}
    return Run(data, place / "out", pages)


@pytest.fixture(scope="session")
def children(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """71 children in groups: one link, a threshold of five."""
    place = tmp_path_factory.mktemp("children")
    definition = load_definition_file(SURVEYS / "childrens-insights.yaml")
    data = opened_folder(place, definition, {None: 71})
    run_report(data, place / "report", "--threshold", "5")
    return Run(data, place / "report", {"": (place / "report" / "report.html").read_text("utf-8")})
