"""The command line as a whole."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import click

from app.commands import main


def all_commands() -> dict[str, click.Command | None]:
    """Every command of `heard`, by name."""
    context = click.Context(main)
    return {name: main.get_command(context, name) for name in main.list_commands(context)}


def test_flask_has_the_same_commands() -> None:
    """Architecture: the same commands stand under `flask --app app`."""
    under_flask = {
        point.name: point.load()
        for point in entry_points(group="flask.commands")
        if point.value.startswith("app.commands.")
    }
    assert under_flask == all_commands()


def test_every_command_says_what_it_is_for() -> None:
    for name, command in all_commands().items():
        assert command is not None, name
        assert command.help, name


def test_wrong_use_has_exit_status_2_and_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.commands", "strat"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert "Traceback" not in done.stderr
