"""Pictures of every page and state, to be looked at: `make screenshots` writes screenshots/.

Each consultation and language is walked once; every page is taken at 320, 768 and 1280 px, light
and dark. One contact sheet a language, width and scheme shows the whole journey at once.
"""

from __future__ import annotations

import base64
import html
import re
import sys
import tempfile
from itertools import product
from pathlib import Path

from selenium import webdriver

from tests.browser.browsers import Mode, open_browser
from tests.browser.tour import tour
from tests.browser.walking import Walker
from tests.server import running_demo

FOLDER = Path("screenshots")
HEIGHT = 800  # pixels of the window
VIEWS = tuple(product((320, 768, 1280), ("light", "dark")))
JOURNEYS = (
    ("internet-safer", "en"),
    ("internet-safer", "ar"),
    ("children-know-better", "ne"),
    ("survivors-perspectives", "es"),
    ("safe-internet-easy", "fr"),
)
TALLEST = 6000
THUMBNAIL = {320: 160, 768: 240, 1280: 320}
"""Width of one page on a contact sheet, in pixels."""
SHEET_WIDTH = 1960


class Camera:
    """A browser window that takes the page on screen at each width and colour scheme."""

    def __init__(self, driver: webdriver.Chrome, folder: Path) -> None:
        self.driver, self.folder = driver, folder
        self.taken: list[str] = []

    def take(self, state: str) -> None:
        """Take six pictures of the whole page; `state` is its name, such as `page:online_life`."""
        name = f"{len(self.taken):02d}-{re.sub(r'[^a-z0-9_]+', '-', state.lower())}"
        self.taken.append(name)
        for width, scheme in VIEWS:
            self._see(width, scheme)
            place = self.folder / f"{width}-{scheme}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{name}.png").write_bytes(self._picture(width))
        self._command("Emulation.clearDeviceMetricsOverride")

    def _see(self, width: int, scheme: str) -> None:
        size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        self._command("Emulation.setDeviceMetricsOverride", **size)
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self._command("Emulation.setEmulatedMedia", features=features)

    def _picture(self, width: int) -> bytes:
        # From the top: the exit is where it is first seen, and not where the page was scrolled to.
        self.driver.execute_script("scrollTo(0, 0)")
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST), "scale": 1}
        # On a short page read from the right, Chromium moves what it takes beyond the window.
        beyond = height > HEIGHT
        shot = self._command("Page.captureScreenshot", captureBeyondViewport=beyond, clip=clip)
        return base64.b64decode(shot["data"])

    def sheets(self) -> None:
        """Make one contact sheet for each width and scheme from the pictures taken so far."""
        for width, scheme in VIEWS:
            place = self.folder / f"{width}-{scheme}"
            page = place / "sheet.html"
            page.write_text(_sheet(self.taken, width), encoding="utf-8")
            self._see(SHEET_WIDTH, "light")
            self.driver.get(page.resolve().as_uri())
            (self.folder / f"sheet-{width}-{scheme}.png").write_bytes(self._picture(SHEET_WIDTH))
            page.unlink()

    def _command(self, name: str, **settings: object) -> dict[str, str]:
        answer: dict[str, str] = self.driver.execute_cdp_cmd(name, settings)
        return answer


def _sheet(names: list[str], width: int) -> str:
    figures = "".join(
        f'<figure><img src="{name}.png" width="{THUMBNAIL[width]}">'
        f"<figcaption>{html.escape(name)}</figcaption></figure>"
        for name in names
    )
    style = (
        "body{display:flex;flex-wrap:wrap;align-items:flex-start;gap:12px;background:#888;"
        f"margin:12px}}figure{{margin:0;width:{THUMBNAIL[width]}px}}"
        "figcaption{font:12px sans-serif;overflow-wrap:anywhere}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{figures}"


def main() -> None:
    """Take all pictures; words on the command line choose, such as `children-know-better ne`."""
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as demo:
        for consultation, language in JOURNEYS:
            if not wanted <= {consultation, language}:
                continue
            own = Path(tempfile.mkdtemp(dir=folder))
            driver = open_browser(Mode("chromium", javascript=True), own)
            assert isinstance(driver, webdriver.Chrome)
            camera = Camera(driver, FOLDER / f"{consultation}-{language}")
            try:
                tour(Walker(driver, demo.base), demo, consultation, language, camera.take)
                camera.sheets()
            finally:
                driver.quit()
            print(f"{camera.folder}: {len(camera.taken)} pages and states")


if __name__ == "__main__":
    main()
