"""Exit from every page, then Back five times: never a question, never an answer (R40-R48, R53)."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from app.consultation.questions import PREFER_NOT_TO_SAY
from app.sealing import draft_id
from app.storage import Storage, open_storage
from tests.person import Person
from tests.server import Demo

from .browsers import MODES, WITH_JAVASCRIPT, Mode
from .neutral import NeutralSite
from .secret_words import MARKED, found_in, secret_words
from .stories import sample
from .walking import Walker, wait_until

pytestmark = pytest.mark.browser

BACKS = 5
ENOUGH = 200
"""Texts of the consultation that are looked for; far fewer would mean that the list is wrong."""
CONSULTATION = "internet-safer"
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

    def put_back(self) -> None:
        """The same answers again, so that no test has to give them anew."""
        self.storage.write_draft(self.id, self.ciphertext)


@pytest.fixture(scope="module")
def draft(site: Demo) -> Iterator[Draft]:
    """Every question answered, with marked words wherever there is a box."""
    code = site.codes(CONSULTATION)[0]
    person, addresses = answer_everything(site.base, code)
    urls = f"sqlite:///{site.instance / 'heard.sqlite3'}", site.env["HEARD_DRAFTS_URL"]
    storage = open_storage(*urls)
    found = Draft(code, person.cookies["q"], addresses, storage, b"")
    ciphertext = storage.read_draft(found.id)
    assert ciphertext
    yield replace(found, ciphertext=ciphertext)
    storage.close()


def answer_everything(base: str, code: str) -> tuple[Person, dict[str, str]]:
    """Go the whole way to the last check; returns the person and each step's address."""
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
    """What every test of exit stands on."""

    walker: Callable[[Mode, Demo], Walker]
    site: Demo
    neutral: NeutralSite
    draft: Draft
    secrets: list[str]

    def set_up(self, mode: Mode) -> Stage:
        """A tab that came from elsewhere to the link, and saw two pages of questions."""
        tab = self.walker(mode, self.site)
        self.draft.put_back()
        tab.driver.get(f"{self.neutral.address}elsewhere")
        tab.open(f"/{self.draft.code}")
        tab.driver.add_cookie({"name": "q", "value": self.draft.cookie, "path": "/"})
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


@pytest.fixture
def ground(
    walker: Callable[[Mode, Demo], Walker],
    site: Demo,
    neutral: NeutralSite,
    draft: Draft,
    secrets: list[str],
) -> Ground:
    """A site, a way out, a draft to lose, and words that must not be seen."""
    return Ground(walker, site, neutral, draft, secrets)


@pytest.fixture(scope="module")
def secrets(site: Demo) -> list[str]:
    """All but what the neutral front page says by itself, in any language."""
    definition = sample(CONSULTATION)
    words = secret_words(definition)
    for language in definition.languages:
        front_page = Person(site.base).open(f"/?language={language}").body
        words = [word for word in words if word not in found_in(front_page, words)]
    assert len(words) > ENOUGH
    return words


# --- every kind of page and state; each function brings the tab to one ---


def front(stage: Stage) -> None:
    stage.walker.driver.delete_all_cookies()
    stage.walker.open("/")


def front_with_code(stage: Stage) -> None:
    stage.walker.driver.delete_all_cookies()
    stage.walker.open(f"/{stage.draft.code}")


def step(key: str) -> Callable[[Stage], None]:
    def see(stage: Stage) -> None:
        stage.see(key)

    return see


def typed_words(stage: Stage) -> None:
    """Words that were typed but never sent to the server."""
    stage.walker.type(TEXT, f"{MARKED} not sent yet")


def an_error(stage: Stage) -> None:
    """Two answers with the same place."""
    stage.see(RANKING)
    stage.walker.give("report_first", {"easy_to_see": "1", "few_steps": "1"})
    stage.walker.press("continue")
    assert stage.walker.has("#errors"), stage.walker.where()


def a_notice(stage: Stage) -> None:
    """Words that could show who somebody is."""
    stage.walker.type(TEXT, f"{MARKED} wrote to +44 7700 900123")
    stage.walker.press("continue")
    assert stage.walker.has("mark"), stage.walker.where()


def consent_without_a_tick(stage: Stage) -> None:
    stage.see("consent")
    stage.walker.untick("take_part", "yes")
    stage.walker.press("continue")
    assert stage.walker.step == "consent"


def pause(stage: Stage) -> None:
    stage.walker.press("pause")
    assert stage.walker.path == "/pause"


def support(stage: Stage) -> None:
    stage.walker.press("support")
    assert stage.walker.path == "/support"


def support_in_a_country(stage: Stage) -> None:
    support(stage)
    stage.walker.place("country", "GB")
    stage.walker.follow("main form button")
    assert stage.walker.path.endswith("?country=GB")


def go_on(stage: Stage) -> None:
    stage.walker.open(f"/{stage.draft.code}")
    assert stage.walker.has("a[href='/back-to-questions']")


def sent(stage: Stage) -> None:
    stage.see("check")
    stage.walker.press("send")
    assert stage.walker.has(".code")


def stopped(stage: Stage) -> None:
    stage.walker.press("delete", "/stop")
    assert not stage.walker.step


def declined(stage: Stage) -> None:
    stage.see("consent")
    stage.walker.press("decline")
    assert not stage.walker.step


def withdraw(stage: Stage) -> None:
    stage.walker.open("/withdraw")


def withdraw_unknown(stage: Stage) -> None:
    stage.walker.open("/withdraw")
    stage.walker.type("code", f"{MARKED} one two three four five")
    stage.walker.follow("main form button")


def results(stage: Stage) -> None:
    stage.walker.open(f"/results/{stage.draft.code}")


def not_found(stage: Stage) -> None:
    stage.walker.open("/there/is/nothing")


def refused(stage: Stage) -> None:
    """A form whose token is not that of the session."""
    stage.walker.driver.execute_script(
        "document.querySelector('input[name=csrf_token]').value = 'of another session'"
    )
    stage.walker.press("continue")
    assert not stage.walker.step, stage.walker.where()


STATES: dict[str, Callable[[Stage], None]] = {
    "front": front,
    "front with a code": front_with_code,
    "about": step("about"),
    "safety": step("safety"),
    "consent": step("consent"),
    "consent without a tick": consent_without_a_tick,
    "leave out": step("leave_out"),
    "warning": step("warning:talking"),
    "questions after a warning": step("page:talking"),
    "typed words": typed_words,
    "error": an_error,
    "notice": a_notice,
    "check": step("check"),
    "pause": pause,
    "support": support,
    "support in a country": support_in_a_country,
    "go on": go_on,
    "sent": sent,
    "stopped": stopped,
    "declined": declined,
    "withdraw": withdraw,
    "withdraw, unknown code": withdraw_unknown,
    "results": results,
    "not found": not_found,
    "refused": refused,
}
BY_SHIFT = ("front", "safety", "warning", "typed words", "check", "pause", "support", "sent")
WAYS = [
    *(pytest.param(state, mode, False, id=f"{mode}-{state}") for mode in MODES for state in STATES),
    *(
        pytest.param(state, mode, True, id=f"{mode}-{state}-shift")
        for mode in WITH_JAVASCRIPT
        for state in BY_SHIFT
    ),
]


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
    wait_until(lambda: tab.driver.title == "Weather", lambda: f"No exit from {tab.where()}")


@pytest.mark.parametrize(("state", "mode", "by_shift"), WAYS)
def test_r40_r43_exit_and_never_back(
    ground: Ground, state: str, mode: Mode, by_shift: bool
) -> None:
    """One act, one window, and whatever Back, Forward and the link show is neutral."""
    stage = ground.set_up(mode)
    tab = stage.walker
    STATES[state](stage)
    has_session = tab.driver.get_cookie("q") is not None

    leave(tab, by_shift=by_shift)

    assert len(tab.driver.window_handles) == 1
    assert ground.neutral.visits[-1] == ("/", None)  # R54: no referrer
    for number in range(1, BACKS + 1):
        step_in_history(tab, "back")
        ground.expect_nothing(tab, f"Exit from {state}, Back {number}")
    step_in_history(tab, "forward")
    ground.expect_nothing(tab, f"Exit from {state}, Forward")
    for path in (f"/{stage.draft.code}", stage.draft.addresses[WRITING]):
        tab.open(path)
        ground.expect_nothing(tab, f"Exit from {state}, opened again")
        assert tab.has("form[action='/start']"), tab.where()
    assert not tab.driver.get_cookies()
    if has_session:
        assert ground.draft.storage.read_draft(ground.draft.id) is None


# --- Shift three times ---


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
class TestShift:
    def test_r47_capitals_do_not_exit(self, ground: Ground, mode: Mode) -> None:
        """Each letter with a Shift of its own, as on a phone or by a careful typist."""
        tab = ground.set_up(mode).walker
        tab.type(TEXT, "")
        tab.one(f"[name={TEXT}]").click()
        keys = ActionChains(tab.driver, duration=0)
        for letter in "help now":
            keys = keys.key_down(Keys.SHIFT).send_keys(letter).key_up(Keys.SHIFT)
        keys.perform()
        assert tab.value(TEXT) == "HELP NOW"
        assert tab.step == WRITING

        leave(tab, by_shift=True)

    def test_r48_it_can_be_switched_off_and_on(self, ground: Ground, mode: Mode) -> None:
        stage = ground.set_up(mode)
        tab = stage.walker
        stage.see("safety")
        tab.choose("shortcut_off", "yes")
        tab.press("continue")
        for place in (WRITING, "check"):
            stage.see(place)
            tab.press_shift_three_times()
            assert tab.step == place
        for elsewhere in ("pause", "support"):
            tab.open(f"/{elsewhere}")
            tab.press_shift_three_times()
            assert tab.path == f"/{elsewhere}"

        stage.see("safety")
        tab.untick("shortcut_off", "yes")
        tab.press("continue")
        leave(tab, by_shift=True)


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_r43_another_tab_shows_the_front_page_once_the_session_is_gone(
    ground: Ground, mode: Mode
) -> None:
    """Exit in one tab; the next press in the other tab leads to the neutral front page."""
    tab = ground.set_up(mode).walker
    first = tab.driver.current_window_handle
    tab.driver.switch_to.new_window("tab")
    Stage(tab, ground.draft).see(WRITING)
    leave(tab)

    tab.driver.switch_to.window(first)
    tab.press("continue")
    ground.expect_nothing(tab, "The other tab")
    assert tab.has("form[action='/start']"), tab.where()
