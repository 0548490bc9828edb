"""A whole consultation without the style sheet, script and pictures: still in order (R82)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver as Chrome

from app.consultation import Definition
from app.consultation.texts import text_in
from tests.server import Demo

from .browsers import Mode
from .stories import EVERYTHING, sample
from .walking import Plan, Walker

pytestmark = pytest.mark.browser

LANGUAGE = "en"
BESIDE = """
return [...document.querySelectorAll('input[type=radio], input[type=checkbox]')].filter(input => {
  const label = document.querySelector(`label[for="${input.id}"]`);
  const words = label.getClientRects()[0], box = input.getBoundingClientRect();
  return box.width === 0 || words.top > box.bottom || words.bottom < box.top;
}).map(input => input.id);
"""


@pytest.fixture
def bare(walker: Callable[[Mode, Demo], Walker], demo: Demo) -> Iterator[Walker]:
    """A person whose browser gets nothing but the pages."""
    person = walker(Mode("chromium", javascript=False), demo)
    assert isinstance(person.driver, Chrome)
    person.driver.execute_cdp_cmd("Network.enable", {})
    blocked = {"urls": ["*.css*", "*.js*", "*.svg*"]}
    person.driver.execute_cdp_cmd("Network.setBlockedURLs", blocked)
    yield person
    person.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})


def written(definition: Definition, step: str) -> list[str]:
    """The words of a page of questions in the order in which they are to be read."""
    page = next(page for page in definition.pages if f"page:{page.name}" == step)
    return [
        text_in(words, LANGUAGE)
        for question in page.asked
        for words in [question.label, *(c.label for c in getattr(question, "choices", ()))]
    ]


def missing_in_order(words: str, expected: list[str]) -> list[str]:
    """What is not there, or not after what comes before it."""
    place, missing = 0, []
    for text in expected:
        found = words.find(text, place)
        if found < 0:
            missing.append(text)
        else:
            place = found + len(text)
    return missing


def test_r82_a_whole_consultation_without_styles_reads_in_order(bare: Walker, demo: Demo) -> None:
    """The exit first, then heading, questions with their choices, buttons; each box beside its
    words."""
    definition = sample("internet-safer")
    seen: list[str] = []
    faults: list[str] = []

    def look(person: Walker) -> None:
        step, words = person.step, person.words
        seen.append(step)
        script = person.driver.execute_script
        assert (
            script("return getComputedStyle(document.querySelector('.exit')).position") == "static"
        )
        expected = written(definition, step) if step.startswith("page:") else []
        buttons = [person.one("main .button").text, person.one("footer button").text]
        start = ["Exit this page", "Go to the main text", "Exit this page"]
        faults.extend(
            f"{step}: {t}" for t in missing_in_order(words, [*start, *expected, *buttons])
        )
        faults.extend(f"{step}: not beside its words: {field}" for field in script(BESIDE))

    steps = ["about", "safety", "consent", "leave_out", "check"]
    steps += [f"{kind}:{page.name}" for page in definition.pages for kind in ("warning", "page")]
    bare.start(demo.codes("internet-safer")[0], LANGUAGE)
    bare.walk(Plan(EVERYTHING, detours={step: [look] for step in steps}))
    bare.press("send")

    assert len(bare.one(".code").text.split()) == 6
    assert {f"page:{page.name}" for page in definition.pages} <= set(seen)
    assert not faults, "\n".join(faults)
