"""A small site with the real layout, components, style sheet and script, and a real browser."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, redirect, render_template_string, request
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver
from werkzeug.serving import make_server

from app.web.assets import init_assets
from app.web.headers import init_headers
from app.web.languages import init_languages

RESPOND = Path(__file__).parents[2] / "app" / "respond"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
PAGE = """{% extends "layout.html" %}{% block main %}
{{ m.form_start("token") }}
<h1>A question that nobody else should see</h1>
{{ m.text_box({"name": "words", "label": "Your words", "max_length": 10}, false) }}
{{ m.radio_list({"name": "choice", "label": "One of these",
   "choices": [{"value": "a", "label": "This"}, {"value": "b", "label": "That"}]}, false) }}
{{ m.step_buttons() }}
</form>{% endblock %}"""
CHOICES = [
    {"tag": "en", "name": "English", "direction": "ltr"},
    {"tag": "ar", "name": "العربية", "direction": "rtl"},
]


@dataclass
class SmallSite:
    """A question page, a neutral page, and an exit that a test can block."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    exit_blocked: bool = False

    def page(self, **variables: Any) -> str:
        return render_template_string(
            PAGE, form_id="step", languages=CHOICES, shortcut="no-shortcut" not in request.args
        )

    def count(self, line: str) -> int:
        return self.asked.count(line)


@pytest.fixture(scope="module")
def served() -> Iterator[SmallSite]:
    site = SmallSite()
    app = Flask("small", static_folder=None, template_folder=str(RESPOND / "templates"))
    init_headers(app)
    init_assets(app, RESPOND / "static")
    init_languages(app, RESPOND)

    def note() -> None:
        site.asked.append(f"{request.method} {request.path}")

    def leave() -> Any:
        # An answer without content leaves a browser on the page where it is.
        return ("", 204) if site.exit_blocked else redirect("/neutral", 303)

    def step() -> Any:
        if request.method == "GET":
            return site.page()
        time.sleep(0.5)
        return redirect("/page/2", 303)

    app.before_request(note)
    app.add_url_rule("/page/<int:number>", "page", lambda number: step(), methods=["GET", "POST"])
    app.add_url_rule("/leave", view_func=leave)
    app.add_url_rule("/neutral", "neutral", lambda: "<title>Weather</title>Sunny")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield site
    server.shutdown()
    thread.join()


@pytest.fixture
def site(served: SmallSite) -> SmallSite:
    served.asked.clear()
    served.exit_blocked = False
    return served


@pytest.fixture(scope="module")
def chromium() -> Iterator[WebDriver]:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    # A test looks at a page while the next one is on its way.
    options.page_load_strategy = "none"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        yield driver
        driver.quit()
