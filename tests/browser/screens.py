"""What Chromium is told to be: how wide, in which colours, with how large a text."""

from __future__ import annotations

from typing import Any

from selenium.webdriver.chrome.webdriver import WebDriver as Chrome
from selenium.webdriver.remote.webdriver import WebDriver

PHONE_HEIGHT = 640
"""CSS pixels."""
USUAL_TEXT, USUAL_FIXED_TEXT = 16, 13
"""Pixels of the browser's own text, as it is delivered."""

SPACED_TEXT = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
document.adoptedStyleSheets = arguments[0] ? [sheet] : [];
"""
"""The spacing that WCAG 2.2, 1.4.12 names, and away with it again."""


def _tell(driver: WebDriver, command: str, **settings: Any) -> None:
    assert isinstance(driver, Chrome)
    driver.execute_cdp_cmd(command, settings)


def show_at(driver: WebDriver, width: int, height: int = PHONE_HEIGHT) -> None:
    """Give the page a size in CSS pixels."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    _tell(driver, "Emulation.setDeviceMetricsOverride", **size)


def show_as(driver: WebDriver, medium: str = "", **features: str) -> None:
    """Say what the person prefers, such as `prefers_color_scheme="dark"`, and nothing else.

    Nothing moves meanwhile, unless that is what is asked for: a colour on its way to another one
    is no colour to be measured.

    Args:
        driver: Chromium.
        medium: "print", or the screen.
        features: media features, with `_` for `-`.
    """
    given = {"prefers_reduced_motion": "reduce", **features}
    wanted = [{"name": name.replace("_", "-"), "value": v} for name, v in given.items()]
    _tell(driver, "Emulation.setEmulatedMedia", media=medium, features=wanted)


def enlarge_text(driver: WebDriver, times: int) -> None:
    """Make text alone larger, as a phone does when its owner asks for large text."""
    sizes = {"standard": USUAL_TEXT * times, "fixed": USUAL_FIXED_TEXT * times}
    _tell(driver, "Page.setFontSizes", fontSizes=sizes)


def space_text(driver: WebDriver, *, wide: bool) -> None:
    """Set lines, words and letters apart as far as WCAG says that a person may."""
    driver.execute_script(SPACED_TEXT, wide)
