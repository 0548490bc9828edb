"""The look as a browser measures it: sizes, places, contrast, weight."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, render_template_string
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from app.web.assets import init_assets
from app.web.languages import init_languages

from .conftest import PAGE, RESPOND, SmallSite

STYLE = (RESPOND / "static" / "style.css").read_text()
WIDTHS = (320, 768, 1280)
FIRST_PAGE_AT_MOST = 14 * 1024
"""Bytes of page, style and script together: what a server may send before the first answer of a
browser (ten packets, RFC 6928)."""


def colours(scheme: str) -> dict[str, str]:
    """Read the named colours of one scheme; the dark one changes some of the light ones."""
    found: dict[str, str] = {}
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[: 1 if scheme == "light" else 2]:
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", block))
    return found


def luminance(colour: str) -> float:
    """Compute relative luminance as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


WORDS = [
    ("ink", "page"),
    ("ink", "card"),
    ("ink", "tint"),
    ("ink", "mark"),
    ("soft", "page"),
    ("soft", "card"),
    ("soft", "tint"),
    ("main", "page"),
    ("main", "card"),
    ("on-main", "main"),
    ("on-exit", "exit"),
]
SHAPES = [
    *[("line", "page"), ("line", "card"), ("line", "tint"), ("exit", "page")],
    *[("main", "page"), ("main", "card"), ("main", "tint")],
    # The outline of what has the focus stands off, on the ground around a control.
    *[("ink", "page"), ("ink", "card"), ("ink", "tint")],
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), WORDS)
@pytest.mark.requirement("R81")
def test_words_can_be_read(scheme: str, front: str, back: str) -> None:
    palette = colours(scheme)
    assert contrast(palette[front], palette[back]) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPES)
@pytest.mark.requirement("R81")
def test_controls_can_be_told_from_the_page(scheme: str, front: str, back: str) -> None:
    palette = colours(scheme)
    assert contrast(palette[front], palette[back]) >= 3  # WCAG 2.2, 1.4.11


@pytest.mark.requirement("R50", "R85")
def test_only_the_exit_is_red() -> None:
    for scheme in ("light", "dark"):
        for name, colour in colours(scheme).items():
            digits = colour.lstrip("#")
            digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
            red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
            assert (red > 2 * green and red > 2 * blue) == (name == "exit")


@pytest.mark.requirement("R82")
def test_the_first_page_is_light() -> None:
    app = Flask("weighed", static_folder=None, template_folder=str(RESPOND / "templates"))
    init_assets(app, RESPOND / "static")
    init_languages(app, RESPOND)
    with app.test_request_context():
        page = render_template_string(PAGE, form_id="step")
    files = [STYLE, (RESPOND / "static" / "script.js").read_text(), page]
    assert sum(len(gzip.compress(file.encode(), 9)) for file in files) <= FIRST_PAGE_AT_MOST


def resize(browser: WebDriver, width: int, height: int = 600) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700},
    )


@pytest.fixture(params=[(width, tag) for width in WIDTHS for tag in ("en", "ar")])
def page(
    request: pytest.FixtureRequest, chromium: WebDriver, site: SmallSite
) -> Iterator[tuple[WebDriver, int]]:
    width, language = request.param
    resize(chromium, width)
    chromium.get(f"{site.address}/page/1?language={language}")
    WebDriverWait(chromium, 10).until(
        lambda driver: (
            driver.execute_script(
                "return document.readyState === 'complete' && document.documentElement.lang"
            )
            == language
        )
    )
    yield chromium, width
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def box(browser: WebDriver, selector: str) -> dict[str, Any]:
    found: dict[str, Any] = browser.execute_script(
        "return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()", selector
    )
    return found


@pytest.mark.browser
class TestPage:
    @pytest.mark.requirement("R7", "R50")
    def test_the_exit_stays_in_sight_and_on_top(self, page: tuple[WebDriver, int]) -> None:
        browser, width = page
        for scroll in (0, 150, 100_000):
            browser.execute_script(f"scrollTo(0, {scroll})")
            exit_box = box(browser, ".exit")
            assert 0 <= exit_box["top"] < 40
            assert exit_box["left"] >= 0
            assert exit_box["right"] <= width
            on_top = browser.execute_script(
                "return document.elementFromPoint(arguments[0], arguments[1]).closest('.exit')",
                (exit_box["left"] + exit_box["right"]) / 2,
                (exit_box["top"] + exit_box["bottom"]) / 2,
            )
            assert on_top is not None

    @pytest.mark.requirement("R50")
    def test_the_exit_is_as_wide_as_a_small_screen_and_beside_the_text_of_a_large_one(
        self, page: tuple[WebDriver, int]
    ) -> None:
        browser, width = page
        exit_box, main = box(browser, ".exit"), box(browser, "main")
        if width == 320:
            assert exit_box["width"] >= 280
        if width == 1280:
            assert exit_box["left"] >= main["right"] or exit_box["right"] <= main["left"]

    def test_nothing_has_to_be_scrolled_sideways(self, page: tuple[WebDriver, int]) -> None:
        browser, width = page
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width

    @pytest.mark.requirement("R83")
    def test_everything_to_press_is_large_enough(self, page: tuple[WebDriver, int]) -> None:
        browser, _width = page
        small = browser.execute_script(
            """return Array.from(document.querySelectorAll(
                 'main button, main label[for], .exit, footer button, footer a, main textarea'))
               .filter(function (e) { return !e.matches('label.label'); })
               .map(function (e) { return [e.textContent, e.getBoundingClientRect().toJSON()]; })
               .filter(function (e) { return e[1].height < 44 || e[1].width < 44; })"""
        )
        assert small == []

    @pytest.mark.requirement("R37")
    def test_going_on_and_skipping_are_as_large_as_each_other(
        self, page: tuple[WebDriver, int]
    ) -> None:
        browser, _width = page
        go_on, skip = (box(browser, f"button[value={name}]") for name in ("continue", "skip"))
        assert abs(go_on["width"] - skip["width"]) < 1
        assert abs(go_on["height"] - skip["height"]) < 1

    @pytest.mark.requirement("R52")
    def test_what_has_the_focus_is_never_under_the_exit(self, page: tuple[WebDriver, int]) -> None:
        browser, width = page
        browser.execute_script("scrollTo(0, document.body.scrollHeight)")
        if width == 1280:
            return  # the exit stands beside the text
        for element in reversed(browser.find_elements(By.CSS_SELECTOR, "main [name], main button")):
            browser.execute_script("arguments[0].focus()", element)
            bar, focused = box(browser, ".exit-bar"), element.rect
            top = focused["y"] - browser.execute_script("return scrollY")
            assert element.get_attribute("type") == "hidden" or top >= bar["bottom"]

    @pytest.mark.requirement("R79")
    def test_the_page_is_mirrored_for_arabic(self, page: tuple[WebDriver, int]) -> None:
        browser, _width = page
        mirrored = browser.execute_script("return document.documentElement.dir") == "rtl"
        radio, label = box(browser, ".pick input"), box(browser, ".pick label")
        middle = (label["left"] + label["right"]) / 2
        assert (radio["left"] > middle) == mirrored


@pytest.mark.browser
@pytest.mark.requirement("R58")
def test_paper_shows_no_exit_and_no_answers(chromium: WebDriver, site: SmallSite) -> None:
    chromium.get(f"{site.address}/page/1?paper")
    WebDriverWait(chromium, 10).until(lambda driver: "paper" in driver.current_url)
    shown = """return ['.exit-bar', 'textarea', '.pick input'].map(function (s) {
        var style = getComputedStyle(document.querySelector(s));
        return style.display !== 'none' && style.visibility === 'visible'; })"""
    WebDriverWait(chromium, 10).until(
        lambda driver: driver.execute_script("return document.readyState") == "complete"
    )
    assert chromium.execute_script(shown) == [True, True, True]
    emulate = chromium.execute_cdp_cmd
    emulate("Emulation.setEmulatedMedia", {"media": "print"})
    assert chromium.execute_script(shown) == [False, False, False]
    emulate("Emulation.setEmulatedMedia", {"media": ""})
