"""The easy-read version in browsers: layout (R77), pages read aloud, scales that mirror (R79)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver as Chrome

from tests.person import Person
from tests.place import write_surveys
from tests.server import Demo, running_demo

from .browsers import Mode, open_browser
from .inspection import NARROW, WIDE, faults
from .screens import show_at
from .walking import Plan, Walker

pytestmark = pytest.mark.browser

CHROMIUM = Mode("chromium", javascript=True)
CONSULTATION, STANDARD = "safe-internet-easy", "internet-safer"
MIDDLE = 768

At = Callable[[Mode, Demo], Walker]


@pytest.fixture(scope="module")
def easy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("easy")
    with running_demo(folder, surveys=write_surveys(folder, CONSULTATION, STANDARD)) as running:
        yield running


def begin(person: Walker, demo: Demo, step: str, language: str = "en") -> None:
    """Be at a step; the language is that of the whole way."""
    name = CONSULTATION if step != "page:online_life" else STANDARD
    person.jump(demo.codes(name)[0], step, language)


# --- layout ---

MEASURES = """
const size = selector => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize);
const paragraph = document.querySelector('main p');
const letters = document.createElement('span');
letters.textContent = 'n'.repeat(100);
paragraph.appendChild(letters);
letters.style.whiteSpace = 'nowrap';
const letter = letters.getBoundingClientRect().width / 100;
letters.remove();
return [size('body'), document.querySelector('main p').getBoundingClientRect().width / letter,
        document.querySelector('main .button').getBoundingClientRect().height];
"""


@pytest.mark.requirement("R77")
def test_r77_easy_read_has_larger_words_and_shorter_lines(walker: At, easy: Demo) -> None:
    person = walker(CHROMIUM, easy)
    measured = {}
    for step in ("page:being_safe", "page:online_life"):
        person.fresh_tab()
        show_at(person.driver, WIDE)
        begin(person, easy, step)
        measured[step] = person.driver.execute_script(MEASURES)
    (words, line, button), (other_words, other_line, other_button) = measured.values()

    assert words >= 1.2 * other_words
    assert line <= 50 < other_line  # letters on a line
    assert button > other_button


@pytest.mark.requirement("R77", "R81", "R83")
@pytest.mark.parametrize("language", ["ar", pytest.param("en", marks=pytest.mark.thorough)])
def test_r77_r81_easy_read_is_for_everybody(walker: At, easy: Demo, language: str) -> None:
    """Each step at two widths and in two schemes: WCAG 2.2 AA, targets, the exit in sight."""
    person = walker(CHROMIUM, easy)
    show_at(person.driver, WIDE)
    seen: dict[str, list[str]] = {}

    def look(tourist: Walker) -> None:
        seen[tourist.step] = faults(tourist)
        show_at(tourist.driver, WIDE)

    steps = ("about", "safety", "page:being_safe", "page:learning", "page:your_idea", "check")
    person.start(easy.codes(CONSULTATION)[0], language)
    person.walk(Plan({}, detours={step: [look] for step in steps}))

    assert tuple(seen) == steps
    assert not [fault for found in seen.values() for fault in found], seen


# --- scales ---

PLACES = """
const place = e => e.getBoundingClientRect();
const points = [...document.querySelectorAll('.point')].map(e => {
  const b = place(e); return [b.left + b.width / 2, b.top];
});
const inputs = [...document.querySelectorAll('.point input')].map(e => {
  const b = place(e); return b.left + b.width / 2;
});
const ends = [...document.querySelectorAll('.ends span')].map(e => [e.textContent, place(e).left]);
const mouths = [...document.querySelectorAll('.face path')].map(e => e.getAttribute('d'));
return {points, inputs, ends, mouths,
        values: [...document.querySelectorAll('.point input')].map(e => e.value)};
"""


@pytest.mark.requirement("R79")
@pytest.mark.parametrize("step", ["page:being_safe", "page:online_life"])
@pytest.mark.parametrize("width", [MIDDLE, WIDE])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_r79_a_row_of_points_begins_where_reading_begins(
    walker: At, easy: Demo, step: str, width: int, language: str
) -> None:
    """In Arabic the first point, its face and its end of the scale are at the right."""
    mirrored = language == "ar"
    person = walker(CHROMIUM, easy)
    show_at(person.driver, width)
    begin(person, easy, step, language)
    seen: dict[str, Any] = person.driver.execute_script(PLACES)
    across = [x for x, _top in seen["points"]]

    assert seen["values"] == sorted(seen["values"])
    assert len({top for _x, top in seen["points"]}) == 1  # one row
    assert across == sorted(across, reverse=mirrored)
    assert seen["inputs"] == pytest.approx(across, abs=1)  # each circle above its own number
    (_low, low_x), (_high, high_x) = seen["ends"]
    assert (low_x > high_x) == mirrored
    if seen["mouths"]:
        bends = [float(path.split("Q16 ")[1].split(" ")[0]) for path in seen["mouths"]]
        assert bends == sorted(bends)  # the sad face belongs to the first point
        assert len(set(bends)) == len(bends)


@pytest.mark.requirement("R79")
@pytest.mark.parametrize(("language", "mirrored"), [("en", False), ("ar", True)])
def test_r79_a_list_of_points_has_its_circles_where_reading_begins(
    walker: At, easy: Demo, language: str, mirrored: bool
) -> None:
    person = walker(CHROMIUM, easy)
    show_at(person.driver, NARROW)
    begin(person, easy, "page:being_safe", language)
    seen = person.driver.execute_script(PLACES)
    tops = [top for _x, top in seen["points"]]

    assert tops == sorted(set(tops))  # one below the other, the first on top
    for circle, (middle, _top) in zip(seen["inputs"], seen["points"], strict=True):
        assert (circle > middle) == mirrored


# --- aloud ---

VOICES = {
    "here": {"name": "here", "lang": "en_GB", "localService": True},
    "elsewhere": {"name": "elsewhere", "lang": "en-US", "localService": False, "default": True},
    "other language": {"name": "other language", "lang": "fr-FR", "localService": True},
    "unclear": {"name": "unclear", "lang": "en-US"},
}
STUB = """
(() => {
  const synth = new EventTarget();
  let waiting = null;
  window.heard = [];
  window.silenced = 0;
  window.voices = VOICES;
  synth.getVoices = () => window.voices;
  synth.speak = words => { window.heard.push(words); waiting = words; };
  synth.cancel = () => { window.silenced += 1; waiting = null; };
  window.finishOne = () => { const words = waiting; waiting = null; words.onend({}); };
  window.isSpeaking = () => waiting !== null;
  Object.defineProperty(window, 'speechSynthesis', {value: synth});
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
})();
"""
BUTTON = "[data-aloud] button"


@pytest.fixture
def listener(
    easy: Demo, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Walker]]:
    """Gives somebody at a browser with the voices that are named, its requests written down.

    Browsers without a window have no voices, so the page is given some before its scripts run.
    """
    opened: list[Chrome] = []

    def with_voices(*names: str) -> Walker:
        driver = open_browser(CHROMIUM, tmp_path_factory.mktemp("aloud"), log_requests=True)
        assert isinstance(driver, Chrome)
        opened.append(driver)
        stub = STUB.replace("VOICES", json.dumps([VOICES[name] for name in names]))
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": stub})
        return Walker(driver, easy.base)

    yield with_voices
    for driver in opened:
        driver.quit()


def read_out(person: Walker) -> list[str]:
    """Let a whole page be read; what was said, in order."""
    person.driver.execute_script("window.heard.length = 0")
    person.click(person.one(BUTTON))
    person.driver.execute_script("while (window.isSpeaking()) { window.finishOne(); }")
    said: list[str] = person.driver.execute_script("return window.heard.map(words => words.text)")
    return said


def requests_of(person: Walker) -> list[str]:
    assert isinstance(person.driver, Chrome)
    log: list[Any] = person.driver.get_log("performance")  # type: ignore[no-untyped-call]
    messages = (json.loads(entry["message"])["message"] for entry in log)
    return [m["params"]["request"]["url"] for m in messages if m["method"] == REQUEST]


REQUEST = "Network.requestWillBeSent"


def test_a_page_is_read_in_its_order_by_a_voice_of_the_device(
    listener: Callable[..., Walker], easy: Demo
) -> None:
    person = listener("elsewhere", "other language", "here", "unclear")
    begin(person, easy, "page:being_safe")
    requests_of(person)

    assert read_out(person) == [
        "Question 1 of about 9. You can stop any time.",
        "Is it easy to be safe online?",
        *("1 Hard", "2 In between", "3 Easy"),
        *("Continue", "Skip this question", "Previous", "Take a pause"),
    ]
    speakers = person.driver.execute_script(
        "return [...new Set(window.heard.map(words => words.voice && words.voice.name))]"
    )
    assert speakers == ["here"]
    assert requests_of(person) == []
    assert person.one(BUTTON).text == "Read this page aloud"  # ready to be read again
    assert not person.has(".spoken")


@pytest.mark.parametrize("voices", [(), ("elsewhere",), ("other language",), ("unclear",)])
def test_without_a_voice_of_the_device_in_the_language_there_is_no_button(
    listener: Callable[..., Walker], easy: Demo, voices: tuple[str, ...]
) -> None:
    person = listener(*voices)
    begin(person, easy, "page:being_safe")
    assert not person.has(BUTTON)

    person.driver.execute_script(  # voices may come late
        """window.voices.push(arguments[0]);
           window.speechSynthesis.dispatchEvent(new Event('voiceschanged'));""",
        VOICES["here"],
    )
    assert person.one(BUTTON).text == "Read this page aloud"


def test_each_language_is_read_by_a_voice_of_its_own(
    listener: Callable[..., Walker], easy: Demo
) -> None:
    person = listener("here", "other language")
    begin(person, easy, "page:being_safe", "fr")
    assert "Est-il facile d'être en sécurité en ligne ?" in read_out(person)
    assert person.driver.execute_script("return window.heard[0].voice.name") == "other language"
    person.press("language:ar")
    assert not person.has(BUTTON)


def test_what_somebody_types_is_not_said_and_answers_are_said_with_a_word_before(
    listener: Callable[..., Walker], easy: Demo
) -> None:
    person = listener("here")
    begin(person, easy, "page:your_idea")
    assert person.one("[data-aloud] .hint").text == "Others near you can hear it."
    person.type("idea", "my own words")
    said = read_out(person)
    assert any(words.startswith("We do not read this right away") for words in said)
    assert not [words for words in said if "my own words" in words]

    person.walk(Plan({}), until="check")
    assert "your answers too" in person.one("[data-aloud] .hint").text
    assert "my own words" in read_out(person)


def test_nothing_hidden_is_said(listener: Callable[..., Walker], easy: Demo) -> None:
    person = listener("here")
    begin(person, easy, "about")
    said = read_out(person)
    assert "Who will listen, and what can change" in said
    assert "What can change" not in said  # folded away
    person.click(person.one("summary"))
    assert "What can change" in read_out(person)


STOPS = {
    "the button": f"document.querySelector('{BUTTON}').click()",
    "exit": "document.querySelector('.exit').click()",
    "the other exit": "document.querySelector('.skip-link[data-exit]').click()",
    "going on": "document.querySelector('button[value=continue]').click()",
    "support": "document.querySelector('button[value=support]').click()",
    "a link": "document.querySelector('a[href=\"#main\"]').click()",
    "another page": "window.dispatchEvent(new PageTransitionEvent('pagehide'))",
    "another tab": """Object.defineProperty(document, 'visibilityState', {value: 'hidden'});
        document.dispatchEvent(new Event('visibilitychange'))""",
    "Shift three times": """for (let i = 0; i < 3; i++) { for (const kind of ['keydown', 'keyup']) {
        document.body.dispatchEvent(new KeyboardEvent(kind, {key: 'Shift', bubbles: true})); } }""",
}


@pytest.mark.requirement("R44")
def test_r44_it_is_silent_at_once_when_somebody_leaves(
    listener: Callable[..., Walker], easy: Demo
) -> None:
    """In the very act, before anything is asked of the network."""
    person = listener("here")
    for way, act in STOPS.items():
        person.driver.delete_all_cookies()
        begin(person, easy, "page:being_safe")
        person.click(person.one(BUTTON))
        assert person.driver.execute_script("return window.isSpeaking()"), way
        speaking, silenced = person.driver.execute_script(
            f"const before = window.silenced; {act};"
            "return [window.isSpeaking(), window.silenced - before]"
        )
        assert (speaking, silenced > 0) == (False, True), way


def test_nothing_is_loaded_where_pages_are_not_read(walker: At, easy: Demo) -> None:
    for name, wanted in ((CONSULTATION, 1), (STANDARD, 0)):
        person = walker(CHROMIUM, easy)
        person.start(easy.codes(name)[0], "en")
        assert len(person.all("[data-aloud]")) == wanted
        addresses = person.driver.execute_script(
            "return [...document.scripts].map(script => new URL(script.src).pathname)"
        )
        scripts = [Person(easy.base).open(address).body for address in addresses]
        assert all(scripts)
        assert sum("getVoices" in script for script in scripts) == wanted
