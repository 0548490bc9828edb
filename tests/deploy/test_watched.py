"""The file for a watching program, as a real server with several processes writes it."""

from __future__ import annotations

import stat
import time
from pathlib import Path

from tests.numbers import read
from tests.person import Person
from tests.server import START_SECONDS, Demo

MANY = 60


def requests(path: Path) -> float:
    """How many requests are told of by now."""
    return (
        read(path.read_text(encoding="utf-8"))["heard_requests_total|2xx"] if path.exists() else 0
    )


def test_all_processes_are_in_one_file_and_nothing_of_a_person(demo: Demo) -> None:
    path, code = Path(demo.env["HEARD_METRICS"]), demo.codes("small")[0]
    deadline = time.monotonic() + START_SECONDS
    before = requests(path)
    while requests(path) < before + MANY:
        assert time.monotonic() < deadline
        for _ in range(MANY // 2):
            Person(demo.base).open(f"/{code}")

    text = path.read_text(encoding="utf-8")
    assert read(text)["heard_memory_bytes"] > 0
    assert read(text)["heard_request_seconds_bucket|+Inf"] >= MANY
    assert code not in text
    assert "small" not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    kept = [each.name for each in path.parent.iterdir() if not each.name.startswith(".")]
    assert kept == ["heard.prom"]
