"""What is new on a page is said at once, without being looked for (R47, R81, R84)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.server import Demo

from .browsers import MODES, Mode
from .outline import Line, read_page
from .stories import EVERYTHING
from .tour import TELLING
from .walking import Plan, Walker, press_shift, wait_until

pytestmark = pytest.mark.browser

At = Callable[[Mode, Demo], Walker]

CHROMIUM = Mode("chromium", javascript=True)
CONSULTATION = "internet-safer"
RANKING, WRITING = "page:report_button", "page:last_page"
SAME_PLACE = {"easy_to_see": "1", "few_steps": "1"}


def at(person: Walker, demo: Demo, step: str) -> Walker:
    """Bring a person to a step."""
    person.jump(demo.codes(CONSULTATION)[0], step)
    person.fill(step, Plan(EVERYTHING))
    return person


def focused_id(person: Walker) -> str:
    return str(person.driver.execute_script("return document.activeElement.id"))


def every(page: Line, role: str) -> list[Line]:
    return [line for line in page.every() if line.role == role]


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_r81_r84_a_summary_of_what_to_look_at_has_the_focus(
    walker: At, demo: Demo, mode: Mode
) -> None:
    """Also where no script runs; its link leads to the question."""
    person = at(walker(mode, demo), demo, RANKING)
    person.give("report_first", SAME_PLACE)
    person.press("continue")
    wait_until(lambda: focused_id(person) == "errors", person.where)
    assert person.one("#errors").get_attribute("role") == "alert"
    person.one("#errors a").click()
    assert person.path.endswith("#report_first")
    assert person.one("#report_first").is_displayed()


def test_r81_r84_a_question_is_described_by_its_hint_and_by_what_to_look_at(
    walker: At, demo: Demo
) -> None:
    """From the accessibility tree; and no reader says "invalid entry"."""
    person = at(walker(CHROMIUM, demo), demo, RANKING)
    group = "What matters most in a report button? Put these in order."
    before = next(g for g in every(read_page(person.driver), "group") if g.name == group)
    assert "same place" not in before.description
    person.give("report_first", SAME_PLACE)
    person.press("continue")
    page = read_page(person.driver)
    after = next(g for g in every(page, "group") if g.name == group)
    assert after.description.startswith(before.description)
    assert "Two of them have the same place." in after.description
    told = [line.properties.get("invalid") for line in page.every()]
    assert set(told) <= {None, "false"}


def test_r81_a_message_has_the_focus(walker: At, demo: Demo) -> None:
    """A code that is not known, words that nobody was given, nothing ticked."""
    person = walker(CHROMIUM, demo)
    focused = "return document.activeElement.className + document.activeElement.textContent"
    person.open("/?language=en")
    person.type("code", "no-such-code")
    person.follow("form[action='/start'] button")
    assert person.driver.execute_script(focused).startswith("look-again")
    person.open("/withdraw?language=en")
    person.type("code", "six words that nobody was given")
    person.follow("main form button")
    assert person.driver.execute_script(focused).startswith("look-again")
    at(person, demo, "consent")
    person.untick("take_part", "yes")
    person.press("continue")
    wait_until(lambda: focused_id(person) == "message", person.where)


def test_r72_r81_the_gentle_question_has_the_focus_where_no_script_asks_it(
    walker: At, demo: Demo
) -> None:
    person = at(walker(Mode("chromium", javascript=False), demo), demo, WRITING)
    person.type("one_change", TELLING)
    person.press("continue")
    focused = "return document.activeElement.contains(document.querySelector('mark'))"
    assert person.driver.execute_script(focused + " && document.activeElement !== document.body")


def test_r47_r81_the_second_shift_is_announced(walker: At, demo: Demo) -> None:
    """In a live region that was there before, and is empty again after another key."""
    person = at(walker(CHROMIUM, demo), demo, RANKING)

    def announced() -> str:
        regions = [line for line in read_page(person.driver).every() if line.properties.get("live")]
        return " ".join(child.name for line in regions for child in line.children)

    assert announced() == ""
    press_shift(person.driver, 2)
    wait_until(lambda: announced() == "Press Shift once more to exit this page.", announced)
    person.one("body").send_keys("a")
    wait_until(lambda: announced() == "", announced)
