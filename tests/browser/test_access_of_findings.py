"""What researchers read and hand on is for everybody too: a report, a codebook, texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from selenium.webdriver.remote.webdriver import WebDriver

from app.commands import main
from app.consultation import load_definition_file
from tests.research.answering import opened_folder
from tests.server import ROOT

from .axe import axe_source, violations
from .browsers import Mode
from .screens import show_as, show_at

pytestmark = pytest.mark.browser

CHROMIUM = Mode("chromium", javascript=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a data set of 40 people in `data`, and its report in Arabic in `report`."""
    place = tmp_path_factory.mktemp("findings")
    definition = load_definition_file(ROOT / "surveys" / "internet-safer.yaml")
    data = opened_folder(place, definition, {None: 40})
    options = ["-o", str(place / "report"), "--language", "ar"]
    done = CliRunner().invoke(main, ["report", str(data), *options])
    assert done.exit_code == 0, done.output
    data.rename(place / "data")
    return place


@pytest.mark.parametrize("path", ["report/report.html", "data/codebook.html", "data/texts.html"])
def test_r81_axe_finds_nothing_and_nothing_is_cut(
    browsers: Callable[[Mode], WebDriver], made: Path, path: str
) -> None:
    driver = browsers(CHROMIUM)
    driver.get((made / path).as_uri())
    driver.execute_script(axe_source())
    found = []
    for width, colours in ((320, "light"), (1280, "dark")):
        show_at(driver, width)
        show_as(driver, prefers_color_scheme=colours)
        found += violations(driver)
        wide = driver.execute_script("return document.documentElement.scrollWidth > innerWidth")
        assert not wide, width

    assert not found, "\n".join(found)
