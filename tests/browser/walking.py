"""A person at a real browser: reads what is on screen, fills in, presses buttons, waits.

Nothing here depends on visible words: fields and buttons are found by name and value, so every
language of every consultation is walked by the same hands.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    WebDriverException,
)
from selenium.webdriver.chrome.webdriver import WebDriver as Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select
from selenium.webdriver.webkitgtk.webdriver import WebDriver as WebKitGTK

from app.consultation.questions import PREFER_NOT_TO_SAY
from tests.person import Person
from tests.walks import step_of, walk

WAIT_SECONDS = 20
POLL_SECONDS = 0.02
MOST_STEPS = 80
FIRST_STEP = "about"
PASTE = """
arguments[0].focus();
arguments[0].value = arguments[1];
arguments[0].dispatchEvent(new Event('input', { bubbles: true }));
"""
COOKIES = {False: "q", True: "__Host-q"}
"""The session's cookie over HTTP and over HTTPS."""
ASKS = "[aria-live] > .look-again:focus"
"""What words.js shows when it holds "Continue" once."""
HIGHEST_TYPED = "\uffff"
"""ChromeDriver types characters up to this one; others come in as an input method sends them."""

Answer: TypeAlias = str | Sequence[str] | Mapping[str, str]
"""What goes into one question, as a page shows it: a word or a choice, several choices, or one for
each row of a matrix (choice) or line of a ranking (place)."""

Detour: TypeAlias = "Callable[[Walker], None]"


@dataclass(frozen=True)
class Plan:
    """What one person does on the whole way.

    Args:
        answers: by question; a question that is not named is left empty.
        consent: names of the statements that are ticked.
        leave_out: topics that are ticked as unwanted.
        warnings: by page: `continue`, `skip` or `skip_topic`; `continue` when not named.
        skip: pages on which the button "Skip" is pressed.
        detours: by step key: what is done on that step once it is filled in; afterwards the same
            step has to be on screen again, with everything still in it.
    """

    answers: Mapping[str, Answer]
    consent: Sequence[str] = ("take_part",)
    leave_out: Sequence[str] = ()
    warnings: Mapping[str, str] = field(default_factory=dict)
    skip: Sequence[str] = ()
    detours: Mapping[str, Sequence[Detour]] = field(default_factory=dict)


class Walker:
    """Hands and eyes at one browser window."""

    def __init__(self, driver: WebDriver, base: str) -> None:
        self.driver = driver
        self.base = base
        self._driver_waits = driver.capabilities.get("pageLoadStrategy") != "none"

    # --- seeing ---

    @property
    def path(self) -> str:
        """The address on screen, without the site."""
        return self.driver.current_url.removeprefix(self.base)

    @property
    def step(self) -> str:
        """The key of the step on screen, such as `page:online_life`; "" on any other page."""
        found = self.all("input[name=step]")
        return found[0].get_dom_attribute("value") or "" if found else ""

    @property
    def source(self) -> str:
        """The page as the browser holds it now, what is typed into its boxes included."""
        found: list[str] = []

        def look() -> bool:  # Firefox's driver gives nothing while one page takes another's place
            typed = self.driver.execute_script(
                "return document.documentElement.outerHTML + document.title + Array.from("
                "document.querySelectorAll('input, textarea'), box => box.value).join(' ')"
            )
            found.extend([typed] if typed is not None else [])
            return bool(found)

        wait_until(look, self.where)
        return found[0]

    @property
    def words(self) -> str:
        """The words on screen."""
        return self.one("body").text

    def all(self, selector: str) -> list[WebElement]:
        """Every element for a CSS selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first element for a CSS selector; a failure says where the person is."""
        try:
            return self.driver.find_element(By.CSS_SELECTOR, selector)
        except NoSuchElementException:
            raise AssertionError(f"No {selector} on {self.where()}") from None

    def has(self, selector: str) -> bool:
        """Whether there is such an element."""
        return bool(self.all(selector))

    def where(self) -> str:
        """A line for messages: address, step, and the first words."""
        words = self.words if self.has("body") else ""
        return f"{self.driver.current_url} [{self.step}] {words[:200]!r}"

    def value(self, name: str) -> str:
        """What stands in a text box or a select."""
        return str(self.one(f"[name='{name}']").get_property("value"))

    def ticked(self, name: str) -> list[str]:
        """The values of the radio buttons or boxes of this name that are chosen."""
        chosen = self.all(f"input[name='{name}']:checked")
        return [str(box.get_dom_attribute("value")) for box in chosen]

    # --- going ---

    def fresh_tab(self) -> None:
        """A tab without a past, in a browser without cookies; the others are closed."""
        self.open("/robots.txt")
        self.driver.delete_all_cookies()
        old = self.driver.window_handles
        self.driver.switch_to.new_window("tab")
        new = self.driver.current_window_handle
        for handle in old:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(new)

    def open(self, path: str) -> None:
        """Type an address of this site."""
        self.visit(f"{self.base}{path}")

    def visit(self, address: str) -> None:
        """Type an address of any site."""
        with self._loading():
            self.driver.get(address)

    def reload(self) -> None:
        """Press the browser's Reload."""
        with self._loading():
            self.driver.refresh()

    def back(self) -> None:
        """Press the browser's Back."""
        with self._loading():
            self.driver.back()
        self.settle()

    def forward(self) -> None:
        """Press the browser's Forward."""
        with self._loading():
            self.driver.forward()
        self.settle()

    @contextmanager
    def _loading(self) -> Iterator[None]:
        """Wait for another page, where the driver does not."""
        if self._driver_waits:
            yield
        else:
            with self.next_page():
                yield

    def settle(self) -> None:
        """Wait until the page is there: loaded, and not about to ask the server afresh."""
        wait_until(self._is_settled, lambda: f"{self.driver.current_url} did not load")

    def _is_settled(self) -> bool:
        try:
            return bool(
                self.driver.execute_script(
                    "return document.readyState === 'complete' &&"
                    "!/\\b(gone|leaving)\\b/.test(document.documentElement.className)"
                )
            )
        except WebDriverException:  # between two pages; each driver says so in its own words
            return False

    @contextmanager
    def next_page(self) -> Iterator[None]:
        """Do something that leads to another page, and wait until that page is there.

        Or until this page itself asks about words, as words.js does in place of going on.
        """
        before = self.one("html")
        yield
        wait_until(
            lambda: is_gone(before) or self._is_asked(),
            lambda: f"Nothing happened on {self.where()}",
        )
        self.settle()

    def _is_asked(self) -> bool:
        try:
            return self.has(ASKS)
        except WebDriverException:  # between two pages
            return False

    def click(self, element: WebElement) -> None:
        """Click, moving the page first if something lies above the element, or it is out of sight.

        WebKit's driver moves no page by itself.
        """
        if self._driver_waits:
            try:
                element.click()
            except (ElementClickInterceptedException, ElementNotInteractableException):
                self._bring_to_sight(element)
                element.click()
        else:
            self._bring_to_sight(element)
            element.click()

    def _bring_to_sight(self, element: WebElement) -> None:
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)

    def follow(self, selector: str) -> None:
        """Click something that leads to another page."""
        element = self.one(selector)
        with self.next_page():
            self.click(element)

    def press(self, value: str, action: str = "") -> None:
        """Press the button with this value, of the form's own or of another address."""
        where = f"[formaction='{action}']" if action else ":not([formaction])"
        self.follow(f"button[name=action][value='{value}']{where}")

    def start(self, code: str, language: str) -> None:
        """Open a link and press Start."""
        self.open(f"/{code}?language={language}")
        self.follow("form[action='/start'] button")

    def press_shift_three_times(self) -> None:
        """Shift, Shift, Shift."""
        press_shift(self.driver, 3)

    def jump(self, code: str, step: str, language: str = "en", *, by: str = "") -> None:
        """Be at a step at once: somebody else began here and went on, with every box left empty.

        The browser's own past holds the front page, this step, the one before, and this step again.

        Args:
            code, language: which consultation.
            step: the key of the step.
            by: the address over HTTP of a site that people reach over HTTPS.
        """
        quick = Person(by or self.base)
        quick.start(code, language)
        walk(quick, until=step, empty=True)
        assert step_of(quick.seen) == step, quick.seen.path
        self.open(f"/{code}?language={language}")
        secure = self.base.startswith("https")
        cookie = {"name": COOKIES[secure], "value": quick.cookies[COOKIES[False]], "path": "/"}
        self.driver.add_cookie({**cookie, "secure": True} if secure else cookie)
        self.open(quick.seen.path)
        if step != FIRST_STEP:
            self.press("back")
            self.press("continue")
        assert self.step == step, self.where()

    # --- filling in ---

    def choose(self, name: str, value: str) -> None:
        """Click the words beside a radio button or box, unless it is chosen already."""
        box = self.one(f"input[name='{name}'][value='{value}']")
        if box.is_selected():
            return
        self.click(self.one(f"label[for='{box.get_dom_attribute('id')}']"))
        assert box.is_selected(), f"{name}={value} cannot be chosen on {self.where()}"

    def untick(self, name: str, value: str) -> None:
        """Click the words beside a box that is ticked."""
        box = self.one(f"input[type=checkbox][name='{name}'][value='{value}']")
        if box.is_selected():
            self.click(self.one(f"label[for='{box.get_dom_attribute('id')}']"))
        assert not box.is_selected()

    def type(self, name: str, text: str) -> None:
        """Empty a text box and type."""
        box = self.one(f"[name='{name}']")
        if box.get_property("value") == text:  # nobody writes the same words once more
            return
        box.clear()
        if text:
            type_into(self.driver, box, text)

    def place(self, name: str, value: str) -> None:
        """Choose from a list that opens."""
        element = self.one(f"select[name='{name}']")
        self._bring_to_sight(element)
        Select(element).select_by_value(value)

    def give(self, question: str, answer: Answer) -> None:
        """Fill in one question of whatever kind."""
        if isinstance(answer, Mapping):
            for part, value in answer.items():
                name = f"{question}__{part}"
                if self.has(f"select[name='{name}']"):
                    self.place(name, value)
                elif self.has(f"input[type=text][name='{name}']"):
                    self.type(name, value)
                else:
                    self.choose(name, value)
        elif not isinstance(answer, str):
            for value in [v for v in self.ticked(question) if v not in answer]:
                self.untick(question, value)
            for value in answer:
                self.choose(question, value)
        elif self.has(f"input[type=radio][name='{question}']"):
            self.choose(question, answer)
        elif answer == PREFER_NOT_TO_SAY:
            self.choose(f"{question}__{PREFER_NOT_TO_SAY}", PREFER_NOT_TO_SAY)
        elif self.has(f"select[name='{question}']"):
            self.place(question, answer)
        else:
            self.type(question, answer)

    def given(self, question: str, answer: Answer) -> Answer:
        """What stands in a question now, in the form of `answer`."""
        if isinstance(answer, Mapping):
            return {
                part: "".join(self.ticked(f"{question}__{part}"))
                if self.has(f"input[type=radio][name='{question}__{part}']")
                else self.value(f"{question}__{part}")
                for part in answer
            }
        if not isinstance(answer, str):
            return sorted(self.ticked(question))
        if self.has(f"input[name='{question}'][type=radio]"):
            return "".join(self.ticked(question))
        if self.ticked(f"{question}__{PREFER_NOT_TO_SAY}"):
            return PREFER_NOT_TO_SAY
        return self.value(question)

    @property
    def asked(self) -> list[str]:
        """The questions on screen."""
        return (self.one("input[name=shown]").get_dom_attribute("value") or "").split()

    # --- the whole way ---

    def walk(self, plan: Plan, until: str = "check") -> list[str]:
        """Answer step after step as planned, until a step is on screen; the steps passed.

        Detours are made once, after the page is filled in and before its last button is pressed.
        """
        passed: list[str] = []
        detoured: set[str] = set()
        for _ in range(MOST_STEPS):
            step = self.step
            assert step, f"No step on {self.where()}"
            if passed[-1:] == [step]:  # shown once more, with a notice: nothing may be lost
                self.expect(step, plan)
            self.fill(step, plan)
            if step not in detoured:
                detoured.add(step)
                for detour in plan.detours.get(step, ()):
                    detour(self)
                    assert self.step == step, f"The way back to {step} led to {self.where()}"
                    self.expect(step, plan)
            if step == until:
                return passed
            self.press(_button(step, plan))
            passed.append(step)
        raise AssertionError(f"The way does not end: {passed}")

    def fill(self, step: str, plan: Plan) -> None:
        """Fill in the step on screen, but press nothing."""
        kind, _, page = step.partition(":")
        if kind == "consent":
            for name in plan.consent:
                self.choose(name, "yes")
        elif kind == "leave_out":
            for topic in plan.leave_out:
                self.choose("leave_out", topic)
        elif kind == "page" and page not in plan.skip:
            for question in self.asked:
                if question in plan.answers:
                    self.give(question, plan.answers[question])

    def expect(self, step: str, plan: Plan) -> None:
        """Everything that was filled in on this page is still there."""
        if not step.startswith("page:") or step.partition(":")[2] in plan.skip:
            return
        for question in self.asked:
            if question in plan.answers:
                wanted = plan.answers[question]
                if not isinstance(wanted, (str, Mapping)):
                    wanted = sorted(wanted)
                got = self.given(question, wanted)
                assert got == wanted, f"{question} on {step}: {got!r} in place of {wanted!r}"


def _button(step: str, plan: Plan) -> str:
    kind, _, page = step.partition(":")
    if kind == "warning":
        return plan.warnings.get(page, "continue")
    return "skip" if kind == "page" and page in plan.skip else "continue"


def wait_until(done: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    """Wait for a condition; fails with the message of `otherwise` when it does not come true."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(POLL_SECONDS)


def is_gone(element: WebElement) -> bool:
    """Whether the document of an element was replaced; each driver says so in its own words."""
    try:
        element.is_enabled()
    except WebDriverException:
        return True
    return False


def type_into(driver: WebDriver, box: WebElement, text: str) -> None:
    """Type any characters into a box."""
    if isinstance(driver, Chrome) and max(text) > HIGHEST_TYPED:
        driver.execute_script("arguments[0].focus()", box)
        driver.execute_cdp_cmd("Input.insertText", {"text": text})
    elif isinstance(driver, WebKitGTK) and not text.isascii():
        # Its driver knows few keys; this is what pasting does.
        driver.execute_script(PASTE, box, text)
    else:
        box.send_keys(text)


def press_shift(driver: WebDriver, times: int) -> None:
    """Press and let go of Shift alone, so many times, wherever the focus is."""
    chain = ActionChains(driver, duration=0)
    for _ in range(times):
        chain = chain.key_down(Keys.SHIFT).key_up(Keys.SHIFT)
    chain.perform()
