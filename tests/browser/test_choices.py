"""Choices of equal weight, a kind end outside the ages, and pages that wait for the person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.place import write_surveys
from tests.server import Demo, running_demo

from .browsers import MODES, Mode
from .neutral import NeutralSite
from .screens import show_as, show_at
from .stories import sample
from .walking import Plan, Walker

pytestmark = pytest.mark.browser

CHROMIUM = Mode("chromium", javascript=True)
ADULTS, CHILDREN = "survivors-perspectives", "children-know-better"
YOUNG = "internet-safer"
WIDTHS = (320, 1280)
LANGUAGES = [
    (YOUNG, "en"),
    (YOUNG, "fr"),
    (YOUNG, "ar"),
    (ADULTS, "es"),
    (CHILDREN, "ne"),
    (CHILDREN, "bn"),
]
At = Callable[[Mode, Demo], Walker]


def show(person: Walker, width: int) -> None:
    """A screen of this width, in daylight, without movement."""
    show_at(person.driver, width)
    show_as(person.driver)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, neutral: NeutralSite) -> Iterator[Demo]:
    """`heard demo` with samples that ask for an age, in six languages together."""
    folder = tmp_path_factory.mktemp("choices")
    surveys = write_surveys(folder, YOUNG, ADULTS, CHILDREN)
    with running_demo(folder, surveys=surveys, exit_to=neutral.address) as running:
        yield running


def at(
    walker: At,
    demo: Demo,
    step: str,
    *,
    consultation: str = CHILDREN,
    language: str = "en",
    mode: Mode = CHROMIUM,
) -> Walker:
    """Somebody who has come to a step without answering anything."""
    person = walker(mode, demo)
    person.jump(demo.codes(consultation)[0], step, language)
    return person


MEASURED = """
return [...document.querySelectorAll(arguments[0])].map(e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return {
    width: Math.round(box.width), height: Math.round(box.height),
    look: [style.color, style.backgroundColor, style.borderTopColor, style.borderTopWidth,
           style.fontSize, style.fontWeight, style.opacity].join(' '),
  };
});
"""


def measured(person: Walker, selector: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.driver.execute_script(MEASURED, selector)
    return found


def all_equal(things: list[dict[str, Any]]) -> bool:
    return all(thing == things[0] for thing in things)


@pytest.mark.in_turn(3)
@pytest.mark.parametrize(("consultation", "language"), LANGUAGES)
def test_r21_the_five_choices_of_a_warning_weigh_the_same(
    walker: At, demo: Demo, consultation: str, language: str
) -> None:
    """As wide, as high, in the same colours and letters; the words may break as they like."""
    page = next(page for page in sample(consultation).pages if page.content_warning)
    person = at(walker, demo, f"warning:{page.name}", consultation=consultation, language=language)

    for width in WIDTHS:
        show(person, width)
        found = measured(person, ".equal button")
        assert len(found) == 5
        assert all_equal(found), (width, found)
    values = [button.get_dom_attribute("value") for button in person.all(".equal button")]
    assert values == ["continue", "skip", "skip_topic", "pause", "support"]


@pytest.mark.in_turn(3)
@pytest.mark.parametrize(("consultation", "language"), LANGUAGES)
def test_r12_yes_and_no_weigh_the_same_before_and_after(
    walker: At, demo: Demo, consultation: str, language: str
) -> None:
    person = at(walker, demo, "consent", consultation=consultation, language=language)
    first = [button.get_dom_attribute("value") for button in person.all(".equal button")]
    for width in WIDTHS:
        show(person, width)
        assert all_equal(measured(person, ".equal button")), width
    show(person, WIDTHS[1])
    person.walk(Plan({}), until="leave_out")
    person.press("consent")

    again = [button.get_dom_attribute("value") for button in person.all(".equal button")]
    assert first == again == ["continue", "decline"]
    for width in WIDTHS:
        show(person, width)
        assert all_equal(measured(person, ".equal button")), width


@pytest.mark.in_turn(3)
@pytest.mark.parametrize(("consultation", "language"), LANGUAGES)
def test_r37_skipping_is_as_large_as_going_on_whatever_the_language(
    walker: At, demo: Demo, consultation: str, language: str
) -> None:
    first = sample(consultation).pages[0].name
    person = at(walker, demo, f"page:{first}", consultation=consultation, language=language)

    for width in WIDTHS:
        show(person, width)
        sizes = [(b["width"], b["height"]) for b in measured(person, "main .buttons button")]
        assert len(sizes) == 2
        assert sizes[0] == sizes[1], width


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_r18_outside_the_ages_back_never_asks_again(walker: At, demo: Demo, mode: Mode) -> None:
    person = at(walker, demo, "age", mode=mode)
    address = person.path
    person.choose("age", "9-11")
    person.press("continue")
    assert person.has("main a[href^='/support']"), person.where()
    assert person.driver.get_cookies() == []

    for _ in range(4):
        person.back()
        assert not person.has("[name=age]"), person.where()
        assert not person.has("input[name=step]"), person.where()
    person.open(address)
    assert person.has("form[action='/start']"), person.where()


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_r16_r25_a_choice_changed_in_the_middle_and_the_way_back(
    walker: At, demo: Demo, mode: Mode
) -> None:
    """With words typed on the page; the browser's own Back goes step by step all the same."""
    hard = "page:telling_is_hard"
    person = at(walker, demo, hard, mode=mode)
    person.type("tell_easier", "half a sent")

    person.press("consent")
    assert person.step == "consent"
    person.choose("quotes", "yes")
    person.press("continue")
    assert person.step == hard, person.where()
    assert person.value("tell_easier") == "half a sent"
    person.press("leave_out")
    person.choose("leave_out", "hard_feelings")
    person.press("continue")
    assert person.step == hard, person.where()

    person.back()
    assert person.step == "leave_out", person.where()
    assert person.ticked("leave_out") == ["hard_feelings"]
    person.forward()
    assert person.step == hard, person.where()
    assert person.value("tell_easier") == "half a sent"
    assert "warning:feelings" not in person.walk(Plan({}))


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_enter_in_a_box_goes_on_though_help_stands_above_it(
    walker: At, demo: Demo, mode: Mode
) -> None:
    """After a hard page the first buttons of the form are a pause and help."""
    person = at(walker, demo, "page:talking", consultation=YOUNG, mode=mode)
    person.press("continue")
    assert person.has(".urgent button[value=pause]"), person.where()
    step = person.step

    box = person.one("main input[type=radio]")
    with person.next_page():
        box.send_keys(Keys.ENTER)

    assert person.step not in ("", step), person.where()


@pytest.mark.parametrize("language", ["en", "ne"])
def test_r31_on_a_pause_nothing_moves_and_nothing_is_asked(
    walker: At, demo: Demo, language: str
) -> None:
    person = at(walker, demo, "leave_out", language=language)
    person.press("pause")
    script = person.driver.execute_script

    assert script("return document.getAnimations().length") == 0
    assert person.all("main input, main textarea, main select") == []
    assert not person.one("main li").is_displayed()
    person.click(person.one("main summary"))
    ideas = person.all("main li")
    assert all(idea.is_displayed() for idea in ideas)
    assert len(ideas) == 5
    assert script("return document.getAnimations().length") == 0
