"""What stays on a device after the browser was closed: read from its profile, byte by byte.

One person exits; another closes the browser in the middle of a page. Before both, a page of our own
leaves a mark in every kind of place, so that the search is known to see all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest

from tests.person import Person
from tests.promises.scan import Anything, Marked
from tests.promises.story import new_mark as new_word
from tests.server import Demo
from tests.walks import step_of

from .browsers import Mode, open_browser
from .profile import rows_of, search_profile
from .walking import Plan, Walker

pytestmark = pytest.mark.browser

CONSULTATION = "internet-safer"
HALF_WAY = "page:report_barriers"
BOX = "report_easier"
BROWSERS: tuple[Literal["chromium", "firefox"], ...] = ("chromium", "firefox")

PLANTING = """<!doctype html><title>{title}</title><link rel="icon" href="data:,">
<script>localStorage.setItem('note', '{store}')</script>
<p>{cache}</p><input name="box" id="box">"""


@dataclass
class Left:
    """What people brought to a browser, and where in its profile it was found afterwards."""

    browser: Literal["chromium", "firefox"]
    planted: dict[str, Marked]
    brought: list[Anything] = field(default_factory=list)
    found: dict[str, set[str]] = field(default_factory=dict)
    history: list[tuple[str, str]] = field(default_factory=list)
    cookies: set[str] = field(default_factory=set)


@contextmanager
def planting(marks: dict[str, Marked]) -> Iterator[str]:
    """A site that keeps what Heard does not."""

    class Planting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PLANTING.format(**{name: mark.value for name, mark in marks.items()}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Cache-Control", "max-age=3600")
            self.send_header("Set-Cookie", f"note={marks['cookie'].value}; Max-Age=3600")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Planting)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/{marks['address'].value}"
    server.shutdown()
    server.server_close()
    thread.join()


def new_mark(name: str) -> Marked:
    return Marked(name, new_word())  # letters alone: digits would be asked about


def use(left: Left, folder: Path, site: Demo, code: str) -> None:
    """Plant, answer and exit, answer and close."""
    driver = open_browser(Mode(left.browser, javascript=True), folder, keeps_profile=True)
    try:
        with planting(left.planted) as address:
            walker = Walker(driver, site.base)
            walker.visit(address)
            walker.type("box", left.planted["typed"].value)
            for way in ("exit", "close"):
                driver.switch_to.new_window("tab")
                answer(left, walker, code, way)
                if way == "exit":
                    walker.follow("a.exit")
    finally:
        driver.quit()


def answer(left: Left, walker: Walker, code: str, way: str) -> None:
    """Answer up to a page with a box; send its words, come back to it, and type others."""
    sent, typing = new_mark(f"{way}: sent to the site"), new_mark(f"{way}: typed, never sent")
    walker.start(code, "en")
    walker.walk(Plan({}), until=HALF_WAY)
    walker.type(BOX, sent.value)
    walker.press("continue")
    walker.press("back")
    assert walker.value(BOX) == sent.value
    walker.type(BOX, typing.value)
    cookie = walker.driver.get_cookie("q")
    assert cookie
    left.brought += [sent, typing, Marked(f"{way}: the cookie", str(cookie["value"]))]


@pytest.fixture(
    scope="module", params=["chromium", pytest.param("firefox", marks=pytest.mark.thorough)]
)
def left(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    demo: Demo,
    site: Demo,
) -> Left:
    folder = tmp_path_factory.mktemp(request.param)
    names = ("title", "store", "cache", "cookie", "address", "typed")
    told = Left(request.param, {name: new_mark(f"planted: {name}") for name in names})
    use(told, folder, site, demo.codes(CONSULTATION)[0])
    told.found = search_profile(folder / "profile", [*told.planted.values(), *told.brought])
    told.cookies = {
        str(name)
        for pattern, select in (
            ("Cookies", "SELECT name FROM cookies"),
            ("cookies.sqlite", "SELECT name FROM moz_cookies"),
        )
        for (name,) in rows_of(folder, pattern, select)
    }
    told.history = [
        (str(address), str(title))
        for pattern, select in (
            ("History", "SELECT url, title FROM urls"),
            ("places.sqlite", "SELECT url, title FROM moz_places"),
        )
        for address, title in rows_of(folder, pattern, select)
        if str(address).startswith(site.base)
    ]
    return told


COOKIES = ("exit: the cookie", "close: the cookie")
PLACES = {
    "title": ("History", "places.sqlite"),
    "address": ("History", "places.sqlite"),
    "store": ("Local Storage", "/ls/"),
    "cache": ("Cache_Data", "cache2"),
    "typed": ("Sessions", "sessionstore"),
}
"""Of each planted mark: where Chromium and Firefox keep it."""


@pytest.mark.parametrize("what", PLACES)
def test_the_search_sees_every_kind_of_place(left: Left, what: str) -> None:
    place = PLACES[what][BROWSERS.index(left.browser)]
    assert any(place in path for path in left.found[f"planted: {what}"]), left.found
    assert "note" in left.cookies


@pytest.mark.requirement("R9", "R42", "R88")
def test_no_word_and_no_page_is_on_the_disk(left: Left) -> None:
    """Neither of the one who exited nor of the one who closed the browser in the middle."""
    for name in left.found:
        assert name.startswith("planted") or name in COOKIES, (name, left.found[name])


@pytest.mark.requirement("R41")
def test_a_cookie_is_in_the_session_to_open_again_at_most_and_after_exit_opens_nothing(
    left: Left, site: Demo
) -> None:
    """Firefox keeps the cookies of a session with it, and the session before that as a copy.

    Chromium encrypts the values in its database of cookies, so there the name alone is seen.
    """
    for path in {path for name in COOKIES for path in left.found.get(name, ())}:
        assert left.browser == "firefox"
        assert "sessionstore" in path
    opened = {}
    for mark in left.brought:
        if mark.name in COOKIES:
            somebody = Person(site.base)
            somebody.cookies["q"] = str(mark.value)
            opened[mark.name] = step_of(somebody.open("/page/1"))
    assert opened == {"exit: the cookie": "", "close: the cookie": "about"}


@pytest.mark.requirement("R1", "R9")
def test_history_keeps_neutral_addresses_and_neutral_titles(
    left: Left, demo: Demo, site: Demo
) -> None:
    """Which is why nobody is told that no trace is left."""
    code = demo.codes(CONSULTATION)[0]
    addresses = {address.removeprefix(site.base) for address, _ in left.history}
    assert len(addresses) > 4
    for address in addresses:
        assert re.fullmatch(rf"/({code})?(\?language=en)?|/page/\d+|/leave", address), address
    assert {title for _, title in left.history} <= {"Questions", "Weather", "", "None"}
