"""What is seen in the moment of exit, and on paper: nothing of the question (R44, R58)."""

from __future__ import annotations

import base64
import io

import pytest
from pypdf import PdfReader

from .browsers import EVERY_MODE, Mode
from .leaving import Ground, is_elsewhere
from .secret_words import MARKED
from .states import STATES
from .walking import wait_until

pytestmark = pytest.mark.browser

WITH_JAVASCRIPT = [mode for mode in EVERY_MODE if mode.javascript]
CHROMIUM = Mode("chromium", javascript=True)

LEAVE = """
const entries = history.length;
document.querySelector('.exit').click();
return [document.body.innerHTML, document.title, getComputedStyle(document.body).display,
        getComputedStyle(document.documentElement).backgroundImage,
        document.querySelectorAll('link[rel~=icon]').length, history.length - entries];
"""


@pytest.mark.parametrize("mode", WITH_JAVASCRIPT, ids=str)
@pytest.mark.requirement("R44", "R45")
def test_r44_the_page_is_blank_and_empty_before_the_act_is_over(ground: Ground, mode: Mode) -> None:
    """What a script sees right behind the click is what the browser paints next."""
    tab = ground.set_up(mode).walker

    body, title, display, image, icons, more = tab.driver.execute_script(LEAVE)

    assert (body, title.strip("\u200e"), display, image) == ("", "", "none", "none")
    assert (icons, more) == (0, 0)
    wait_until(lambda: is_elsewhere(tab), tab.where)


@pytest.mark.parametrize("state", ["typed words", "check", "too long"])
@pytest.mark.requirement("R58")
def test_r58_no_answer_and_no_exit_is_printed(ground: Ground, state: str) -> None:
    stage = ground.set_up(CHROMIUM)
    STATES[state](stage)
    assert MARKED in stage.walker.source

    printed = base64.b64decode(stage.walker.driver.print_page())

    pages = PdfReader(io.BytesIO(printed)).pages
    words = " ".join(page.extract_text() for page in pages)
    assert len(words) > len(MARKED)
    assert MARKED not in "".join(words.split())
    assert "Exit this page" not in words
