"""The neutral site does not answer, or nothing does: a blank page, then a date (R55).

Browsers of their own, whose drivers wait for no page: the page that never comes is the point.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver as Chrome
from selenium.webdriver.remote.webdriver import WebDriver

from .browsers import EVERY_MODE, Mode, open_browser
from .leaving import Ground, is_elsewhere
from .neutral import NeutralSite
from .walking import Walker, wait_until

pytestmark = pytest.mark.browser

WITH_JAVASCRIPT = [mode for mode in EVERY_MODE if mode.javascript]
CHROMIUM = Mode("chromium", javascript=True)
OF_HEARD = ("style", "script.js", "/static/", "leave", "Questions", "<form", "<a ")


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> Mode:
    """The browser of a test; Chromium unless it says otherwise."""
    chosen: Mode = getattr(request, "param", CHROMIUM)
    return chosen


@pytest.fixture
def driver(mode: Mode, tmp_path: Path, neutral: NeutralSite) -> Iterator[WebDriver]:
    """A browser whose driver waits for nothing, and a neutral site that answers in the end."""
    opened = open_browser(mode, tmp_path, waits=False)
    yield opened
    neutral.answering.set()
    opened.quit()


def press_exit_and_watch(ground: Ground, tab: Walker) -> None:
    """Press exit; until the date is there, nothing is seen but a blank page."""
    tab.click(tab.one(".exit"))

    def is_dated() -> bool:
        source = tab.source
        assert not [secret for secret in ground.secrets if secret.lower() in source.lower()]
        return bool(tab.words.strip())

    wait_until(is_dated, tab.where)


def expect_a_date_and_nothing_else(tab: Walker) -> None:
    """Today in words, as title too; no style, link, icon or form of ours."""
    years = {str((dt.datetime.now(dt.UTC) + dt.timedelta(days=day)).year) for day in (-1, 1)}
    assert any(year in tab.words for year in years), tab.words
    assert tab.driver.title == tab.words
    assert [word for word in OF_HEARD if word in tab.source] == []


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str, indirect=True)
@pytest.mark.requirement("R41", "R44", "R55")
def test_r55_a_silent_neutral_site_leaves_a_date_behind_and_no_session(
    ground: Ground, driver: WebDriver
) -> None:
    stage = ground.set_up_in(driver)
    ground.neutral.answering.clear()

    press_exit_and_watch(ground, stage.walker)

    expect_a_date_and_nothing_else(stage.walker)
    assert not stage.draft.is_there
    ground.neutral.answering.set()
    wait_until(lambda: is_elsewhere(stage.walker), stage.walker.where)
    stage.walker.back()
    ground.expect_nothing(stage.walker, "Back after a silent site")


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str, indirect=True)
@pytest.mark.requirement("R43", "R55")
def test_r55_reload_of_the_date_shows_the_front_page(ground: Ground, driver: WebDriver) -> None:
    stage = ground.set_up_in(driver)
    ground.neutral.answering.clear()
    press_exit_and_watch(ground, stage.walker)

    stage.walker.reload()

    assert stage.walker.has("form[action='/start']"), stage.walker.where()
    ground.expect_nothing(stage.walker, "Reload of the date")


@pytest.mark.requirement("R41", "R55")
def test_r55_without_a_network_the_session_ends_as_soon_as_there_is_one(
    ground: Ground, driver: WebDriver
) -> None:
    """The page stays, in place of an error of the browser with a way back to the question."""
    assert isinstance(driver, Chrome)
    stage = ground.set_up_in(driver)
    driver.set_network_conditions(
        offline=True, latency=0, download_throughput=0, upload_throughput=0
    )

    press_exit_and_watch(ground, stage.walker)

    expect_a_date_and_nothing_else(stage.walker)
    driver.delete_network_conditions()
    wait_until(lambda: is_elsewhere(stage.walker), stage.walker.where)
    assert not stage.draft.is_there
    stage.walker.back()
    ground.expect_nothing(stage.walker, "Back after a time without network")
