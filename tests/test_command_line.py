"""The command line as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from app.commands import COMMANDS, WHAT_FOR, main


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
    """The list of commands, which reads none of them, says the same as each of them."""
    assert list(WHAT_FOR) == sorted(COMMANDS)
    for name, command in all_commands().items():
        assert command is not None, name
        assert command.get_short_help_str(limit=1000) == WHAT_FOR[name]


def test_the_list_of_commands_is_the_one_of_click() -> None:
    commands = {name: command for name, command in all_commands().items() if command is not None}

    def listed(group: click.Group) -> str:
        formatter = click.HelpFormatter(width=80)
        group.format_commands(click.Context(group), formatter)
        return formatter.getvalue()

    assert listed(main) == listed(click.Group(commands=commands))


@pytest.mark.parametrize(
    ("arguments", "left_alone"),
    [
        (["--help"], {"numpy", "scipy", "polars", "flask", "gunicorn", "sqlalchemy", "pydantic"}),
        (["status"], {"numpy", "scipy", "polars", "flask", "gunicorn"}),
    ],
)
def test_what_is_asked_often_does_not_wait_for_what_it_does_not_need(
    tmp_path: Path, arguments: list[str], left_alone: set[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "app.commands", *arguments],
        env={**os.environ, "HEARD_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    read = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}

    assert "click" in read
    assert read & left_alone == set()


def test_wrong_use_has_exit_status_2_and_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.commands", "strat"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert "Traceback" not in done.stderr
