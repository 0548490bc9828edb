"""Pictures of every page, to be looked at: `make screenshots` writes them to screenshots/.

Each consultation and language, at 320, 768 and 1280 px, light and dark; and one contact sheet a
language and width, so that a whole journey is seen at once.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser.browsers import CHROMIUM_FLAGS
from tests.server import Demo, running_demo

FOLDER = Path("screenshots")
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
JOURNEYS = (
    ("internet-safer", "en"),
    ("internet-safer", "fr"),
    ("internet-safer", "ar"),
    ("survivors-perspectives", "es"),
)
TALLEST = 6000
DECLINE_BOX = "__prefer_not_to_say"
WORDS = "A few words of mine. كلمات قليلة"


class Camera:
    """One browser window of a width and colour scheme, and where its pictures go."""

    def __init__(self, width: int, scheme: str, folder: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*CHROMIUM_FLAGS, "--hide-scrollbars"):
            options.add_argument(flag)
        self.driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
        self.width, self.folder, self.count = width, folder, 0
        folder.mkdir(parents=True, exist_ok=True)
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def take(self, name: str) -> None:
        """Take a picture of the whole page."""
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": self.width, "height": min(height, TALLEST), "scale": 1}
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
        )
        path = self.folder / f"{self.count:02d}-{name}.png"
        path.write_bytes(base64.b64decode(shot["data"]))
        self.count += 1

    def open(self, address: str, name: str) -> None:
        """Open an address and take its picture."""
        self.driver.get(address)
        self.take(name)


def walk(camera: Camera, demo: Demo, consultation: str, language: str) -> None:
    """Answer a whole consultation, taking a picture of each page."""
    driver, code = camera.driver, demo.codes(consultation)[0]
    camera.open(f"{demo.base}/?language={language}", "front")
    camera.open(f"{demo.base}/support?language={language}&country=GB", "support")
    camera.open(f"{demo.base}/withdraw?language={language}", "withdraw")
    camera.open(f"{demo.base}/results/{code}?language={language}", "results")
    driver.get(f"{demo.base}/{code}?language={language}")
    _press(camera, 'form[action="/start"] button')
    paused = False
    for step in _steps(camera):
        if step.startswith("page:") and not paused:
            paused = True
            camera.open(f"{demo.base}/pause", "pause")
            camera.open(f"{demo.base}/", "go-on")
            driver.get(f"{demo.base}/back-to-questions")
        _fill(camera)
        _press(camera, f"main button[value={'send' if step == 'check' else 'continue'}]")
    camera.take("sent")


def _steps(camera: Camera) -> Iterator[str]:
    while not camera.driver.current_url.endswith("/sent"):
        field = camera.driver.find_element(By.NAME, "step")
        step = str(field.get_attribute("value"))
        camera.take(step.replace(":", "-"))
        yield step


def _fill(camera: Camera) -> None:
    driver, seen = camera.driver, {"leave_out", "shortcut_off"}
    for box in driver.find_elements(By.CSS_SELECTOR, "main input:is([type=radio],[type=checkbox])"):
        name = str(box.get_attribute("name"))
        if name not in seen and not name.endswith(DECLINE_BOX):
            seen.add(name)
            driver.execute_script("arguments[0].click()", box)
    for place, select in enumerate(driver.find_elements(By.CSS_SELECTOR, "main select"), 1):
        Select(select).select_by_value(str(place))
    for box in driver.find_elements(By.CSS_SELECTOR, "main textarea, main input[type=text]"):
        box.send_keys(WORDS)


def _press(camera: Camera, selector: str) -> None:
    page = camera.driver.find_element(By.TAG_NAME, "html")
    camera.driver.find_element(By.CSS_SELECTOR, selector).click()
    WebDriverWait(camera.driver, 20).until(lambda _: _is_gone(page))


def _is_gone(element: object) -> bool:
    try:
        element.tag_name  # type: ignore[attr-defined]  # noqa: B018 - asks the browser
    except Exception:
        return True
    return False


def main() -> None:
    """Take all pictures; words on the command line choose, such as `en 320 dark`."""
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as demo:
        for (consultation, language), width, scheme in product(JOURNEYS, WIDTHS, SCHEMES):
            if not wanted <= {consultation, language, str(width), scheme}:
                continue
            camera = Camera(width, scheme, FOLDER / f"{consultation}-{language}-{width}-{scheme}")
            try:
                walk(camera, demo, consultation, language)
            finally:
                camera.driver.quit()
            print(f"{camera.folder}: {camera.count} pictures")


if __name__ == "__main__":
    main()
