"""`heard preview`: the real journey, following the file, keeping nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.definitions import BRANCHING
from tests.person import Person
from tests.server import ROOT, free_port

MEMORY = Path("/dev/shm")  # noqa: S108 - only looked at


@dataclass
class Running:
    """A preview process and the file that it follows."""

    base: str
    file: Path
    process: subprocess.Popen[bytes]

    def state(self) -> dict[str, object]:
        with urllib.request.urlopen(f"{self.base}/preview/state", timeout=10) as answer:  # noqa: S310
            state: dict[str, object] = json.load(answer)
            return state

    def save(self, text: str) -> dict[str, object]:
        """Save the file as an editor does, and wait until the preview has seen it."""
        before = self.state()["changes"]
        self.file.write_text(text, encoding="utf-8")
        for _ in range(100):
            state = self.state()
            if state["changes"] != before:
                return state
            time.sleep(0.05)
        raise AssertionError("the preview did not see the change")


def previews() -> set[Path]:
    return set(MEMORY.glob("heard-preview-*"))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    shutil.copytree(ROOT / "surveys" / "support", tmp_path / "support")
    file = tmp_path / "small.yaml"
    file.write_text(BRANCHING, encoding="utf-8")
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HEARD_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.commands", "preview", str(file), "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    running = Running(f"http://127.0.0.1:{port}", file, process)
    try:
        for _ in range(600):
            try:
                running.state()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield running
    finally:
        process.terminate()
        process.wait(20)


def test_any_page_in_any_language_at_once(running: Running) -> None:
    person = Person(running.base)
    steps = running.state()["steps"]
    assert isinstance(steps, list)
    assert "page:rain" in steps  # behind a branch
    assert "warning:thunder" in steps
    assert steps.pop() == "results"
    for step in steps:
        person.open(f"/preview/go?step={step}&language=en")
        assert dict(person.seen.form.fields)["step"] == step


def test_what_came_of_the_answers_can_be_seen_before_it_is_told(running: Running) -> None:
    person = Person(running.base)
    told = "outcomes:\n  - {heard: It rains, state: sent, change: Roofs, by: 2099-01-01}\n"
    draft = "  - {heard: It will snow, state: draft}\n"

    running.save(BRANCHING + told + draft)
    page = person.open("/preview/go?step=results&language=en")

    assert page.status == 200
    assert "It rains" in page.words
    assert "It will snow" not in page.words


def test_a_save_is_followed_and_findings_name_the_line(running: Running) -> None:
    person = Person(running.base)
    changed = running.save(BRANCHING.replace("Do you like rain?", "Do you like snow?"))
    assert isinstance(changed["findings"], list)
    assert all(finding["rule"] and finding["place"] for finding in changed["findings"])
    person.open("/preview/go?step=page:start&language=en")
    assert "Do you like snow?" in person.seen.words


def test_a_half_done_language_is_shown_and_told(running: Running) -> None:  # R75
    person = Person(running.base)
    half_done = BRANCHING.replace("[en]", "[en, fr]")
    half_done = half_done.replace("Do you like rain?", "{en: Do you like rain?, fr: Aimes-tu ça ?}")
    findings = running.save(half_done)["findings"]
    assert isinstance(findings, list)
    assert {f["level"] for f in findings if f["rule"] == "incomplete-language"} == {"gate"}
    page = person.open("/preview/go?step=page:start&language=fr")
    assert page.headers["Content-Language"] == "fr"
    assert "Aimes-tu ça ?" in person.seen.words
    assert "Yes" in person.seen.words


def test_a_broken_file_keeps_the_last_good_page(running: Running) -> None:
    person = Person(running.base)
    broken = running.save(BRANCHING.replace("type: select_one", "type: select_on", 1))
    findings = broken["findings"]
    assert isinstance(findings, list)
    assert any("select_on" in finding["message"] for finding in findings)
    person.open("/preview/go?step=page:start&language=en")
    assert "Do you like rain?" in person.seen.words


def test_only_the_preview_may_frame_the_journey(running: Running) -> None:
    page = Person(running.base).open("/preview/go?step=page:start")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] is None


def test_nothing_is_kept(running: Running) -> None:
    mine = previews()
    person = Person(running.base)
    person.open("/preview/go?step=page:end&language=en")
    person.press("continue")
    person.press("send")
    assert person.seen.path == "/sent"
    running.process.terminate()
    running.process.wait(20)
    assert len(previews()) < len(mine)
    assert sorted(path.name for path in running.file.parent.iterdir()) == ["small.yaml", "support"]


def test_a_file_that_is_not_there_is_said_kindly(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.commands", "preview", str(tmp_path / "none.yaml")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "heard new" in done.stderr
