"""How a run of tests ended is known by the names that pytest gives them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from .plugin import OUTCOMES
from .proofs import cases_of
from .table import ROOT

CASES = """
import pytest

@pytest.mark.parametrize("address", ["ama@example.org", "nothing"])
def test_r72_a_case_with_an_address(address):
    assert "@" in address
"""


def test_each_case_is_known_by_its_whole_name(tmp_path: Path) -> None:
    (tmp_path / "test_cases.py").write_text(CASES, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        "from tests.requirements.plugin import register as pytest_configure\n", encoding="utf-8"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    written = tmp_path / ".pytest_cache" / "v" / OUTCOMES
    outcomes: dict[str, str] = json.loads(written.read_text(encoding="utf-8"))
    name = "test_cases.py::test_r72_a_case_with_an_address"
    assert outcomes == {f"{name}[ama@example.org]": "passed", f"{name}[nothing]": "failed"}
    assert len(cases_of(name, outcomes)) == len(outcomes)
