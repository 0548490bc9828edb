"""Whatever happens between a browser and the server, the words are still there (R28, R30, R35)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from selenium.common.exceptions import NoAlertPresentException, WebDriverException
from selenium.webdriver.common.action_chains import ActionChains

from tests.away import gone
from tests.line import Trouble
from tests.person import Person
from tests.short import ShortSite, short_site
from tests.walks import walk

from .browsers import MODES, WITH_JAVASCRIPT, Mode
from .conftest import Browsers
from .neutral import NeutralSite
from .walking import Plan, Walker, wait_until

pytestmark = pytest.mark.browser

ONE_OF_EACH = (Mode("chromium", javascript=True), Mode("firefox", javascript=False))
WITHOUT_JAVASCRIPT = tuple(mode for mode in MODES if not mode.javascript)
ACTS = 16
NOTICE = "[data-not-sent]:focus"
WORDS = '  first line\n\n\nسطر & <b>"third"</b> ’\n  last line'
GIVEN = Plan({"words": WORDS, "colour": "blue", "number": "12.5"})
KEPT = Plan({"words": WORDS.strip(), "colour": "blue", "number": "12.5"})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, neutral: NeutralSite) -> Iterator[ShortSite]:
    """A server of this module's own, behind a line that can be cut."""
    with short_site(tmp_path_factory.mktemp("short"), neutral.address) as running:
        yield running


@pytest.fixture
def begin(small: ShortSite, browsers: Browsers) -> Callable[..., Walker]:
    """Gives a person at a step, with what is on it filled in, and nothing pressed yet."""

    def at(mode: Mode, until: str = "page:first") -> Walker:
        quick = Person(small.line.base)
        quick.start(small.code)
        walk(quick, lambda name: "12" if name == "number" else "some words", until=until)
        person = Walker(browsers(mode), small.line.base)
        person.fresh_tab()
        person.open("/robots.txt")
        person.driver.add_cookie({"name": "q", "value": quick.cookies["q"], "httpOnly": True})
        person.open("/back-to-questions")
        assert person.step == until, person.where()
        person.fill(until, GIVEN)
        return person

    return at


At = Callable[..., Walker]


def somebody_at(small: ShortSite, person: Walker) -> Person:
    """The same session without a browser."""
    cookie = person.driver.get_cookie("q")
    assert cookie
    somebody = Person(small.line.base)
    somebody.cookies["q"] = cookie["value"]
    return somebody


def responses(small: ShortSite) -> int:
    """How many were stored."""
    return len(small.place.rows("small"))


def click(person: Walker, value: str) -> None:
    """Press a button and wait for nothing."""
    person.click(person.one(f"button[name=action][value='{value}']:not([formaction])"))


def expect_notice(person: Walker) -> None:
    """The page says what happened, and its words are still there."""
    wait_until(lambda: person.has(NOTICE), lambda: f"Nothing is said on {person.where()}")
    assert len(person.one(NOTICE).text.split()) > 8


# --- the network ---


@pytest.mark.requirement("R28")
@pytest.mark.parametrize(
    ("mode", "when"), list(zip(WITH_JAVASCRIPT, ("before", "after"), strict=True)), ids=str
)
def test_a_page_that_does_not_arrive_stays_with_its_words_and_can_be_sent_again(
    small: ShortSite, begin: At, mode: Mode, when: Trouble
) -> None:
    person = begin(mode)
    with small.line.cut(when):
        click(person, "continue")
        expect_notice(person)
    assert person.step == "page:first"
    person.expect("page:first", GIVEN)

    person.press("continue")

    assert person.step == "page:second"
    person.back()
    assert person.step == "page:first", person.where()
    person.expect("page:first", KEPT)


@pytest.mark.requirement("R35")
@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
def test_sending_again_when_no_answer_came_makes_one_response(
    small: ShortSite, begin: At, mode: Mode
) -> None:
    person, before = begin(mode, "check"), responses(small)
    with small.line.cut("after"):
        click(person, "send")
        expect_notice(person)

    person.press("send")

    assert len(person.one(".code").text.split()) == 6
    assert responses(small) == before + 1


@pytest.mark.requirement("R44")
@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
def test_exit_leaves_while_a_page_is_on_its_way(small: ShortSite, begin: At, mode: Mode) -> None:
    person = begin(mode)
    with small.line.held("POST"):
        click(person, "continue")
        person.click(person.one("a.exit"))
        wait_until(lambda: "localhost" in person.driver.current_url, person.where)
    wait_until(lambda: not small.line.busy, lambda: "the line is still busy")

    assert "Weather" in person.words
    person.open("/page/4")
    assert not person.step


@pytest.mark.requirement("R28")
@pytest.mark.parametrize("mode", WITHOUT_JAVASCRIPT, ids=str)
def test_without_javascript_the_browser_itself_sends_the_words_again(
    small: ShortSite, begin: At, mode: Mode
) -> None:
    """Its own page says that there was no answer; "Reload" there sends the form once more."""
    person = begin(mode)
    with small.line.cut("before"), suppress(WebDriverException):
        click(person, "continue")
        wait_until(lambda: not person.has("input[name=step]"), person.where)

    with suppress(WebDriverException):
        person.driver.refresh()
    with suppress(NoAlertPresentException):
        person.driver.switch_to.alert.accept()
    wait_until(lambda: person.step == "page:second", person.where)
    person.settle()

    person.press("back")
    person.expect("page:first", KEPT)


# --- storage ---


@pytest.mark.requirement("R84")
@pytest.mark.parametrize("mode", ONE_OF_EACH, ids=str)
def test_words_that_cannot_be_stored_stay_exactly_as_they_are(
    small: ShortSite, begin: At, mode: Mode
) -> None:
    person = begin(mode)
    with gone(small.drafts):
        if mode.javascript:
            click(person, "continue")
            expect_notice(person)
            person.expect("page:first", GIVEN)
        else:
            person.press("continue")
            assert not person.step or person.has("input[type=hidden][name=words]")
            assert person.value("words") == WORDS

    if mode.javascript:
        person.press("continue")
    else:
        person.follow("main form button")

    assert person.step == "page:second"
    person.press("back")
    person.expect("page:first", KEPT)


# --- an hour ---


@pytest.mark.requirement("R28", "R30")
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_words_that_come_too_late_begin_again_with_the_person(
    small: ShortSite, begin: At, mode: Mode
) -> None:
    person = begin(mode)
    small.lose(somebody_at(small, person))

    person.press("continue")
    assert person.value("kept-words") == WORDS
    assert not person.step
    person.follow("form[action='/start'] button")
    assert person.has("input[name=step][value=about]")
    person.walk(Plan({}), until="page:first")

    person.expect("page:first", KEPT)


@pytest.mark.requirement("R43", "R46")
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_after_exit_nobody_comes_back_to_the_words_that_were_held(
    small: ShortSite, begin: At, mode: Mode
) -> None:
    person = begin(mode)
    small.lose(somebody_at(small, person))
    person.press("continue")
    assert person.has("[name=kept-words]")
    person.follow("a.exit")
    assert "Weather" in person.words

    for _ in range(6):
        with suppress(WebDriverException):  # a browser may refuse to show a form's answer again
            person.driver.back()
            person.settle()
        assert "third" not in person.driver.page_source
        with suppress(WebDriverException):
            person.driver.refresh()
        with suppress(NoAlertPresentException):
            person.driver.switch_to.alert.accept()
        person.settle()
        assert "third" not in person.source
        assert not person.step


# --- two presses ---


@pytest.mark.requirement("R28", "R35")
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_a_double_click_on_any_button_is_one_press(small: ShortSite, begin: At, mode: Mode) -> None:
    person = begin(mode)

    def twice(selector: str, done: Callable[[], bool]) -> None:
        button = person.one(selector)
        person.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        with person.next_page():
            ActionChains(person.driver, duration=0).double_click(button).perform()
        wait_until(done, lambda: f"{selector} led to {person.where()}")
        person.settle()

    def at_step(step: str) -> Callable[[], bool]:
        return lambda: person.step == step

    for value in ("pause", "support"):
        twice(
            f"button[name=action][value={value}]",
            lambda: person.has("a[href='/back-to-questions']"),
        )
        person.follow("a[href='/back-to-questions']")
        person.expect("page:first", KEPT)
    twice("button[name=action][value=back]", at_step("consent"))
    twice("button[name=action][value=continue]", at_step("page:first"))
    person.expect("page:first", KEPT)
    twice("button[name=action][value=continue]", at_step("page:second"))
    twice("button[name=action][value=skip]", at_step("check"))
    remove = "button[value='remove:colour']"
    twice(remove, lambda: person.step == "check" and not person.has(remove))
    before = responses(small)
    twice("button[name=action][value=send]", lambda: person.has(".code"))
    assert responses(small) == before + 1


# --- any order ---

BOXES = {"page:first": "words", "page:second": "more"}


@dataclass
class Memory:
    """Which words a person has written and not taken out, by page, whatever they did since."""

    alive: dict[str, set[str]]
    forms: dict[str, set[str]]
    written: int = 0

    def saw(self, person: Walker) -> None:
        """A page is on screen; the words of a form that was not seen before came with it."""
        if person.step in BOXES:
            self.forms.setdefault(form_of(person), words_in(person))

    def pressed(self, person: Walker) -> None:
        """A button was pressed that keeps what stands in the box on screen."""
        form, here = form_of(person), words_in(person)
        alive = self.alive.get(person.step, set()) - (self.forms[form] - here)
        self.alive[person.step] = alive | (here - self.forms[form])
        self.forms[form] = here


def form_of(person: Walker) -> str:
    """The id of the form on screen."""
    return str(person.one("[name=shown-as]").get_attribute("value")).partition(" ")[0]


def words_in(person: Walker) -> set[str]:
    """The words in the box of the page on screen."""
    return set(person.value(BOXES[person.step]).split())


def one_act(person: Walker, memory: Memory, chance: random.Random) -> None:
    """Something that a person may do with a browser."""
    act = chance.choice(["write", "write", "write", "press", "press", "press", "back", "forward"])
    if act == "back":
        person.back()
    elif act == "forward":
        person.forward()
    elif person.step not in BOXES:
        person.open("/back-to-questions") if not person.step else person.press("back")
    elif act == "write":
        memory.written += 1
        before = person.value(BOXES[person.step]) if chance.random() < 0.7 else ""
        person.type(BOXES[person.step], f"{before} w{memory.written}".strip())
    else:
        memory.pressed(person)
        person.press(chance.choice(["continue", "continue", "back", "pause", "support"]))


@pytest.mark.requirement("R28")
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_no_order_of_back_and_tabs_loses_a_word(small: ShortSite, begin: At, mode: Mode) -> None:
    chance = random.Random(f"order of {mode}")  # noqa: S311 - acts of a test
    person, memory = begin(mode), Memory({}, {})
    tabs = [person.driver.current_window_handle]
    memory.saw(person)
    memory.pressed(person)
    person.press("continue")
    person.driver.switch_to.new_window("tab")
    tabs.append(person.driver.current_window_handle)
    person.open("/back-to-questions")
    for number in range(ACTS):
        if number % 4 == 0:
            person.driver.switch_to.window(tabs[number // 4 % 2])
        person.settle()
        memory.saw(person)
        one_act(person, memory, chance)
        person.settle()

    answers = small.place.draft_of(somebody_at(small, person)).answers
    assert memory.written >= 2
    for step, name in BOXES.items():
        assert memory.alive.get(step, set()) <= set(str(answers.get(name, "")).split())
