"""Shift three times leaves, wherever the focus is; nothing that people type does (R47, R48)."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from .browsers import EVERY_MODE, Mode
from .leaving import TEXT, WRITING, Ground, leave
from .states import STATES

WITH_JAVASCRIPT = [mode for mode in EVERY_MODE if mode.javascript]
BY_SHIFT = ("front", "safety", "typed words", "error", "check", "support", "sent", "results")

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)]


@pytest.mark.parametrize("state", BY_SHIFT)
def test_r47_three_presses_leave(ground: Ground, mode: Mode, state: str) -> None:
    stage = ground.set_up(mode)
    STATES[state](stage)

    leave(stage.walker, by_shift=True)

    stage.walker.back()
    ground.expect_nothing(stage.walker, f"Shift on {state}, Back")
    assert not stage.walker.driver.get_cookies()


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
