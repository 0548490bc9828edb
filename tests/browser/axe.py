"""axe-core, which knows the rules of WCAG, run on the page that a browser shows."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from selenium.webdriver.remote.webdriver import WebDriver

from .browsers import BrowserMissing

EVERY_RULE = (
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    "best-practice",
)
"""Tags of rules: WCAG 2.0 to 2.2, A and AA, and what axe-core's authors advise beyond."""
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that can end otherwise in another colour scheme or on paper."""
LAYOUT = (*COLOURS, "target-size")
"""The rules that can end otherwise at another width."""
STRONG_CONTRAST = ("color-contrast-enhanced",)
"""Seven to one (WCAG 2.2, 1.4.6), for those who ask their device for more contrast."""

RUN = """
const [options, done] = arguments;
scrollTo(0, 0);
axe.run(document, options).then(result => done(result.violations), error => done(String(error)));
"""


@cache
def axe_source() -> str:
    """The script of axe-core, as the package `axe-playwright-python` carries it."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        raise BrowserMissing("axe-playwright-python is not installed: pip install -e '.[dev]'")
    path = Path(found.submodule_search_locations[0]) / "axe.min.js"
    return path.read_text(encoding="utf-8")


def violations(driver: WebDriver, rules: Sequence[str] = ()) -> list[str]:
    """What axe-core finds on the page as it is: rule, place and advice.

    Args:
        driver: a browser on a page into which `axe_source` was put.
        rules: names of single rules; every rule by default.
    """
    wanted = ("rule", rules) if rules else ("tag", EVERY_RULE)
    options = {
        "runOnly": dict(zip(("type", "values"), wanted, strict=True)),
        "rules": {} if rules else {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }
    found = driver.execute_async_script(RUN, options)
    assert isinstance(found, list), found
    return [
        f"{rule['id']} at {node['target']}: {' '.join(node['failureSummary'].split())}"
        for rule in found
        for node in rule["nodes"]
    ]
