"""Pages for what goes wrong are for everybody too (R81, R83, R84)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader
from werkzeug.serving import make_server

from app.factory import make_app
from app.respond import open_to
from app.storage import upgrade
from app.web.errors import SENTENCES
from config import Config
from tests.server import ROOT, Demo

from .axe import axe_source, violations
from .browsers import Mode
from .inspection import faults
from .screens import show_at
from .walking import Walker

pytestmark = pytest.mark.browser

At = Callable[[Mode, Demo], Walker]

CHROMIUM = Mode("chromium", javascript=True)
NEVER_SAID = ("invalid", "failed", "error", "required", "must", "wrong answer")


def _serve(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _app(folder: Path) -> Flask:
    """The real application, with one more address that ends in whatever error is asked for."""
    database, drafts = f"sqlite:///{folder}/heard.sqlite3", f"sqlite:///{folder}/drafts.sqlite3"
    upgrade(database, drafts)
    app = make_app(Config(folder, database, drafts, ROOT / "surveys", "a key of no secret"))

    @app.get("/broken/<int:status>")
    @open_to("anyone")
    def broken(status: int) -> ResponseReturnValue:
        abort(status)

    return app


@pytest.fixture(scope="module")
def breaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose pages break on request."""
    yield from _serve(_app(tmp_path_factory.mktemp("breaking")))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same where even the templates are gone."""
    app = _app(tmp_path_factory.mktemp("bare"))
    app.jinja_env.loader = DictLoader({})
    yield from _serve(app)


@pytest.mark.parametrize("language", ["ar", pytest.param("en", marks=pytest.mark.thorough)])
def test_r81_r83_r84_every_error_page(walker: At, demo: Demo, breaking: str, language: str) -> None:
    person = walker(CHROMIUM, demo)
    lines = []
    for code in SENTENCES:
        show_at(person.driver, 1280)
        person.driver.get(f"{breaking}/broken/{code}?language={language}")
        assert person.one("html").get_dom_attribute("lang") == language
        words = person.one("main").text.casefold()
        lines += [f"{code}: says {word}" for word in NEVER_SAID if word in words]
        lines += [f"{code}: {fault}" for fault in faults(person)]
    assert not lines, "\n".join(lines)


def test_r81_the_page_where_nothing_else_works(walker: At, demo: Demo, bare: str) -> None:
    """It has no style sheet; it still has an exit, a heading and a way to support."""
    person = walker(CHROMIUM, demo)
    person.driver.get(f"{bare}/broken/500")
    assert person.one("h1").text == SENTENCES[500][0]
    assert person.one("a").get_attribute("href") == f"{bare}/leave"
    assert person.has("a[href='/support']")
    person.driver.execute_script(axe_source())
    assert not violations(person.driver)


def test_r81_r83_the_page_when_storage_is_away(walker: At, demo: Demo) -> None:
    """The words are still in it, and one button tries again."""
    person = walker(CHROMIUM, demo)
    person.start(demo.codes("internet-safer")[0], "en")
    kept, away = demo.drafts, demo.drafts.with_name("away")
    kept.rename(away)
    try:
        person.press("continue")
        assert person.has("main form button.button"), person.where()
        found = faults(person)
    finally:
        away.rename(kept)
    assert not found, "\n".join(found)
