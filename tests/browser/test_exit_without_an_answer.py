"""The neutral site does not answer, or nothing does: a blank page, then a date (R55).

Browsers of their own, whose drivers wait for no page: the page that never comes is the point.
"""

from __future__ import annotations

import datetime as dt
import json
import urllib.request
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
THAT_RELOAD = [mode for mode in WITH_JAVASCRIPT if mode != CHROMIUM]
"""Browsers whose drivers reload while another site is waited for (see `silent_about_pages`)."""
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
    """Press exit; until the date is there, nothing is seen but a blank page.

    Firefox tells its driver of a new title a moment after the page shows it.
    """
    tab.click(tab.one(".exit"))

    def is_dated() -> bool:
        is_titled = bool(title_of(tab).strip("\u200e"))
        if silent_about_pages(ground, tab):
            return is_titled
        source = tab.source
        assert not [secret for secret in ground.secrets if secret.lower() in source.lower()]
        return is_titled and bool(tab.words.strip())

    wait_until(is_dated, lambda: title_of(tab))


def expect_a_date_and_nothing_else(ground: Ground, tab: Walker) -> None:
    """Today in words, as title too; no style, link, icon or form of ours."""
    years = {str((dt.datetime.now(dt.UTC) + dt.timedelta(days=day)).year) for day in (-1, 1)}
    title = title_of(tab)
    assert any(year in title for year in years), title
    if not silent_about_pages(ground, tab):
        assert title == tab.words
        assert [word for word in OF_HEARD if word in tab.source] == []


def silent_about_pages(ground: Ground, tab: Walker) -> bool:
    """Whether the driver answers nothing about the page on screen.

    While Chromium waits for another site, its driver (version 156) holds back every question to
    the page, which goes on all the same. What the tab is called can be asked.
    """
    return isinstance(tab.driver, Chrome) and not ground.neutral.answering.is_set()


def title_of(tab: Walker) -> str:
    """What the tab is called; in Chromium as its own list of tabs has it."""
    if not isinstance(tab.driver, Chrome):
        return tab.driver.title
    address = tab.driver.capabilities["goog:chromeOptions"]["debuggerAddress"]
    with urllib.request.urlopen(f"http://{address}/json") as answer:
        tabs = [each for each in json.load(answer) if each["type"] == "page"]
    title: str = tabs[0]["title"]
    return title


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str, indirect=True)
@pytest.mark.requirement("R41", "R44", "R55")
def test_r55_a_silent_neutral_site_leaves_a_date_behind_and_no_session(
    ground: Ground, driver: WebDriver
) -> None:
    stage = ground.set_up_in(driver)
    ground.neutral.answering.clear()

    press_exit_and_watch(ground, stage.walker)

    expect_a_date_and_nothing_else(ground, stage.walker)
    assert not stage.draft.is_there
    ground.neutral.answering.set()
    wait_until(lambda: is_elsewhere(stage.walker), stage.walker.where)
    stage.walker.back()
    ground.expect_nothing(stage.walker, "Back after a silent site")


@pytest.mark.parametrize("mode", THAT_RELOAD, ids=str, indirect=True)
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

    expect_a_date_and_nothing_else(ground, stage.walker)
    driver.delete_network_conditions()
    wait_until(lambda: is_elsewhere(stage.walker), stage.walker.where)
    assert not stage.draft.is_there
    stage.walker.back()
    ground.expect_nothing(stage.walker, "Back after a time without network")
