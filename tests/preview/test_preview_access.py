"""The preview's own page is for everybody who writes consultations (R81)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.axe import COLOURS, axe_source, violations
from tests.browser.browsers import Mode, open_browser
from tests.browser.screens import show_as, show_at
from tests.definitions import BRANCHING

from .test_preview import Running, running  # noqa: F401 - the fixture

pytestmark = pytest.mark.browser


def test_r81_the_preview_and_its_findings(running: Running, tmp_path: Path) -> None:  # noqa: F811
    """With the frame and a list of findings, narrow and wide, light and dark; and when broken."""
    folder = tmp_path / "browser"
    folder.mkdir()
    driver = open_browser(Mode("chromium", javascript=True), folder)
    try:
        running.save(BRANCHING.replace("type: select_one", "type: select_on", 1))
        found = []
        for path in ("/preview/", "/preview/go?step=nowhere"):
            show_at(driver, 1280)
            driver.get(f"{running.base}{path}")
            driver.execute_script(axe_source())
            found += violations(driver)
            show_at(driver, 320)
            show_as(driver, prefers_color_scheme="dark")
            found += violations(driver, COLOURS)
            show_as(driver)
        assert not found, "\n".join(found)
    finally:
        driver.quit()
