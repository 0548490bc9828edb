"""A device that is passed around: whatever the next person presses, nothing of the last one is
there (R30, R40, R71, R91)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.keys import Keys

from tests.person import Person
from tests.place import Place, write_surveys
from tests.server import Demo, running_demo

from .browsers import MODES, WITH_JAVASCRIPT, Mode
from .inspection import faults
from .leaving import BACKS, TEXT, WRITING, answer_everything, step_in_history
from .neutral import NeutralSite
from .secret_words import MARKED, found_in, secret_words
from .stories import sample
from .test_access import CHROMIUM
from .walking import Plan, Walker, wait_until

pytestmark = pytest.mark.browser

CONSULTATION = "internet-safer"
LAST_PAGE, AN_HOUR, THE_END = 3 * 60, 60 * 60, 65 * 60
"""Seconds after which a last page clears itself, a page of questions asks, and is over."""
QUICK = "import app.respond.shared_device as device; device.LAST_PAGE_SECONDS = 2"
"""For browsers without JavaScript, whose clock nobody can move."""


@dataclass(frozen=True)
class Tablet:
    """A tablet in front of somebody who has answered everything and is at the last check."""

    walker: Walker
    code: str
    words: str
    addresses: dict[str, str]
    secrets: list[str]

    @property
    def is_for_the_next(self) -> bool:
        """Whether the front page is on screen, with the code in the box."""
        here = self.walker.path == f"/{self.code}" and self.walker.has("form[action='/start']")
        return here and self.walker.value("code") == self.code

    def wait_for_the_next(self) -> None:
        """Wait until the tablet is ready for the next person."""
        wait_until(self._ready, lambda: f"Still {self.walker.where()}")
        assert not self.walker.driver.get_cookies()

    def _ready(self) -> bool:
        try:
            return self.is_for_the_next
        except WebDriverException:  # between two pages
            return False

    def expect_nothing(self, when: str) -> None:
        """Nothing of the last person: no question, no answer, none of the six words."""
        source = self.walker.source + self.walker.driver.title
        found = found_in(source, [*self.secrets, self.words])
        assert not found, f"{when}, {self.walker.driver.current_url} shows {found[:3]}"

    def move_clock(self, seconds: int) -> None:
        """Let time pass for the page on screen."""
        self.walker.driver.execute_script(
            "const now = window.Date.now; window.Date.now = () => now() + arguments[0] * 1000",
            seconds,
        )

    def stop_clock(self, seconds: int) -> None:
        """Let time pass for the page on screen, with a touch at the end of it, and then stand."""
        self.walker.driver.execute_script(
            "const then = window.Date.now() + arguments[0] * 1000; window.Date.now = () => then;"
            "document.dispatchEvent(new window.Event('input'))",
            seconds,
        )


@dataclass(frozen=True)
class Room:
    """Tablets on a server that is for groups."""

    walker: Callable[[Mode, Demo], Walker]
    server: Callable[[Mode], Place]

    def tablet(self, mode: Mode) -> Tablet:
        """A tablet whose browser has seen the front page and two pages with answers."""
        place = self.server(mode)
        code = place.code(CONSULTATION)
        person, addresses = answer_everything(place.demo.base, code)
        words = place.draft_of(person).withdrawal_code
        tab = self.walker(mode, place.demo)
        tab.open(f"/{code}")
        tab.driver.add_cookie({"name": "q", "value": person.cookies["q"], "path": "/"})
        front = Person(place.demo.base).open("/").body
        secrets = secret_words(sample(CONSULTATION))
        secrets = [word for word in secrets if word not in found_in(front, secrets)]
        tablet = Tablet(tab, code, words, addresses, secrets)
        for step in ("page:report_button", WRITING):
            tab.open(addresses[step])
            assert found_in(tab.source, secrets)
        assert MARKED in tab.value(TEXT)
        return tablet


@pytest.fixture(scope="module")
def servers(
    tmp_path_factory: pytest.TempPathFactory, neutral: NeutralSite
) -> Iterator[Callable[[Mode], Place]]:
    """`heard demo --kiosk`, and once more with a last page that is soon over."""
    running: dict[bool, Place] = {}
    contexts = []

    def server(mode: Mode) -> Place:
        if mode.javascript not in running:
            folder = tmp_path_factory.mktemp("kiosk")
            context = running_demo(
                folder,
                surveys=write_surveys(folder, CONSULTATION),
                exit_to=neutral.address,
                arguments=["--kiosk"],
                first="" if mode.javascript else QUICK,
            )
            running[mode.javascript] = Place(context.__enter__())
            contexts.append(context)
        return running[mode.javascript]

    yield server
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture
def room(walker: Callable[[Mode, Demo], Walker], servers: Callable[[Mode], Place]) -> Room:
    """A room with tablets."""
    return Room(walker, servers)


# --- every end, and what the next person can reach (R91) ---


def sent(tablet: Tablet) -> None:
    tablet.walker.open(tablet.addresses["check"])
    tablet.walker.press("send")


def stopped_and_sent(tablet: Tablet) -> None:
    tablet.walker.press("send", "/stop")


def stopped_and_deleted(tablet: Tablet) -> None:
    tablet.walker.press("delete", "/stop")


def declined(tablet: Tablet) -> None:
    tablet.walker.open(tablet.addresses["consent"])
    tablet.walker.press("decline")


def left(tablet: Tablet) -> None:
    tablet.walker.type(TEXT, f"{MARKED} not sent yet")
    tablet.walker.click(tablet.walker.one(".exit"))


ENDS = {
    "sent": sent,
    "stopped and sent": stopped_and_sent,
    "stopped and deleted": stopped_and_deleted,
    "declined": declined,
    "left": left,
}
EACH_TIME = ("sent", "left")
"""Ends that every change is tried with; the others lead over the same pages."""
ENDS_IN_TURN = [
    pytest.param(end, marks=() if end in EACH_TIME else pytest.mark.thorough) for end in ENDS
]


@pytest.mark.parametrize("mode", MODES, ids=str)
@pytest.mark.parametrize("end", ENDS_IN_TURN)
def test_r91_r43_the_next_person_reaches_nothing_of_the_last(
    room: Room, end: str, mode: Mode
) -> None:
    """The last page clears itself; Back, Forward, reload and every address are neutral."""
    tablet = room.tablet(mode)
    tab = tablet.walker
    ENDS[end](tablet)
    if mode.javascript and end != "left":
        assert not tablet.is_for_the_next
        tablet.move_clock(LAST_PAGE + 1)

    tablet.wait_for_the_next()

    assert len(tab.driver.window_handles) == 1
    tablet.expect_nothing(f"After {end}")
    for number in range(1, BACKS + 1):
        step_in_history(tab, "back")
        tablet.expect_nothing(f"After {end}, Back {number}")
    for number in range(1, BACKS + 1):
        step_in_history(tab, "forward")
        tablet.expect_nothing(f"After {end}, Forward {number}")
    tab.driver.refresh()
    tablet.expect_nothing(f"After {end}, reload")
    for path in ("/sent", tablet.addresses[WRITING], tablet.addresses["check"], "/pause"):
        tab.open(path)
        tablet.expect_nothing(f"After {end}, {path}")
        assert tab.has("form[action='/start']"), tab.where()


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_r91_the_next_person_begins_with_empty_boxes(room: Room, mode: Mode) -> None:
    """The same tab, the same addresses, and no box that remembers what was typed into it."""
    tablet = room.tablet(mode)
    tab = tablet.walker
    tab.type(TEXT, f"{MARKED} typed by hand")
    left(tablet)
    tablet.wait_for_the_next()
    tab.follow("form[action='/start'] button")

    passed = tab.walk(Plan({}), until=WRITING)

    assert len(passed) > BACKS
    assert tab.value(TEXT) == ""
    assert MARKED not in tab.source
    for number in range(1, len(passed) + BACKS):
        step_in_history(tab, "back")
        assert MARKED not in tab.source, f"Back {number}: {tab.where()}"


# --- time (R30; WCAG 2.2.1) ---


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
class TestTime:
    def test_r30_a_touch_keeps_the_last_page(self, room: Room, mode: Mode) -> None:
        tablet = room.tablet(mode)
        tab = tablet.walker
        sent(tablet)
        notice = tab.one("[data-notice]")
        assert not notice.is_displayed()
        tablet.move_clock(LAST_PAGE - 10)
        wait_until(notice.is_displayed, lambda: "No notice before the page clears itself")

        tab.one("body").send_keys(Keys.ARROW_DOWN)

        wait_until(lambda: not notice.is_displayed(), lambda: "A touch did not keep the page")
        tablet.move_clock(LAST_PAGE - 60)
        tab.one("body").send_keys(Keys.ARROW_UP)
        assert tab.has(".code")
        tablet.move_clock(LAST_PAGE + 1)
        tablet.wait_for_the_next()

    def test_r30_the_last_page_can_stay_ten_times_as_long(self, room: Room, mode: Mode) -> None:
        tablet = room.tablet(mode)
        tab = tablet.walker
        sent(tablet)

        tab.follow("form[action^='/more-time'] button")

        assert tablet.words in tab.words
        notice = tab.one("[data-notice]")
        tablet.move_clock(10 * LAST_PAGE - 20)
        wait_until(notice.is_displayed, lambda: "No notice before the page clears itself")
        assert tab.has(".code")
        tablet.move_clock(21)
        tablet.wait_for_the_next()

    def test_r30_an_idle_hour_is_asked_about_and_extended(self, room: Room, mode: Mode) -> None:
        tablet = room.tablet(mode)
        tab = tablet.walker
        tab.type(TEXT, f"{MARKED} not sent yet")
        notice = tab.one("[data-notice]")
        assert not notice.is_displayed()
        tablet.move_clock(AN_HOUR + 1)
        wait_until(notice.is_displayed, lambda: "Nothing is said before the page is over")
        assert tab.value(TEXT) == f"{MARKED} not sent yet"

        with tab.next_page():
            tab.one("[data-stay]").click()

        assert tab.step == WRITING
        assert tab.value(TEXT) == f"{MARKED} not sent yet"
        assert not tab.one("[data-notice]").is_displayed()

    def test_r91_a_page_that_nobody_comes_back_to_is_over(self, room: Room, mode: Mode) -> None:
        tablet = room.tablet(mode)
        tab = tablet.walker
        tab.type(TEXT, f"{MARKED} not sent yet")

        tablet.move_clock(THE_END + 1)

        tablet.wait_for_the_next()
        for number in range(1, BACKS + 1):
            step_in_history(tab, "back")
            tablet.expect_nothing(f"After an idle hour, Back {number}")

    def test_r30_whoever_writes_for_an_hour_keeps_it(self, room: Room, mode: Mode) -> None:
        """The page is kept in a pause of the hands, and never between two keys."""
        tablet = room.tablet(mode)
        tab = tablet.walker
        tablet.stop_clock(AN_HOUR + 1)
        tab.type(TEXT, f"{MARKED} a long story")
        tab.one(f"[name={TEXT}]").send_keys(".")
        assert tab.value(TEXT) == f"{MARKED} a long story."

        with tab.next_page():
            tablet.move_clock(3)

        assert tab.step == WRITING
        assert tab.value(TEXT) == f"{MARKED} a long story."

    def test_a_pause_lasts_as_long_as_answering(self, room: Room, mode: Mode) -> None:
        tablet = room.tablet(mode)
        tab = tablet.walker
        tab.press("pause")
        tablet.move_clock(AN_HOUR + 1)
        notice = tab.one("[data-notice]")
        wait_until(notice.is_displayed, lambda: "Nothing is said before the pause is over")

        tab.follow("[data-stay]")

        assert tab.path == "/pause"
        tab.follow("a[href='/back-to-questions']")
        assert tab.step == WRITING


# --- what it looks like ---


@pytest.mark.parametrize("language", ["ar", pytest.param("en", marks=pytest.mark.thorough)])
def test_r81_everybody_can_use_the_pages_of_a_shared_device(room: Room, language: str) -> None:
    tablet = room.tablet(CHROMIUM)
    tab = tablet.walker
    wrong: list[str] = []

    def look(name: str) -> None:
        """A key takes the notice away: with it, the way of Tab is another."""
        found = [fault for fault in faults(tab) if name != "notice" or "tabbed," not in fault]
        wrong.extend(f"{name}: {fault}" for fault in found)

    tab.open(f"/language/{language}")
    for step in ("safety", "consent", WRITING):
        tab.open(tablet.addresses[step])
        look(step)
    tablet.move_clock(AN_HOUR + 1)
    wait_until(tab.one("[data-notice]").is_displayed, lambda: "No notice")
    look("notice")
    tab.open(f"/{tablet.code}")
    look("go on")
    tab.open(tablet.addresses["check"])
    tab.press("send")
    look("sent")
    tab.start(tablet.code, language)
    tab.walk(Plan({}), until="leave_out")
    tab.press("delete", "/stop")
    look("stopped")
    tab.follow("main a[href^='/support']")
    look("support")

    assert wrong == []
