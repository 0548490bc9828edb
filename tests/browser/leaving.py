"""What every test of exit stands on: a consultation answered to its end, and a tab with a past."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webdriver import WebDriver

from app.consultation.questions import PREFER_NOT_TO_SAY
from app.sealing import draft_id
from app.storage import Storage
from tests.person import Person
from tests.server import Demo

from .browsers import Mode
from .neutral import NeutralSite
from .secret_words import MARKED, found_in
from .walking import COOKIES, Walker, wait_until

CONSULTATION = "internet-safer"
BACKS = 5
"""How often Back is pressed after exit."""
WRITING = "page:last_page"
TEXT = "one_change"
RANKING = "page:report_button"


@dataclass(frozen=True)
class Draft:
    """A consultation answered up to the last check: the cookie, and what the server keeps."""

    code: str
    cookie: str
    addresses: dict[str, str]
    storage: Storage
    ciphertext: bytes

    @property
    def id(self) -> bytes:
        """Where the server keeps it."""
        return draft_id(urlsafe_b64decode(self.cookie + "="))

    @property
    def is_there(self) -> bool:
        """Whether the server still has it."""
        return self.storage.read_draft(self.id) is not None

    def put_back(self) -> None:
        """The same answers again, so that no test has to give them anew."""
        self.storage.write_draft(self.id, self.ciphertext)


def answer_everything(base: str, code: str) -> tuple[Person, dict[str, str]]:
    """Go the whole way to the last check, with marked words wherever there is a box.

    Returns the person and each step's address.
    """
    person, addresses = Person(base), {}
    page = person.start(code)
    while (step := dict(page.form.fields)["step"]) != "check":
        addresses[step] = page.path
        answers: dict[str, str | list[str]] = {
            name: values[0]
            for name, values in page.form.boxes.items()
            if name not in ("leave_out", "shortcut_off")
            and "" not in values
            and not name.endswith(PREFER_NOT_TO_SAY)
        }
        answers |= {
            name: f"{MARKED} in {name.replace('_', ' ')}"
            for name, value in page.form.fields
            if name not in answers and not value
        }
        ranks = [name for name, values in page.form.boxes.items() if "" in values]
        answers |= {name: str(place) for place, name in enumerate(ranks, 1)}
        page = person.press("continue", answers)
        assert page.path != addresses[step], f"{step} is shown once more: {page.words}"
    addresses[step] = page.path
    return person, addresses


@dataclass(frozen=True)
class Stage:
    """A tab with a past: elsewhere, the link, a page of questions; now on one with a text."""

    walker: Walker
    draft: Draft

    def see(self, step: str) -> None:
        """Open a step by its address."""
        self.walker.open(self.draft.addresses[step])
        assert self.walker.step == step, self.walker.where()


@dataclass(frozen=True)
class Ground:
    """A site over HTTP and one over HTTPS, a way out, a draft to lose, words not to be seen."""

    browser: Callable[[Mode], WebDriver]
    sites: dict[bool, Demo]
    neutral: NeutralSite
    draft: Draft
    secrets: list[str]

    def set_up(self, mode: Mode, *, secure: bool = False) -> Stage:
        """A tab that came from elsewhere to the link, and saw two pages of questions.

        Args:
            mode: the browser; one that an earlier test used, so the tab has more of a past.
            secure: whether over HTTPS.
        """
        return self.set_up_in(self.browser(mode), secure=secure)

    def set_up_in(self, driver: WebDriver, *, secure: bool = False) -> Stage:
        """The same in a browser of the test's own."""
        tab = Walker(driver, self.sites[secure].base)
        if len(driver.window_handles) > 1:
            tab.fresh_tab()
        self.draft.put_back()
        for page in ("mail", "news", "elsewhere"):  # more of a past than Back goes through
            tab.visit(f"{self.neutral.address}{page}")
        tab.open(f"/{self.draft.code}")
        driver.delete_all_cookies()
        cookie = {"name": COOKIES[secure], "value": self.draft.cookie, "path": "/"}
        driver.add_cookie({**cookie, "secure": True} if secure else cookie)
        stage = Stage(tab, self.draft)
        stage.see(RANKING)
        stage.see(WRITING)
        assert found_in(tab.source, self.secrets)
        assert MARKED in tab.value(TEXT)
        return stage

    def expect_nothing(self, tab: Walker, when: str) -> None:
        """The page on screen gives nothing away, in its source, title or boxes."""
        found = found_in(tab.source + tab.driver.title, self.secrets)
        assert not found, f"{when}, {tab.driver.current_url} shows {found[:3]}"


def step_in_history(walker: Walker, direction: str) -> None:
    """Back or Forward; a browser's own error page, such as "document expired", is a page too."""
    try:
        (walker.back if direction == "back" else walker.forward)()
    except WebDriverException as error:
        if "error page" not in str(error):
            raise


def leave(tab: Walker, *, by_shift: bool = False) -> None:
    """Exit, and wait for the neutral site."""
    if by_shift:
        tab.press_shift_three_times()
    else:
        tab.click(tab.one(".exit"))
    wait_until(lambda: is_elsewhere(tab), lambda: f"No exit from {tab.where()}")


def is_elsewhere(tab: Walker) -> bool:
    """Whether the neutral site is on screen."""
    try:
        return tab.driver.title == "Weather"
    except WebDriverException:  # between two pages
        return False
