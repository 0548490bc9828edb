"""Back, Forward, reload, a double click and a second tab: step by step, and nothing is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from selenium.webdriver.common.action_chains import ActionChains

from tests.server import Demo

from .browsers import EVERY_MODE, MODES, Mode
from .stories import EVERYTHING, MANY_SCRIPTS
from .walking import FIRST_STEP, Answer, Plan, Walker, wait_until

pytestmark = pytest.mark.browser
in_every_engine = pytest.mark.parametrize("mode", EVERY_MODE, ids=str)
in_two_engines = pytest.mark.parametrize("mode", MODES, ids=str)

CONSULTATION = "internet-safer"
WRITING = "page:report_barriers"
TEXT = "report_easier"
RANKING = "page:report_button"
ALL_AT_ONE_PLACE: Answer = {"easy_to_see": "1", "few_steps": "1"}
PLAN = Plan(EVERYTHING)
ASKED_AGAIN: dict[str, tuple[str, str, tuple[str, Answer] | None]] = {
    "error": (RANKING, "#errors", ("report_first", ALL_AT_ONE_PLACE)),
    "notice": (WRITING, "mark", (TEXT, "Call +44 7700 900123")),
    "consent": ("consent", "#message", None),
}
"""Step, what is on it when it is shown once more, and what was given on it."""

At = Callable[[Mode, Demo], Walker]


Begin = Callable[..., Walker]


@pytest.fixture
def begin(walker: At, demo: Demo, sites: dict[bool, Demo]) -> Begin:
    """Gives somebody at the first step, or at a later one with nothing answered.

    In WebKit over HTTPS: over HTTP it keeps pages for Back that say `no-store`.
    """

    def at(mode: Mode, step: str = FIRST_STEP) -> Walker:
        site = sites[mode.browser == "webkit"]
        person, code = walker(mode, site), demo.codes(CONSULTATION)[0]
        if step == FIRST_STEP:
            person.start(code, "en")
        else:
            person.jump(code, step, by=sites[False].base)
        return person

    return at


def count_responses(demo: Demo) -> int:
    """How many rows the server keeps for the consultation."""
    database = sqlite3.connect(f"file:{demo.instance / 'heard.sqlite3'}?mode=ro", uri=True)
    try:
        query = "SELECT count(*) FROM response WHERE consultation = ?"
        return int(database.execute(query, (CONSULTATION,)).fetchone()[0])
    finally:
        database.close()


@in_every_engine
@pytest.mark.requirement("R28", "R45")
def test_back_and_forward_go_step_by_step(begin: Begin, mode: Mode) -> None:
    """Each step that was seen comes again, with what was given there (R43 as decided)."""
    person = begin(mode)
    steps = [*person.walk(PLAN, until="page:getting_help"), person.step]

    for step in reversed(steps[:-1]):
        person.back()
        assert person.step == step, person.where()
        person.expect(step, PLAN)
    person.back()
    assert person.has("a[href='/back-to-questions']"), person.where()
    for step in steps:
        person.forward()
        assert person.step == step, person.where()
        if step != steps[-1]:  # what was typed there was never sent
            person.expect(step, PLAN)


@in_every_engine
def test_an_answer_changed_after_back_stays_changed(begin: Begin, mode: Mode) -> None:
    person = begin(mode, "page:online_life")
    person.walk(PLAN, until="page:report_now")
    person.back()
    person.back()
    changed = Plan({**EVERYTHING, "knows_safety": "5", "uses": ["hardly"]})
    person.walk(changed, until="page:report_now")

    person.back()
    person.back()
    person.expect("page:online_life", changed)


@in_every_engine
@pytest.mark.parametrize("kind", ASKED_AGAIN)
def test_back_never_asks_to_send_a_form_again(begin: Begin, mode: Mode, kind: str) -> None:
    """A page with an error or a notice leaves nothing in the history that cannot be shown."""
    place, seen, wrong = ASKED_AGAIN[kind]
    person = begin(mode, place)
    person.fill(place, PLAN)
    if wrong:
        person.give(*wrong)
    else:
        person.untick("take_part", "yes")
    person.press("continue")
    assert person.has(seen), person.where()
    person.fill(place, PLAN)
    person.press("continue")
    after = person.step

    # Chromium keeps an entry for a page that follows itself, Firefox does not.
    person.back()
    person.expect(place, PLAN)
    while person.step == place:
        person.back()
    assert person.step, f"Back leads nowhere: {person.where()}"
    for _ in range(5):
        if person.step != after:  # there is nothing beyond, and WebKit's driver would wait for it
            person.forward()
        assert person.step, f"Forward leads nowhere: {person.where()}"
    assert person.step == after


@in_two_engines
def test_r35_a_double_click_on_send_makes_one_response(
    begin: Begin, demo: Demo, mode: Mode
) -> None:
    person = begin(mode, "check")
    before = count_responses(demo)

    send = person.one("button[name=action][value=send]")
    person.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", send)
    with person.next_page():
        ActionChains(person.driver, duration=0).double_click(send).perform()
    wait_until(lambda: person.has(".code"), person.where)

    assert len(person.one(".code").text.split()) == 6
    assert count_responses(demo) == before + 1


@in_every_engine
@pytest.mark.parametrize("again", ["reload", "back and forward", "address", "support and back"])
def test_r91_sent_is_neutral_when_it_is_seen_again(begin: Begin, mode: Mode, again: str) -> None:
    person = begin(mode, "check")
    person.press("send")
    code = person.one(".code").text

    if again == "reload":
        person.reload()
    elif again == "address":
        person.open("/sent")
    elif again == "support and back":
        person.follow("main a[href='/support']")
        person.back()
    else:
        person.back()
        assert not person.step
        person.forward()
    person.settle()

    assert code not in person.source
    assert person.has("form[action='/start']"), person.where()


@in_two_engines
def test_r80_typed_words_survive_every_way_off_the_page(
    begin: Begin, demo: Demo, mode: Mode
) -> None:
    """Support, pause, Previous, and the languages one after the other; nothing was "continued"."""
    person = begin(mode, WRITING)
    typed = {**EVERYTHING, TEXT: f"{MANY_SCRIPTS}\n\n  and more", "report_stops": ["trouble"]}
    person.fill(WRITING, Plan(typed))

    def expect_all() -> None:
        assert person.step == WRITING, person.where()
        person.expect(WRITING, Plan(typed))

    for button in ("pause", "support"):
        person.press(button)
        person.follow("a[href='/back-to-questions']")
        expect_all()
    person.press("back")
    assert person.step == "warning:report_barriers"
    person.press("continue")
    expect_all()
    for language in ("fr", "ar", "en"):
        person.press(f"language:{language}")
        assert person.one("html").get_dom_attribute("lang") == language
        expect_all()
    person.reload()
    expect_all()


@in_two_engines
def test_nothing_is_lost_between_two_tabs(begin: Begin, demo: Demo, mode: Mode) -> None:
    """Words belong to the page they were typed on, whatever the other tab did meanwhile."""
    person = begin(mode, RANKING)
    person.walk(PLAN, until=WRITING)
    person.fill(WRITING, PLAN)
    first = person.driver.current_window_handle
    number = person.path

    person.driver.switch_to.new_window("tab")
    person.open(f"/{demo.codes(CONSULTATION)[0]}")
    person.follow("a[href='/back-to-questions']")
    assert person.step == WRITING
    # In the second tab an earlier answer changes, so that this page moves to another number.
    while person.step != RANKING:
        person.press("back")
    person.choose("knows_where", "no")
    person.press("continue")
    assert person.step == "warning:report_barriers"
    person.press("continue")
    assert person.step == WRITING
    assert person.path != number

    person.driver.switch_to.window(first)
    person.press("continue")
    assert person.step == "page:getting_help", person.where()
    person.press("back")
    assert person.step == WRITING, person.where()
    person.expect(WRITING, PLAN)
