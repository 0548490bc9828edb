"""Browsers, a server and a neutral site, once for each test process; nothing is shared between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from app.storage import open_storage
from tests.in_turn import take_every_other, take_turns_by
from tests.person import Person
from tests.relay import https_relay
from tests.server import Demo, running_demo, running_serve

from .browsers import Mode, open_browser
from .leaving import CONSULTATION, Draft, Ground, answer_everything
from .neutral import NeutralSite, neutral_site
from .opened import write_consultations
from .secret_words import found_in, secret_words
from .stories import sample
from .walking import Walker

Browsers = Callable[[Mode], WebDriver]
EVERY_OTHER = [
    Path(__file__).with_name(f"test_{name}.py")
    for name in (
        *("easy_read", "choices", "identifying_text", "group_session", "exit_by_shift"),
        *("back_and_forward", "told_at_once"),
    )
]
"""Files with many tests of one part of the site, half of which each change runs."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each browser have its turn."""
    take_turns_by(items, Mode, of_it=["secure"])
    take_every_other(items, EVERY_OTHER)


@pytest.fixture(scope="session")
def neutral() -> Iterator[NeutralSite]:
    """The site that exit leads to."""
    with neutral_site() as site:
        yield site


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, neutral: NeutralSite) -> Iterator[Demo]:
    """`heard demo`, with the two consultations that are answered here, and one with outcomes."""
    folder = tmp_path_factory.mktemp("demo")
    surveys = write_consultations(folder)
    with running_demo(folder, surveys=surveys, exit_to=neutral.address) as running:
        yield running


@pytest.fixture(scope="session")
def site(demo: Demo) -> Iterator[Demo]:
    """`heard serve` on the same instance: the site as people meet it, without a list of samples."""
    with running_serve(demo) as serving:
        yield serving


@pytest.fixture(scope="session")
def secure_site(demo: Demo, neutral: NeutralSite) -> Iterator[Demo]:
    """The same over HTTPS, a neutral site over HTTPS included."""
    with ExitStack() as open_now:
        weather = open_now.enter_context(https_relay(urlsplit(neutral.address).port or 0))
        settings = {"HEARD_HTTPS": "on", "HEARD_EXIT_TO": f"https://localhost:{weather}/"}
        serving = open_now.enter_context(running_serve(demo, settings))
        port = open_now.enter_context(https_relay(urlsplit(serving.base).port or 0))
        yield replace(serving, base=f"https://127.0.0.1:{port}")


@pytest.fixture(scope="session")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    """Gives a browser of each mode, started when it is first asked for."""
    opened: dict[Mode, WebDriver] = {}

    def browser(mode: Mode) -> WebDriver:
        if mode not in opened:
            opened[mode] = open_browser(mode, tmp_path_factory.mktemp(str(mode)))
        return opened[mode]

    yield browser
    for driver in opened.values():
        driver.quit()


@pytest.fixture
def walker(browsers: Browsers) -> Callable[[Mode, Demo], Walker]:
    """Gives a person at a fresh tab without cookies, for a mode and a server."""

    def at(mode: Mode, server: Demo) -> Walker:
        person = Walker(browsers(mode), server.base)
        person.fresh_tab()
        return person

    return at


# --- for tests of exit ---

ENOUGH = 200
"""Texts of the consultation that are looked for; far fewer would mean that the list is wrong."""


@pytest.fixture(scope="session")
def draft(demo: Demo, site: Demo) -> Iterator[Draft]:
    """Every question answered, with marked words wherever there is a box."""
    code = demo.codes(CONSULTATION)[0]
    person, addresses = answer_everything(site.base, code)
    urls = f"sqlite:///{site.instance / 'heard.sqlite3'}", site.env["HEARD_DRAFTS_URL"]
    storage = open_storage(*urls)
    found = Draft(code, person.cookies["q"], addresses, storage, b"")
    ciphertext = storage.read_draft(found.id)
    assert ciphertext
    yield replace(found, ciphertext=ciphertext)
    storage.close()


@pytest.fixture(scope="session")
def secrets(site: Demo) -> list[str]:
    """All but what the neutral front page says by itself, in any language."""
    definition = sample(CONSULTATION)
    words = secret_words(definition)
    for language in definition.languages:
        front_page = Person(site.base).open(f"/?language={language}").body
        words = [word for word in words if word not in found_in(front_page, words)]
    assert len(words) > ENOUGH
    return words


@pytest.fixture(scope="session")
def sites(site: Demo, secure_site: Demo) -> dict[bool, Demo]:
    """The same site over HTTP, and over HTTPS (True)."""
    return {False: site, True: secure_site}


@pytest.fixture
def ground(
    browsers: Browsers,
    sites: dict[bool, Demo],
    neutral: NeutralSite,
    draft: Draft,
    secrets: list[str],
) -> Ground:
    """Two sites, a way out, a draft to lose, and words that must not be seen."""
    return Ground(browsers, sites, neutral, draft, secrets)
