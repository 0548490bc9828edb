"""The command line, `heard`: one file a group of commands, read only when it is called."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "cards": "paper:cards",
    "check": "checking:check",
    "db": "database:db",
    "code": "coding:code",
    "deletions": "retention:deletions",
    "demo": "running:demo",
    "doctor": "doctor:doctor",
    "end": "opening:end",
    "export": "bundles:export",
    "export-form": "forms:export_form",
    "import": "forms:import_form",
    "keys": "keys:keys",
    "new": "new:new",
    "outcomes": "outcomes:outcomes",
    "pause": "opening:pause",
    "poster": "paper:poster",
    "preview": "preview:preview",
    "print": "paper:print_form",
    "report": "report:report",
    "rewrap": "rewrap:rewrap",
    "schema": "schema:schema",
    "serve": "running:serve",
    "start": "opening:start",
    "status": "opening:status",
    "sweep": "database:sweep",
    "translations": "translations:translations",
    "unseal": "bundles:unseal",
    "verify": "bundles:verify",
}
"""Where each command stands: the module in this room, and its name there."""


class Commands(click.Group):
    """A group that imports a command's module only when that command is asked for.

    Checking a file needs neither the web nor the keys, and should not wait for them.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with this name; None when there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="heard")
def main() -> None:
    """Anonymous, trauma-informed consultations: nobody at the server can read an answer."""
