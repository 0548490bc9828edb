"""Each dependency has a reason, a pinned version and its hashes, and nothing names a registry."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from .__main__ import findings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "dependencies.md"
FUZZ = ROOT / "tests" / "fuzz" / "requirements.lock"
LOCKS = [*sorted(ROOT.glob("requirements*.lock")), FUZZ]
RUNTIME = ROOT / "requirements.lock"
REGISTRY = re.compile(
    r"--(extra-)?index-url|--find-links|registry\.|pypi\.org|\"resolved\"", re.IGNORECASE
)
NAME = re.compile(r"^[A-Za-z0-9_.-]+")


def declared() -> dict[str, list[str]]:
    """The direct dependencies, by group."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = {"runtime": project["dependencies"], **project["optional-dependencies"]}
    return {
        group: [match[0].lower() for one in wanted if (match := NAME.match(one))]
        for group, wanted in groups.items()
    }


@pytest.mark.parametrize("group", sorted(declared()))
def test_each_dependency_says_why_it_is_there(group: str) -> None:
    explained = set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))

    assert set(declared()[group]) - explained == set()


def test_nothing_is_explained_that_is_gone() -> None:
    explained = set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))

    assert explained - {name for names in declared().values() for name in names} == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_each_version_is_pinned_with_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]

    assert len(entries) > 20 or lock == FUZZ
    loose = [entry.split()[0] for entry in entries if "==" not in entry or "sha256:" not in entry]
    assert loose == []


@pytest.mark.parametrize(
    "path",
    [*LOCKS, ROOT / "tests" / "sealing" / "second" / "package-lock.json", ROOT / "Makefile"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_file_names_a_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert (
        re.search(r"--(extra-)?index-url|--find-links|registry\.|pypi\.org|\"resolved\"", text)
        is None
    )


def test_an_advisory_is_told_with_its_remedy() -> None:
    packages: list[dict[str, Any]] = [
        {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]},
        {"name": "b", "skip_reason": "away"},
        {"name": "c", "version": "3", "vulns": []},
    ]

    assert findings(packages) == [
        "a 1: PYSEC-1, mended in 2",
        "b: could not be asked about",
    ]


def test_the_list_for_others_names_every_pinned_package(tmp_path: Path) -> None:
    written = tmp_path / "sbom.json"

    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(RUNTIME)]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "-o", str(written)]
    subprocess.run(command, check=True, capture_output=True)

    components = json.loads(written.read_text())["components"]
    pinned = re.findall(r"^([\w.-]+)==(\S+)", RUNTIME.read_text(), re.MULTILINE)
    assert {(c["name"], c["version"]) for c in components} >= set(pinned)
