"""Rules for every test of the project."""

from __future__ import annotations

import gc
import shutil
import signal
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import disk
from tests.in_turn import take_turns
from tests.place import Place, sample_surveys
from tests.requirements.plugin import register
from tests.scheduling import KeepTogether, how_soon
from tests.server import running_demo

NEEDS_SHARED = "needs ../shared"
"""The one reason for which a test may be skipped: forms that this repository may not copy."""


# A busy machine is no finding: a property is wrong or right, not slow.
settings.register_profile("heard", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("heard")


def pytest_configure(config: pytest.Config) -> None:
    """Know which requirement each test proves, and let what tests start hear Ctrl+C."""
    register(config)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What thousands of tests are made of stays until the end: nobody looks whether it is waste."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make soak` what each change does not need; begin with what takes longest."""
    take_turns(items)
    items.sort(key=lambda item: how_soon(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> KeepTogether:
    """Share out the tests of a run with several processes."""
    return KeepTogether(config, log)


def pytest_report_header() -> list[str]:
    """Say what is not here, and which tests are therefore not, or another way."""
    said = [] if disk.ways() else [disk.PLAYED]
    if shutil.which("node") and shutil.which("npm"):
        return said
    return [*said, "Node is not here: no envelope crosses to the second implementation."]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Nothing is skipped silently: a missing browser or database is a failure."""
    report = yield
    if report.skipped and NEEDS_SHARED not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed here: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One real server with two samples, for every test that leaves it as it found it."""
    folder = tmp_path_factory.mktemp("place")
    with running_demo(folder, surveys=sample_surveys(folder)) as demo:
        yield Place(demo)
