"""Browsers, a server and a neutral site, once for each test process; nothing is shared between."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.person import Person
from tests.server import ROOT, Demo, free_port, running_demo

from .browsers import Mode, open_browser
from .every_kind import write_every_kind
from .neutral import NeutralSite, neutral_site
from .tour import TOLD
from .walking import Walker, wait_until

SAMPLES = ("internet-safer", "survivors-perspectives", "children-know-better")
Browsers = Callable[[Mode], WebDriver]


@pytest.fixture(scope="session")
def neutral() -> Iterator[NeutralSite]:
    """The site that exit leads to."""
    with neutral_site() as site:
        yield site


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, neutral: NeutralSite) -> Iterator[Demo]:
    """`heard demo`, with the two consultations that are answered here, and one with outcomes."""
    folder = tmp_path_factory.mktemp("demo")
    surveys = folder / "surveys"
    shutil.copytree(ROOT / "surveys" / "support", surveys / "support")
    for name in (*SAMPLES, TOLD):
        shutil.copy(ROOT / "surveys" / f"{name}.yaml", surveys)
    write_every_kind(surveys)
    with running_demo(folder, surveys=surveys, exit_to=neutral.address) as running:
        yield running


@pytest.fixture(scope="session")
def site(demo: Demo) -> Iterator[Demo]:
    """`heard serve` on the same instance: the site as people meet it, without a list of samples."""
    port = free_port()
    with (demo.output.parent / "serve.txt").open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.commands", "serve", "--port", str(port)],
            cwd=ROOT,
            env=demo.env,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    serving = replace(demo, base=f"http://127.0.0.1:{port}", process=process)
    try:
        wait_until(lambda: _answers(serving.base), lambda: "heard serve does not answer")
        yield serving
    finally:
        serving.stop()


def _answers(base: str) -> bool:
    try:
        return Person(base).open("/healthz").status == HTTPStatus.OK
    except OSError:
        return False


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
