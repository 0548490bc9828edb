"""Everybody can use every page: axe-core, keyboard, focus, sizes, the exit in sight (R49-R52, R81,
R83)."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.server import Demo

from .browsers import BrowserMissing, Mode
from .stories import EVERYTHING, sample
from .tour import tour
from .walking import Answer, Walker

pytestmark = pytest.mark.browser

CHROMIUM = Mode("chromium", javascript=True)
SMALL, LARGE = 320, 1280
HEIGHT = 640
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
SMALLEST_TARGET = 44
"""CSS pixels (R83)."""
TOURS = [
    ("internet-safer", "en"),
    ("internet-safer", "fr"),
    ("internet-safer", "ar"),
    ("survivors-perspectives", "es"),
]
FEWEST_STATES = 35
MOST_TABS = 80

At = Callable[[Mode, Demo], Walker]


@cache
def axe_source() -> str:
    """The script of axe-core, as the package `axe-playwright-python` carries it."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        raise BrowserMissing("axe-playwright-python is not installed: pip install -e '.[dev]'")
    path = Path(found.submodule_search_locations[0]) / "axe.min.js"
    return path.read_text(encoding="utf-8")


def show(person: Walker, width: int, scheme: str = "light") -> None:
    """Give the page a width and a colour scheme, without movement."""
    size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    for command, values in (
        ("Emulation.setDeviceMetricsOverride", size),
        ("Emulation.setEmulatedMedia", {"features": features}),
    ):
        person.driver.execute_cdp_cmd(command, values)


def violations(person: Walker, *, only: list[str] | None = None) -> list[str]:
    """What axe-core finds on the page as it is: rule and place."""
    run = {"type": "rule", "values": only} if only else {"type": "tag", "values": WCAG_2_2_AA}
    rules = {} if only else {"target-size": {"enabled": True}}
    found = person.driver.execute_async_script(
        "const [options, done] = arguments;"
        "axe.run(document, options).then(r => done(r.violations), e => done([String(e)]))",
        {"runOnly": run, "rules": rules, "resultTypes": ["violations"]},
    )
    return [
        f"{rule['id']} at {node['target']}: {' '.join(node['failureSummary'].split())}"
        for rule in found
        for node in rule["nodes"]
    ]


SMALL_TARGETS = """
const least = arguments[0];
const box = e => e.getBoundingClientRect();
const words = e => e.textContent.trim();
const inText = e => e.matches('p a') && words(e.closest('p')) !== words(e);
const pressed = e => e.matches('[type=radio], [type=checkbox]')
  ? document.querySelector(`label[for="${e.id}"]`) : e;
const controls = 'a[href], button, select, textarea, summary, input:not([type=hidden])';
return [...document.querySelectorAll(controls)]
  .filter(e => !e.matches('.skip-link') && !inText(e) && e.checkVisibility())
  .map(pressed)
  .filter(e => box(e).height < least || box(e).width < least)
  .map(e => `${e.outerHTML.slice(0, 90)} ${box(e).width}x${box(e).height}`);
"""

EXIT_IN_SIGHT = """
const link = document.querySelector('.exit');
for (const place of [0, 0.5, 1]) {
  scrollTo(0, place * document.documentElement.scrollHeight);
  const b = link.getBoundingClientRect();
  const inside = b.top >= 0 && b.left >= 0 && b.bottom <= innerHeight && b.right <= innerWidth;
  const top = document.elementFromPoint((b.left + b.right) / 2, (b.top + b.bottom) / 2);
  if (!inside || !link.contains(top) || b.height < 44) { return `not at ${place}`; }
}
scrollTo(0, 0);
return document.documentElement.scrollWidth > innerWidth ? 'the page is too wide' : '';
"""


def faults(person: Walker) -> list[str]:
    """What is wrong with the page on screen at two widths and in two colour schemes."""
    script = person.driver.execute_script
    script("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    script(axe_source())
    found = []
    for width in (LARGE, SMALL):
        show(person, width)
        found += [f"{width}px: {fault}" for fault in violations(person)]
        found += [f"{width}px: small: {e}" for e in script(SMALL_TARGETS, SMALLEST_TARGET)]
        hidden = script(EXIT_IN_SIGHT)
        found += [f"{width}px: exit {hidden}"] if hidden else []
    show(person, SMALL, "dark")
    found += [f"dark: {fault}" for fault in violations(person, only=COLOURS)]
    return found


@pytest.fixture
def tourist(walker: At, demo: Demo) -> Walker:
    person = walker(CHROMIUM, demo)
    show(person, LARGE)
    return person


@pytest.mark.parametrize(("consultation", "language"), TOURS)
def test_r50_r81_r83_every_page_and_state(
    tourist: Walker, demo: Demo, consultation: str, language: str
) -> None:
    """No violation of WCAG 2.2 A or AA, large targets, and the exit in sight wherever one is."""
    seen: dict[str, list[str]] = {}

    def look(state: str) -> None:
        assert tourist.one("html").get_attribute("lang") == language, state
        seen[state] = faults(tourist)
        show(tourist, LARGE)

    tour(tourist, demo, consultation, language, look)

    assert len(seen) >= FEWEST_STATES - 10 * (consultation != TOURS[0][0])
    lines = [f"{state}, {fault}" for state, found in seen.items() for fault in found]
    assert not lines, "\n".join(lines)


# --- by keyboard alone ---


def press(person: Walker, *keys: str) -> None:
    """Press keys one after the other."""
    ActionChains(person.driver, duration=0).send_keys(*keys).perform()


FOCUSED = """
const e = document.activeElement;
const b = e.getBoundingClientRect();
const bar = document.querySelector('.exit-bar').getBoundingClientRect();
const clear = b.top >= (e.closest('.exit-bar, .skip-link') ? 0 : bar.bottom) - 1;
const chosen = e.matches('[type=radio], [type=checkbox], button');
return {
  tag: e.tagName, name: e.name || '', value: chosen ? e.value : '',
  exit: e.hasAttribute('data-exit'),
  words: e.textContent.trim().slice(0, 40), top: b.top, bottom: b.bottom,
  seen: clear && b.bottom <= innerHeight + 1 || b.height > innerHeight - bar.bottom,
};
"""


def focused(person: Walker) -> dict[str, Any]:
    """What has the focus, and whether it can be seen."""
    found: dict[str, Any] = person.driver.execute_script(FOCUSED)
    return found


def tab_to(person: Walker, name: str, value: str = "") -> None:
    """Press Tab until a field or button has the focus."""
    for _ in range(MOST_TABS):
        here = focused(person)
        if here["name"] == name and (not value or here["value"] == value):
            return
        press(person, Keys.TAB)
    raise AssertionError(f"{name}={value} cannot be reached by Tab on {person.where()}")


def tick(person: Walker, name: str, value: str) -> None:
    """Reach a box by Tab, press Space."""
    tab_to(person, name, value)
    press(person, Keys.SPACE)


def pick(person: Walker, name: str, value: str) -> None:
    """Reach a group of radio buttons by Tab, go to one by the arrows."""
    tab_to(person, name)
    press(person, Keys.SPACE)
    while focused(person)["value"] != value:
        press(person, Keys.ARROW_DOWN)
    assert person.ticked(name) == [value]


def answer(person: Walker, question: str, given: Answer) -> None:
    """Answer one question by keyboard."""
    if isinstance(given, dict):
        for part, value in given.items():
            name = f"{question}__{part}"
            if person.has(f"select[name={name}]"):
                tab_to(person, name)
                press(person, value)
            else:
                pick(person, name, value)
    elif not isinstance(given, str):
        for value in given:
            tick(person, question, value)
    elif person.has(f"input[type=radio][name={question}]"):
        pick(person, question, given)
    else:
        tab_to(person, question)
        press(person, given)


def press_button(person: Walker, value: str) -> None:
    """Reach a button by Tab, press Enter."""
    tab_to(person, "action", value)
    with person.next_page():
        press(person, Keys.ENTER)


def test_a_whole_consultation_by_keyboard(tourist: Walker, demo: Demo) -> None:
    """From the link to "sent" without a mouse; the focus is seen wherever it goes (R52)."""
    person = tourist
    person.open(f"/{demo.codes('internet-safer')[0]}?language=en")
    given: dict[str, Answer] = {**EVERYTHING, "report_easier": "Plain words", "one_change": "More"}
    tab_to(person, "code")
    with person.next_page():
        press(person, Keys.ENTER)
    passed = []
    while (step := person.step) != "check":
        passed.append(step)
        if step == "consent":
            tick(person, "take_part", "yes")
        for question in person.asked if step.startswith("page:") else []:
            answer(person, question, given[question])
            wanted = given[question]
            if not isinstance(wanted, (str, dict)):
                wanted = sorted(wanted)
            assert person.given(question, wanted) == wanted
        press_button(person, "continue")
    assert {f"page:{page.name}" for page in sample("internet-safer").pages} <= set(passed)
    press_button(person, "send")
    assert len(person.one(".code").text.split()) == 6


LONG_WAYS = (
    *("front with a code", "support in a country", "about", "safety", "consent"),
    *("page:online_life", "page:report_button, error", "page:report_now"),
    *("warning:report_barriers", "page:last_page, notice", "check", "sent"),
)
"""States on which every control is visited, there and back: each kind of control, long pages."""


def test_r49_r52_the_exit_comes_first_and_hides_nothing_that_has_the_focus(
    tourist: Walker, demo: Demo
) -> None:
    """At 320 px: Tab to the end and Shift+Tab back to the start, which is no exit."""
    unseen: list[str] = []
    walked: list[str] = []

    def look(state: str) -> None:
        show(tourist, SMALL)
        tourist.driver.execute_script(FROM_THE_START)
        press(tourist, Keys.TAB)
        assert focused(tourist)["exit"], f"{state}: first is {focused(tourist)}"
        if state in LONG_WAYS:
            walked.append(state)
            unseen.extend(f"{state}: {place}" for place in there_and_back(tourist))
        show(tourist, LARGE)

    tour(tourist, demo, "internet-safer", "en", look)
    assert sorted(walked) == sorted(LONG_WAYS)
    assert not unseen, "\n".join(unseen)


FROM_THE_START = """
document.activeElement.blur();
scrollTo(0, 0);
document.body.tabIndex = -1;
document.body.focus();
document.body.removeAttribute('tabindex');
"""


def there_and_back(person: Walker) -> list[dict[str, Any]]:
    """Press Tab to the end of the page and Shift+Tab back; the places that could not be seen."""
    path: list[dict[str, Any]] = []
    while (here := focused(person))["tag"] != "BODY" and len(path) < MOST_TABS:
        path.append(here)
        press(person, Keys.TAB)
    for _ in tuple(path):
        back = ActionChains(person.driver, duration=0)
        back.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        path.append(focused(person))
    return [place for place in path if not place["seen"]]
