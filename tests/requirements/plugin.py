"""Keeps how the last run of each test ended, for the table of requirements."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .numbers import MARKER, numbers_of

OUTCOMES = "heard/outcomes"
WRITE_TO = "HEARD_TESTS_REQUIREMENTS"
"""Set by `make requirements`: the file for the numbers of every collected test."""


class Requirements:
    """Collects numbers while tests are collected, outcomes while they run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.outcomes: dict[str, str] = {}

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        """Refuse a number that nobody knows; write the numbers down when asked to."""
        numbers = {item.nodeid: numbers_of(item) for item in items}
        yield
        if WRITE_TO in os.environ:
            run = {item.nodeid: numbers[item.nodeid] for item in items}
            Path(os.environ[WRITE_TO]).write_text(json.dumps(run), encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the worst of set-up, test and clean-up."""
        says_something = report.when == "call" or report.outcome != "passed"
        if says_something and self.outcomes.get(report.nodeid) != "failed":
            self.outcomes[report.nodeid] = report.outcome

    def pytest_sessionfinish(self) -> None:
        """Add what ran now to what ran before; only where the workers' reports come together."""
        if (
            hasattr(self.config, "workerinput")
            or not self.outcomes
            or not hasattr(self.config, "cache")
        ):
            return
        before = self.config.cache.get(OUTCOMES, {})
        self.config.cache.set(OUTCOMES, {**before, **self.outcomes})


def register(config: pytest.Config) -> None:
    """Add the marker and the collector to a run of pytest."""
    config.addinivalue_line("markers", f"{MARKER}(*numbers): the requirements that a test proves")
    config.pluginmanager.register(Requirements(config))
