"""The Dockerfile and what is beside it, by rules: nothing here can build an image."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from app.commands import main
from config import KNOWN_NAMES
from tests.server import ROOT

from .front import DEPLOY

TEXT = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
LINES = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE)).splitlines()
STEPS = [line.split(maxsplit=1) for line in LINES if line]
LAST = STEPS[max(n for n, (step, _rest) in enumerate(STEPS) if step == "FROM") :]
"""The image that is left in the end."""


def test_a_linter_finds_nothing() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    told = subprocess.run(
        [hadolint, "--strict-labels", "--failure-threshold", "style", DEPLOY / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stdout) == (0, "")


def test_what_is_needed_to_build_is_not_in_the_image() -> None:
    bases = [rest for step, rest in STEPS if step == "FROM"]

    assert len(bases) == 2
    for base in bases:  # one Debian, one Python, and no registry by name
        assert re.fullmatch(r"python:3\.11-slim-bookworm( AS build)?", base)
    assert not any(step == "ADD" for step, _rest in STEPS)
    assert [rest for step, rest in LAST if step == "COPY"] == ["--from=build /opt/heard /opt/heard"]


def test_it_runs_as_nobody_in_particular_and_is_looked_after() -> None:
    said = {step: rest for step, rest in LAST}

    assert said["USER"] == "10001:10001"
    assert "--uid 10001" in said["RUN"]
    assert "/healthz" in said["HEALTHCHECK"]
    assert said["STOPSIGNAL"] == "SIGTERM"  # what gunicorn takes for: answer, then stop
    names = set(re.findall(r"HEARD_\w+", said["ENV"]))
    assert names < set(KNOWN_NAMES)
    assert not {"HEARD_SECRET_KEY", "HEARD_PASSPHRASE"} & names
    assert '"serve"' in said["CMD"]
    assert main.get_command(None, "serve")  # type: ignore[arg-type]


def test_only_what_the_server_needs_goes_in() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    taken = [line[1:] for line in rules if line.startswith("!")]

    assert rules[0] == "*"
    assert all((ROOT / name).exists() for name in taken)
    assert not {".git", "instance", "tests", "deploy"} & set(taken)
    assert "requirements.lock" in taken


def test_the_container_writes_nowhere_but_to_its_folder() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    heard: dict[str, Any] = YAML(typ="safe").load(text)["services"]["heard"]

    assert heard["read_only"] is True
    assert heard["cap_drop"] == ["ALL"]
    assert heard["security_opt"] == ["no-new-privileges:true"]
    assert heard["volumes"] == ["heard:/data"]
    assert heard["ports"] == ["127.0.0.1:8000:8000"]  # nobody but the web server in front
    assert heard["mem_limit"] == heard["memswap_limit"]
    assert heard["ulimits"]["core"] == 0
    assert (ROOT / heard["build"]["dockerfile"]).exists()
