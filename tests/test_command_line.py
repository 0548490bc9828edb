"""The command line as a whole."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

from app.commands import main


def test_flask_has_the_same_commands() -> None:
    """Architecture: the same commands stand under `flask --app app`."""
    under_flask = {
        point.name: point.load()
        for point in entry_points(group="flask.commands")
        if point.value.startswith("app.commands:")
    }
    assert under_flask == main.commands


def test_every_command_says_what_it_is_for() -> None:
    for name, command in main.commands.items():
        assert command.help, name


def test_wrong_use_has_exit_status_2_and_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.commands", "strat"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert "Traceback" not in done.stderr
