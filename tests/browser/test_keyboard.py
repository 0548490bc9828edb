"""A whole consultation without a mouse: Tab, Shift+Tab, Space, Enter and the arrows (R49, R52)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.server import Demo

from .browsers import WITH_JAVASCRIPT, Mode
from .stories import EVERYTHING, sample
from .walking import Answer, Walker

pytestmark = pytest.mark.browser

MOST_TABS = 80
THINNEST_OUTLINE = 2
"""Pixels (WCAG 2.2, 2.4.13)."""

FOCUSED = """
const e = document.activeElement;
const bar = document.querySelector('.exit-bar').getBoundingClientRect();
const isBox = e.matches('[type=radio], [type=checkbox]');
const style = getComputedStyle(isBox ? document.querySelector(`label[for="${e.id}"]`) : e);
const b = e.getBoundingClientRect();
const above = e.closest('.exit-bar') || bar.height === 0 ? 0 : bar.bottom;
return {
  tag: e.tagName, name: e.name || '', value: isBox || e.matches('button') ? e.value : '',
  words: e.textContent.trim().slice(0, 40),
  outlined: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
  seen: b.bottom > above && b.top < innerHeight,
};
"""


def press(person: Walker, *keys: str) -> None:
    """Press keys one after the other."""
    ActionChains(person.driver, duration=0).send_keys(*keys).perform()


def press_shift_tab(person: Walker) -> None:
    """Go one place back."""
    keys = ActionChains(person.driver, duration=0)
    keys.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()


def focused(person: Walker) -> dict[str, Any]:
    """What has the focus; it is outlined and in sight, wherever it goes."""
    found: dict[str, Any] = person.driver.execute_script(FOCUSED)
    if found["tag"] not in ("BODY", "HTML"):
        assert found["outlined"] >= THINNEST_OUTLINE, found
        assert found["seen"], found
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
    """Answer one question."""
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
    """Reach a button by Tab, go past it and come back by Shift+Tab, press Enter."""
    tab_to(person, "action", value)
    press(person, Keys.TAB)
    assert focused(person)["value"] != value
    press_shift_tab(person)
    assert focused(person)["value"] == value
    with person.next_page():
        press(person, Keys.ENTER)


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
def test_r49_r52_r81_a_whole_consultation_by_keyboard(
    walker: Callable[[Mode, Demo], Walker], demo: Demo, mode: Mode
) -> None:
    """From the link to "sent"; every place where Tab stops is outlined and in sight."""
    person = walker(mode, demo)
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
