"""One tour through every page and state, on which everything that access needs is looked at.

The tour costs far more than a look, so all looks are taken on the same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from app.web.languages import language_name
from tests.server import Demo

from .axe import COLOURS, LAYOUT, STRONG_CONTRAST, axe_source, violations
from .outline import outline, read_page, tree_faults
from .screens import enlarge_text, show_as, show_at, space_text
from .tour import Look, pages_without_session, tour
from .walking import Walker

NARROW, WIDE = 320, 1280
ZOOMED_HEIGHT = 256
"""CSS pixels: a window of 1280 by 1024 at 400 % is 320 by 256 (WCAG 2.2, 1.4.10)."""
COMPUTER_HEIGHT = 800
SMALLEST_TARGET = 44
"""CSS pixels (R83)."""
TWICE = 2
LOOKED_AT_CLOSELY = ("en", "ar", "ne")
"""Languages in which every size and preference is tried: left to right, right to left, and a
script that needs high lines. The others are seen at 320 px."""
IN_EVERY_COLOUR = ("en", "ar")
SEEN_IN_EVERY_WAY = ("front", "consent", "check", "sent", "support", "page:report_button, error")
"""States that hold between them everything that has a colour of its own."""
PRESSED_IN = "en"
"""The language in which every Tab is a real one; in the others the first, then focus by script."""

ANY = "internet-safer"
"""The consultation whose address stands in for any, where a tour has none of its own."""
MEASURES = Path(__file__).with_name("measures.js")

FROM_THE_START = """
document.activeElement.blur();
scrollTo(0, 0);
document.body.tabIndex = -1;
document.body.focus();
document.body.removeAttribute('tabindex');
"""
PARTS = """
return Array.from(new Set(Array.from(document.body.querySelectorAll('*'), part =>
  [part.localName, part.className, part.type || '', part.getAttribute('role') || ''].join(' '))));
"""
"""Each kind of part that a page is made of, once: element, classes, type and role."""
LANGUAGES = """
return [document.documentElement.lang,
  Array.from(document.querySelectorAll('.languages [lang]'), one => [one.lang, one.innerText])];
"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true; })"


@cache
def measures() -> str:
    """The script that measures a page."""
    return MEASURES.read_text(encoding="utf-8")


@dataclass
class Inspection:
    """What was found on the tour of one consultation in one language.

    Args:
        person: at Chromium.
        demo: the server; none where a single page is looked at.
        consultation, language: which tour.
        everywhere: whether every page is looked at closely, and not only each that holds some part
            which no page before it had.
    """

    person: Walker
    demo: Demo | None
    consultation: str
    language: str
    everywhere: bool = False
    found: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    outlines: dict[str, list[str]] = field(default_factory=dict)
    sentence_links: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    _state: str = ""
    _parts: set[str] = field(default_factory=set)

    def walk(self) -> None:
        """Take the tour, looking at each page and state."""
        self._walk(self.look)

    def listen(self) -> None:
        """Take the tour only to write down what a screen reader is told."""
        self._walk(self._listen)

    def _walk(self, look: Look) -> None:
        assert self.demo is not None
        if self.consultation:
            tour(self.person, self.demo, self.consultation, self.language, look)
        else:
            pages_without_session(self.person, self.demo, ANY, self.language, look)

    def look(self, state: str) -> None:
        """Look at the page on screen; it is left as a computer shows it."""
        driver = self.person.driver
        self._listen(state)
        driver.execute_script(OPEN_ALL)
        driver.execute_script(f"{axe_source()}\n{measures()}")
        closely = self._has_new_parts() or self.everywhere or state in SEEN_IN_EVERY_WAY
        self._look_narrow(closely)
        if closely and self.language in LOOKED_AT_CLOSELY:
            self._look_large()
            self._look_preferring()
        if closely and self.language in IN_EVERY_COLOUR:
            self._look_in_colours()
        show_at(driver, WIDE, COMPUTER_HEIGHT)
        driver.execute_script(FROM_THE_START)

    def _has_new_parts(self) -> bool:
        """Whether the page holds some part that no page before it had."""
        new = set(self.person.driver.execute_script(PARTS)) - self._parts
        self._parts |= new
        return bool(new)

    # --- how a page is looked at ---

    def _listen(self, state: str) -> None:
        """What a screen reader is told."""
        self._state = state
        show_at(self.person.driver, WIDE, COMPUTER_HEIGHT)
        page = read_page(self.person.driver)
        self.outlines[self._state] = outline(page, self._masks())
        self._note("tree", tree_faults(page))
        self._note("languages", self._language_faults())

    def _look_narrow(self, closely: bool) -> None:
        """A small phone; or a computer at 400 %."""
        driver = self.person.driver
        show_at(driver, NARROW, ZOOMED_HEIGHT)
        self._note("axe", violations(driver))
        for check in ("overlaps", "fits", "order", "languages", "sides", "support", "names"):
            self._measure(check)
        self._measure("targets", SMALLEST_TARGET)
        self._measure("exit", SMALLEST_TARGET)
        self.sentence_links.update(driver.execute_script("return measures.sentences()"))
        self._press_tab(closely)

    def _press_tab(self, closely: bool) -> None:
        """From the top, which is an exit; in one language to the end of the page and back."""
        driver = self.person.driver
        driver.execute_script(FROM_THE_START)
        places = driver.execute_script("return measures.watchTab()")
        keys = ActionChains(driver, duration=0).send_keys(Keys.TAB)
        if self.language != PRESSED_IN or not closely:
            keys.perform()
            first = driver.switch_to.active_element
            if first.get_dom_attribute("data-exit") is None:
                html = first.get_property("outerHTML")
                self._note("focus", [f"the first stop of Tab is {html}"])
            self._measure("focus")
            return
        keys.send_keys(Keys.TAB * (places - 1)).key_down(Keys.SHIFT)
        keys.send_keys(Keys.TAB * (places - 1)).key_up(Keys.SHIFT).perform()
        self._measure("tabbed")

    def _look_large(self) -> None:
        """Text set apart, then text of twice the size."""
        driver = self.person.driver
        words = driver.execute_script("return measures.words()")
        space_text(driver, wide=True)
        self._measure("fits")
        self._measure("overlaps")
        space_text(driver, wide=False)
        show_at(driver, NARROW)
        enlarge_text(driver, TWICE)
        for check in ("fits", "overlaps", "focus", "order"):
            self._measure(check, where="twice the text")
        self._measure("exit", SMALLEST_TARGET, where="twice the text")
        if driver.execute_script("return measures.words()") != words:
            self._note("fits", ["there are other words at twice the text"])
        enlarge_text(driver, 1)
        show_at(driver, WIDE, COMPUTER_HEIGHT)
        for check in ("fits", "overlaps", "order", "focus", "sides"):
            self._measure(check, where="wide")
        self._measure("targets", SMALLEST_TARGET, where="wide")
        self._measure("exit", SMALLEST_TARGET, where="wide")

    def _look_preferring(self) -> None:
        """What people ask their device for: fewer colours, no movement; and on paper."""
        driver = self.person.driver
        show_as(driver, forced_colors="active")
        self._measure("lines")
        self._measure("focus", where="forced colours")
        show_as(driver, prefers_reduced_motion="reduce")
        self._measure("still")
        show_as(driver)

    def _look_in_colours(self) -> None:
        """The same in both widths and schemes; on paper, and where more contrast is asked for."""
        driver = self.person.driver
        self._note("axe", violations(driver, LAYOUT), "wide")
        show_as(driver, prefers_color_scheme="dark")
        self._note("axe", violations(driver, COLOURS), "wide, dark")
        show_at(driver, NARROW)
        self._note("axe", violations(driver, COLOURS), "dark")
        show_as(driver)
        if self._state in SEEN_IN_EVERY_WAY:
            show_as(driver, "print")
            self._note("axe", violations(driver, COLOURS), "print")
            for scheme in ("light", "dark"):
                show_as(driver, prefers_color_scheme=scheme, prefers_contrast="more")
                self._note("contrast", violations(driver, STRONG_CONTRAST), scheme)
            show_as(driver)

    # --- what is written down ---

    def _measure(self, check: str, *arguments: Any, where: str = "") -> None:
        script = f"return measures.{check}(...arguments)"
        self._note(check, self.person.driver.execute_script(script, *arguments), where)

    def _note(self, check: str, faults: list[str], where: str = "") -> None:
        self.made.add(check)
        place = f"{self._state}, {where}" if where else self._state
        self.found[check] += [f"{place}: {fault}" for fault in faults]

    def _masks(self) -> Mapping[str, str]:
        """Words that no two runs have in common."""
        words = [element.text for element in self.person.all(".code")]
        codes = self.demo.codes(self.consultation or ANY) if self.demo else []
        return {
            **dict.fromkeys(filter(None, words), "(the six words)"),
            **dict.fromkeys(codes, "(a code)"),
        }

    def _language_faults(self) -> list[str]:
        """Each language is offered under its own name, and the page's own is among them (R80)."""
        shown, offered = self.person.driver.execute_script(LANGUAGES)
        told = {tag: name.strip() for tag, name in offered}
        wrong = [(tag, name) for tag, name in told.items() if name != language_name(tag)]
        found = [f"{tag} is called {name}" for tag, name in wrong]
        if told and shown not in told:
            found.append(f"{shown} is not among {sorted(told)}")
        # Results are told in the languages of their consultation alone.
        if shown != self.language and not self._state.startswith("results"):
            found.append(f"the page is in {shown}")
        return found


def faults(person: Walker) -> list[str]:
    """What a single look at the page on screen finds."""
    language = str(person.one("html").get_dom_attribute("lang"))
    inspection = Inspection(person, None, "", language)
    inspection.look("this page")
    return [f"{check}, {fault}" for check, found in inspection.found.items() for fault in found]
