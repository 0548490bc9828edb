"""Whatever is written into a page does nothing: seen in browsers, by what they refuse (R54)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from tests.server import Demo

from .browsers import WITH_JAVASCRIPT, Mode
from .conftest import Browsers
from .injected import ATTEMPTS, OtherSite, other_site, written_into
from .walking import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R54")]

REFUSED = {
    "base-uri {other}",
    "script-src-elem inline",
    "script-src-elem {other}script.js",
    "script-src-elem {other}module.js",
    "script-src-elem data",
    "script-src-attr inline",
    "script-src eval",
    "style-src-elem inline",
    "style-src-elem {other}style.css",
    "style-src-attr inline",
    "img-src {other}picture.png",
    "img-src data",
    "frame-src {origin}",
    "object-src {origin}",
    "default-src {other}prefetched",
    "media-src {other}video.mp4",
    "media-src {other}sound.mp3",
    "connect-src {other}fetched",
    "connect-src {other}beacon",
    "connect-src {other}asked",
    "connect-src {socket}socket",
    "connect-src {other}events",
    "font-src {other}font.woff2",
    "worker-src blob",
    "form-action {other}form",
}
"""What each browser has to report that it refused: the rule, and what it was about."""


@pytest.fixture
def other(demo: Demo) -> Iterator[OtherSite]:
    """The site that would be told."""
    with other_site(demo.base) as site:
        yield site


def open_page(driver: WebDriver, address: str) -> None:
    driver.get(address)
    wait_until(
        lambda: bool(driver.execute_script("return window.tried === arguments[0]", ATTEMPTS)),
        lambda: str(driver.execute_script("return [window.tried, window.refused]")),
    )


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
def test_what_is_written_into_a_page_is_refused_and_tells_nobody(
    browsers: Browsers, mode: Mode, demo: Demo, other: OtherSite
) -> None:
    driver = browsers(mode)
    names = {
        "other": other.address,
        "origin": other.address.rstrip("/"),
        "socket": other.address.replace("http:", "ws:"),
    }
    expected = {line.format(**names) for line in REFUSED}

    def missing() -> set[str]:
        return expected - set(driver.execute_script("return window.refused"))

    with written_into(demo.base, other.address) as address:
        open_page(driver, f"{address}support?country=GB")
        wait_until(lambda: not missing(), lambda: f"not refused: {sorted(missing())}")
        harmed = driver.execute_script("return window.harmed")
        colours = [driver.find_element(By.CSS_SELECTOR, one) for one in ("h1", "#styled")]
        looks = {one.value_of_css_property("color") for one in colours}
        driver.get("about:blank")

    assert harmed is None
    assert not [look for look in looks if "1, 2, 3" in look]
    assert other.asked == []


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
def test_without_the_policy_all_of_it_would_happen(
    browsers: Browsers, mode: Mode, demo: Demo, other: OtherSite
) -> None:
    """So the page is hostile, and the test above can fail."""
    driver = browsers(mode)

    with written_into(demo.base, other.address, policy=False) as address:
        driver.get(f"{address}support?country=GB")
        wait_until(
            lambda: {"/form", "/picture.png", "/script.js"} <= set(other.asked),
            lambda: str(other.asked),
        )
        driver.get("about:blank")


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
def test_no_other_site_can_show_a_page_in_a_frame(
    browsers: Browsers, mode: Mode, other: OtherSite
) -> None:
    driver = browsers(mode)

    driver.get(other.address)
    driver.switch_to.frame(driver.find_element(By.TAG_NAME, "iframe"))
    shown = driver.page_source
    driver.switch_to.default_content()

    assert "/leave" not in shown
    assert "Questions" not in shown
