"""No crash writes a passphrase, a key or an answer to a disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import ROOT

CRASH = """
import ctypes, os, sys
from pathlib import Path
from app.commands.passphrase import read_passphrase
from app.commands.private_key import read_share
if sys.argv[1] == "a passphrase":
    read_passphrase(Path(sys.argv[2]))
elif sys.argv[1] == "a sheet of words":
    read_share(sys.argv[2], 1)
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
os.abort()
"""


def let_it_dump() -> None:
    """As large a core as the system allows."""
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


@pytest.mark.parametrize("what", ["a passphrase", "a sheet of words"])
def test_who_has_read_a_secret_leaves_no_core_and_is_open_to_nobody(
    tmp_path: Path, what: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("words that nobody else knows\n")

    crashed = subprocess.run(
        [sys.executable, "-c", CRASH, what, str(secret)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        preexec_fn=let_it_dump,
        check=False,
    )

    assert crashed.returncode == -signal.SIGABRT, crashed.stderr
    assert crashed.stdout == "0\n", "another program of the same user can read its memory"
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
