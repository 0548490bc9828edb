"""`heard status --watch`: in place at a terminal, line by line elsewhere, until Ctrl+C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from app.commands import main
from tests.server import ROOT
from tests.terminal import Terminal

NOTHING = "No consultation was started yet."


def environment(folder: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    return {
        **clean,
        "PYTHONPATH": str(ROOT),
        "HEARD_INSTANCE": str(folder / "instance"),
        "HEARD_DRAFTS_URL": f"sqlite:///{folder / 'drafts.sqlite3'}",
    }


def test_at_a_terminal_it_stays_in_place_and_ctrl_c_is_no_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.commands", "status", "--watch", "1"]
    with Terminal(command, environment(tmp_path)) as terminal:
        for _ in range(2):
            terminal.sees(NOTHING)
        terminal.presses_ctrl_c()
        assert terminal.ends() == 0


def test_without_a_terminal_it_prints_lines(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.commands", "status", "--json", "--watch", "1"]
    with subprocess.Popen(
        command, env=environment(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout
        seen = [watching.stdout.readline() for _ in range(2)]
        watching.send_signal(signal.SIGINT)
        rest = watching.stdout.read()

    assert (seen, rest.strip(), watching.returncode) == (["[]\n", "[]\n"], "", 0)


def test_seconds_that_are_none_are_refused(tmp_path: Path) -> None:
    refused = CliRunner().invoke(main, ["status", "--watch", "0", "--instance", str(tmp_path)])

    assert refused.exit_code == 2
