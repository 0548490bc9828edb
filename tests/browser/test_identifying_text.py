"""Words that could show who somebody is, asked about on the device (R72): words.js in browsers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver as Chrome
from selenium.webdriver.common.keys import Keys

from tests.server import Demo

from .browsers import WITH_JAVASCRIPT, Mode, open_browser
from .stories import EVERYTHING
from .walking import ASKS, Plan, Walker, is_gone, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R72")]

VECTORS = json.loads(
    Path(__file__)
    .parents[1]
    .joinpath("journey", "identifying-vectors.json")
    .read_text(encoding="utf-8")
)["vectors"]
CONSULTATION = "internet-safer"
PAGE, BOX = "page:report_barriers", "report_easier"
PLAN = Plan({name: value for name, value in EVERYTHING.items() if name != BOX})
HINT = "[aria-live] > .look-again"
NUMBER, ADDRESS = "07700 900123", "ama@example.org"
SENTENCE = f"Call {NUMBER} at night"

At = Callable[[Mode, Demo], Walker]


def hint(person: Walker) -> list[str]:
    """The pieces that are asked about on screen."""
    return [mark.text for mark in person.all(f"{HINT} mark")]


def wait_for_hint(person: Walker, *pieces: str) -> None:
    wait_until(lambda: hint(person) == list(pieces), lambda: f"{hint(person)} {person.where()}")


def press_in_hint(person: Walker, number: int) -> None:
    """1: take it out, 2: leave it."""
    person.click(person.one(f"{HINT} button:nth-of-type({number})"))


def has_focus(person: Walker, selector: str) -> bool:
    return bool(
        person.driver.execute_script(
            "return document.activeElement.matches(arguments[0])", selector
        )
    )


@pytest.fixture(params=WITH_JAVASCRIPT, ids=str)
def person(request: pytest.FixtureRequest, walker: At, demo: Demo) -> Walker:
    """Somebody at a page with a box to write in."""
    person = walker(request.param, demo)
    person.jump(demo.codes(CONSULTATION)[0], PAGE)
    person.fill(PAGE, PLAN)
    return person


def test_r72_a_quiet_question_comes_below_the_box_while_somebody_types(person: Walker) -> None:
    assert person.one("[aria-live=polite]:not([data-announce])").text == ""

    person.type(BOX, SENTENCE)
    wait_for_hint(person, NUMBER)

    assert has_focus(person, f"#{BOX}")  # nothing is taken from the person
    box, asked = person.one(f"#{BOX}").rect, person.one(HINT).rect
    assert asked["y"] > box["y"] + box["height"] - 1


def test_r72_take_it_out_edits_the_box(person: Walker) -> None:
    person.type(BOX, f"{SENTENCE}. Not {NUMBER} by day")
    wait_for_hint(person, NUMBER)

    press_in_hint(person, 1)

    assert person.value(BOX) == "Call […] at night. Not […] by day"
    assert (hint(person), has_focus(person, f"#{BOX}")) == ([], True)
    assert "Taken out." in person.words
    person.press("continue")
    assert person.step != PAGE
    person.press("back")
    assert person.value(BOX) == "Call […] at night. Not […] by day"


def test_r72_what_was_left_is_not_asked_about_again(person: Walker) -> None:
    person.type(BOX, SENTENCE)
    wait_for_hint(person, NUMBER)
    press_in_hint(person, 2)
    assert (hint(person), has_focus(person, f"#{BOX}")) == ([], True)

    person.one(f"#{BOX}").send_keys(f", or {ADDRESS} ")
    wait_for_hint(person, ADDRESS)  # the new piece alone
    press_in_hint(person, 2)
    person.press("continue")
    assert person.step != PAGE  # neither the page nor the server asks again

    person.back()
    assert person.value(BOX) == f"{SENTENCE}, or {ADDRESS}"
    person.press("continue")
    assert person.step != PAGE


def test_r72_continue_waits_once_for_what_was_not_on_screen_yet(person: Walker) -> None:
    person.driver.execute_script(  # written and sent in one go, before anything could be said
        """const box = document.getElementById(arguments[0]);
           box.value = arguments[1];
           document.querySelector('button[value=continue]').click();""",
        BOX,
        SENTENCE,
    )
    wait_until(lambda: person.has(ASKS), person.where)
    assert (hint(person), person.step) == ([NUMBER], PAGE)

    before = person.one("html")
    person.one("button[value=continue]").click()
    wait_until(lambda: is_gone(before), person.where)
    person.settle()
    assert person.step not in (PAGE, "")
    person.back()
    assert person.value(BOX) == SENTENCE


@pytest.mark.parametrize("button", ["skip", "pause", "back"])
def test_r72_no_other_button_waits(person: Walker, button: str) -> None:
    person.driver.execute_script(
        "document.getElementById(arguments[0]).value = arguments[1]", BOX, SENTENCE
    )
    person.press(button)
    assert person.step != PAGE


def test_r72_a_question_goes_when_the_piece_goes(person: Walker) -> None:
    person.type(BOX, SENTENCE)
    wait_for_hint(person, NUMBER)

    person.one(f"#{BOX}").send_keys(Keys.BACKSPACE * len("00123 at night"))

    assert hint(person) == []
    person.press("continue")
    assert person.step != PAGE


# --- nothing is sent, and the answer to the question is nobody's business ---


@pytest.fixture
def logged(demo: Demo, tmp_path: Path) -> Iterator[Walker]:
    """Somebody at the same page, in a Chromium that writes down its requests."""
    driver = open_browser(Mode("chromium", javascript=True), tmp_path, log_requests=True)
    try:
        person = Walker(driver, demo.base)
        person.jump(demo.codes(CONSULTATION)[0], PAGE)
        person.fill(PAGE, PLAN)
        requests(person)
        yield person
    finally:
        driver.quit()


def requests(person: Walker) -> list[dict[str, Any]]:
    """What was asked of any server since the last call."""
    assert isinstance(person.driver, Chrome)
    log: list[Any] = person.driver.get_log("performance")  # type: ignore[no-untyped-call]
    messages = (json.loads(entry["message"])["message"] for entry in log)
    return [
        message["params"]["request"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]


WHICH_FORM = {"csrf_token", "shown-as", "told", "start-code", "start-language", "typed-here"}


def posted(person: Walker) -> dict[str, list[str]]:
    """The fields of the one form that was posted since the last call, but for those that say
    which form it is."""
    forms = [request for request in requests(person) if request["method"] == "POST"]
    assert [urlsplit(form["url"]).netloc for form in forms] == [urlsplit(person.base).netloc]
    head = f"Content-Type: {forms[0]['headers']['Content-Type']}\r\n\r\n"
    message = message_from_bytes((head + forms[0]["postData"]).encode(), policy=HTTP)
    fields = defaultdict(list)
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = str(part.get_param("name", header="content-disposition"))
        fields[name].append(content.decode())
    return {name: values for name, values in fields.items() if name not in WHICH_FORM}


def test_r72_no_request_is_made_while_somebody_types_and_chooses(logged: Walker) -> None:
    logged.type(BOX, SENTENCE)
    wait_for_hint(logged, NUMBER)
    press_in_hint(logged, 2)
    logged.one(f"#{BOX}").send_keys(f" {ADDRESS} ")
    wait_for_hint(logged, ADDRESS)
    press_in_hint(logged, 1)

    assert requests(logged) == []


@pytest.mark.in_turn(2)
@pytest.mark.parametrize("choice", ["nothing", "left", "taken", "held"])
def test_r72_a_form_says_nothing_of_what_was_asked_and_chosen(logged: Walker, choice: str) -> None:
    words = {"nothing": "More light", "taken": "Call […]"}.get(choice, f"Call {NUMBER}")
    logged.type(BOX, words.replace("[…]", NUMBER))
    if choice in ("left", "taken"):
        wait_for_hint(logged, NUMBER)
        press_in_hint(logged, 2 if choice == "left" else 1)
    if choice == "held":
        logged.press("continue")
        assert logged.step == PAGE
        assert requests(logged) == []
    logged.press("continue")

    fields = posted(logged)
    assert fields.pop(BOX) == [words]
    assert fields == {
        **{"step": [PAGE], "asked_by": ["page"], "action": ["continue"]},
        **{"shown": ["report_stops report_easier"], "report_stops": EVERYTHING["report_stops"]},
    }


def test_r72_the_script_finds_what_the_vectors_say(person: Walker) -> None:
    """The same examples as for the server; where the two differ, the file says why."""
    person.driver.execute_script(
        "document.addEventListener('submit', event => event.preventDefault())"
    )
    found = {
        vector["text"]: person.driver.execute_script(
            """const box = document.getElementById(arguments[0]);
               box.value = arguments[1];
               document.querySelector('button[value=continue]').click();
               const marks = [...document.querySelectorAll(arguments[2] + ' mark')];
               return marks.map(mark => mark.textContent);""",
            BOX,
            vector["text"],
            HINT,
        )
        for vector in VECTORS
    }
    wanted = {v["text"]: v.get("found", v.get("script")) for v in VECTORS}
    assert found == wanted
