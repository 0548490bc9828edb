"""Exit from every page, then Back five times: never a question, never an answer (R40-R48, R53).

Chromium, Firefox and WebKitGTK, with JavaScript and without, over HTTP and over HTTPS. Every page
and state is walked in each engine with JavaScript, over HTTPS in two of them; what differs between
the twelve combinations is how an engine keeps pages and cookies and not what stands on a page, so a
few states that hold the most are walked in all twelve.
"""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from app import create_app
from config import read_config

from .browsers import EVERY_MODE, MODES, Mode
from .leaving import BACKS, WRITING, Ground, Stage, leave, step_in_history
from .states import STATES

pytestmark = pytest.mark.browser

EVERYWHERE = ("typed words", "check", "pause")
"""With words never sent, with every answer, and without a form: walked in each combination."""
PUBLIC = {"results"}
"""What anybody sees who has the address: it tells of a consultation, and of nobody's session."""
SECURE = {"chromium": True, "firefox": False, "webkit": True}
"""How each engine walks all the other states: most people come over HTTPS."""


def combinations() -> list[tuple[str, Mode, bool]]:
    """State, browser, and whether over HTTPS."""
    all_twelve = list(product(EVERYWHERE, EVERY_MODE, (False, True)))
    others = [state for state in STATES if state not in EVERYWHERE]
    engines = [mode for mode in EVERY_MODE if mode.javascript]
    return [
        *all_twelve,
        *((state, mode, SECURE[mode.browser]) for state in others for mode in engines),
    ]


def always(state: str, secure: bool) -> tuple[pytest.MarkDecorator, ...]:
    """In every browser with words that were not sent; every second of the other states in one."""
    if state == EVERYWHERE[0]:
        return (pytest.mark.every_mode,) if secure else (pytest.mark.thorough,)
    return (pytest.mark.thorough,) if list(STATES).index(state) % 2 else ()


WAYS = [
    pytest.param(
        *(state, mode, secure),
        id=f"{mode}-{'https' if secure else 'http'}-{state}",
        marks=always(state, secure),
    )
    for state, mode, secure in combinations()
]


@pytest.mark.parametrize(("state", "mode", "secure"), WAYS)
@pytest.mark.requirement("R40", "R41", "R42", "R43", "R45", "R46", "R53", "R54", "R56", "R91")
def test_r40_r43_exit_and_never_back(ground: Ground, state: str, mode: Mode, secure: bool) -> None:
    """One act, one window, no line in the log, and whatever is shown afterwards is neutral."""
    stage = ground.set_up(mode, secure=secure)
    tab, site = stage.walker, ground.sites[secure]
    STATES[state](stage)
    own_address = tab.path
    has_session = bool(tab.driver.get_cookies())
    told = site.printed

    leave(tab)

    assert len(tab.driver.window_handles) == 1
    assert ground.neutral.visits[-1] == ("/", None)  # R54: no referrer
    for number in range(1, BACKS + 1):
        step_in_history(tab, "back")
        ground.expect_nothing(tab, f"Exit from {state}, Back {number}")
    step_in_history(tab, "forward")
    ground.expect_nothing(tab, f"Exit from {state}, Forward")
    reopened = ["" if state in PUBLIC else own_address, f"/{stage.draft.code}"]
    for path in dict.fromkeys([*filter(None, reopened), stage.draft.addresses[WRITING]]):
        tab.open(path)
        ground.expect_nothing(tab, f"Exit from {state}, {path} opened again")
    tab.reload()
    ground.expect_nothing(tab, f"Exit from {state}, reloaded")
    assert tab.has("form[action='/start']"), tab.where()
    assert not tab.driver.get_cookies()
    assert not (has_session and stage.draft.is_there)
    assert site.printed == told  # R56


@pytest.mark.parametrize(
    ("mode", "secure"), [(mode, SECURE[mode.browser]) for mode in EVERY_MODE], ids=str
)
@pytest.mark.requirement("R1", "R43")
def test_r43_every_step_that_was_seen_is_the_front_page_afterwards(
    ground: Ground, mode: Mode, secure: bool
) -> None:
    """Each numbered address of the whole way, and what stands beside it."""
    stage = ground.set_up(mode, secure=secure)
    tab = stage.walker
    stage.see("check")
    leave(tab)

    for path in (*stage.draft.addresses.values(), "/sent", "/pause", "/back-to-questions"):
        tab.open(path)
        ground.expect_nothing(tab, f"{path} after exit")
        assert tab.has("form[action='/start']"), tab.where()


# --- nothing is left out ---

NO_PAGE_OF_THEIR_OWN = {
    *("leaving.leave", "help.back_to_questions", "help.media", "entry.healthz"),
    *("static_file", "favicon", "robots", "steps.here"),
}
SHOWN_IN = {
    "entry.front": ("front", "go on"),
    "entry.front_with_code": ("front with a code",),
    "entry.start": ("unknown code",),
    "steps.show": ("about", "safety", "consent", "leave out", "warning", "typed words", "check"),
    "steps.store": (
        *("error", "notice", "consent without a tick", "too long", "declined", "refused"),
        "words too late",
    ),
    "keeping.ask": ("keep",),
    "keeping.keep_for_later": ("kept",),
    "keeping.kept": ("kept",),
    "keeping.come_back": ("come back", "come back, unknown words"),
    "sending.sent": ("sent",),
    "leaving.stop": ("stopped",),
    "help.support": ("support", "support in a country"),
    "help.pause": ("pause",),
    "help.language": ("another language",),
    "withdrawal.withdraw": ("withdraw", "withdraw, unknown code"),
    "results.show": ("results",),
    "results.ask": ("results, no code",),
}
WALKED_ELSEWHERE = {"shared_device.more_time": "test_group_session.py"}
"""On a shared device exit leads to the front page for the next person."""


@pytest.mark.requirement("R40")
def test_r40_every_view_that_shows_a_page_is_left_in_some_state(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A new view fails here until a state of `states.py` shows it."""
    folder = tmp_path_factory.mktemp("instance")
    drafts = {"HEARD_DRAFTS_URL": f"sqlite:///{folder / 'drafts.sqlite3'}"}
    app: Flask = create_app(read_config(drafts, instance=folder))
    views = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert views == {*SHOWN_IN, *WALKED_ELSEWHERE, *NO_PAGE_OF_THEIR_OWN}
    assert {state for states in SHOWN_IN.values() for state in states} <= set(STATES)


# --- never a second tab ---


@pytest.mark.parametrize("mode", [mode for mode in EVERY_MODE if mode.javascript], ids=str)
@pytest.mark.parametrize("key", [Keys.CONTROL, Keys.SHIFT], ids=["ctrl", "shift"])
def test_r53_no_key_that_is_held_makes_a_second_tab(ground: Ground, mode: Mode, key: str) -> None:
    """Without JavaScript a browser opens what its owner asks for with such a key."""
    tab = ground.set_up(mode).walker
    held = ActionChains(tab.driver, duration=0).key_down(key).click(tab.one(".exit")).key_up(key)
    with tab.next_page():
        held.perform()

    assert tab.driver.title == "Weather"
    assert len(tab.driver.window_handles) == 1


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
