"""What pages ask of others and leave in the browser: nothing (R7, R9, R54, R87, R88)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver as Chrome

from tests.server import Demo

from .browsers import MODES, WITH_JAVASCRIPT, Mode, open_browser
from .neutral import NeutralSite
from .stories import sample
from .tour import tour
from .walking import Walker, wait_until

pytestmark = pytest.mark.browser

CONSULTATION, LANGUAGE = "internet-safer", "en"
BEFORE_START = (
    *("front", "support", "support in a country", "withdraw", "results", "not found"),
    *("front with a code", "unknown code", "withdraw, unknown code", "draft gone"),
    *("results, told", "results, which", "come back", "come back, unknown words"),
)
AFTER_THE_END = ("declined", "stopped")
NEUTRAL_ADDRESSES = (
    *("", "nothing", "page", "pause", "support", "sent", "stop", "start", "withdraw", "results"),
    *("keep", "kept", "come-back"),
)

NOT_ON_THE_NETWORK = ("data", "blob", "chrome", "chrome-untrusted")

LEFT_IN_THE_BROWSER = """
const done = arguments[0];
Promise.all([
  indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations(),
]).then(kept => done([
  ...kept.map(found => found.length), localStorage.length, sessionStorage.length, document.cookie,
  history.state,
]), error => done(String(error)));
"""
BOXES_THAT_TELL = """
return [...document.querySelectorAll('textarea, input[type=text], select')]
  .filter(box => box.autocomplete !== 'off' || (box.tagName !== 'SELECT' && box.spellcheck))
  .map(box => box.outerHTML);
"""
ASKED_FOR = "return performance.getEntriesByType('resource').map(entry => entry.name)"


@dataclass
class Seen:
    """What a browser had and asked for, page by page of a tour."""

    base: str
    cookies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, list[str]] = field(default_factory=dict)
    requests: set[str] = field(default_factory=set)
    console: list[str] = field(default_factory=list)

    def note(self, person: Walker, state: str) -> None:
        """Write down what there is now."""
        driver = person.driver
        self.cookies[state] = driver.get_cookies()
        self.kept[state] = driver.execute_async_script(LEFT_IN_THE_BROWSER)
        self.titles[state] = driver.title
        self.paths[state] = person.path
        self.boxes[state] = driver.execute_script(BOXES_THAT_TELL)
        self.requests.update(driver.execute_script(ASKED_FOR))


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
def test_r7_r9_r87_r88_on_every_page_and_state(demo: Demo, tmp_path: Path, mode: Mode) -> None:
    """A tour in a browser that nobody used before; then each promise, each with its findings."""
    driver = open_browser(mode, tmp_path, log_requests=True)
    try:
        person, seen = Walker(driver, demo.base), Seen(demo.base)
        tour(person, demo, CONSULTATION, LANGUAGE, lambda state: seen.note(person, state))
        if isinstance(driver, Chrome):
            get_log: Callable[[str], list[Any]] = driver.get_log
            seen.console = [entry["message"] for entry in get_log("browser")]
            seen.requests |= _requests(get_log("performance"))
    finally:
        driver.quit()

    assert any(url.endswith(".css") for url in seen.requests), "The log of requests is empty"
    broken = [f"{promise.__name__}, {found}" for promise in PROMISES for found in promise(seen)]
    assert not broken, "\n".join(broken)


def _requests(log: list[Any]) -> set[str]:
    messages = (json.loads(entry["message"])["message"] for entry in log)
    return {
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }


def r88_nothing_is_asked_of_anybody_else(seen: Seen) -> Iterator[str]:
    for url in seen.requests:
        parts = urlsplit(url)
        if parts.scheme not in NOT_ON_THE_NETWORK and parts.netloc != urlsplit(seen.base).netloc:
            yield url


def r88_no_page_breaks_its_own_policy(seen: Seen) -> Iterator[str]:
    """Chromium writes each violation of the Content Security Policy into its console."""
    for line in seen.console:
        if "Content Security Policy" in line or "script.js" in line:
            yield line


def r87_nothing_is_kept_in_the_browser(seen: Seen) -> Iterator[str]:
    """IndexedDB, caches, service workers, local and session storage, what scripts see."""
    return (f"{state}: {kept}" for state, kept in seen.kept.items() if any(kept))


def r87_boxes_ask_the_browser_for_no_help(seen: Seen) -> Iterator[str]:
    return (f"{state}: {boxes}" for state, boxes in seen.boxes.items() if boxes)


def r7_one_cookie_and_none_before_start(seen: Seen) -> Iterator[str]:
    for state, cookies in seen.cookies.items():
        has_session = state not in (*BEFORE_START, *AFTER_THE_END)
        if [cookie["name"] for cookie in cookies] != ["q"] * has_session:
            yield f"{state}: {cookies}"
        for cookie in cookies:
            strict = cookie["httpOnly"] and cookie["sameSite"] == "Strict"
            if not strict or "expiry" in cookie:  # R7: gone with the browser
                yield f"{state}: {cookie}"


def r9_titles_and_addresses_say_nothing(seen: Seen) -> Iterator[str]:
    neutral = sample(CONSULTATION).public_name[LANGUAGE]
    yield from (f"{state}: {title}" for state, title in seen.titles.items() if title != neutral)
    codes = {seen.paths[state].split("?")[0][1:] for state in ("front with a code", "draft gone")}
    for state, path in seen.paths.items():
        if path.split("?")[0].split("/")[1] not in (*NEUTRAL_ADDRESSES, *codes):
            yield f"{state}: {path}"


PROMISES = (
    r7_one_cookie_and_none_before_start,
    r9_titles_and_addresses_say_nothing,
    r87_boxes_ask_the_browser_for_no_help,
    r87_nothing_is_kept_in_the_browser,
    r88_no_page_breaks_its_own_policy,
    r88_nothing_is_asked_of_anybody_else,
)


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_r54_r67_no_site_is_told_where_somebody_comes_from(
    walker: Callable[[Mode, Demo], Walker], demo: Demo, neutral: NeutralSite, mode: Mode
) -> None:
    """Neither the site of a support service, nor the neutral site."""
    person = walker(mode, demo)
    person.start(demo.codes(CONSULTATION)[0], LANGUAGE)
    person.press("support")
    assert person.has(".ways a[href^='https:']"), person.where()
    person.driver.execute_script(
        "document.querySelector(\".ways a[href^='https:']\").href = arguments[0]",
        f"{neutral.address}helpline",
    )
    person.follow(f".ways a[href='{neutral.address}helpline']")
    assert neutral.visits[-1] == ("/helpline", None)
    assert len(person.driver.window_handles) == 1

    person.back()
    person.click(person.one(".exit"))
    wait_until(lambda: person.driver.current_url == neutral.address, person.where)
    assert neutral.visits[-1] == ("/", None)
