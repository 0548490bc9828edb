"""The command line, `heard`: one file a group of commands, read only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from .refusal import NotReady

COMMANDS: Final = {
    "backup": "backup:backup",
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
    "restore": "restore:restore",
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

WHAT_FOR: Final = {
    "backup": "Write all that was sent, with its consultations, to one encrypted file.",
    "cards": "Print small cards with a QR code, to cut out.",
    "check": "Say what is wrong with consultations, where, and what to write instead.",
    "code": "Sort what people wrote under themes, text by text, with warnings and pauses.",
    "db": "The databases.",
    "deletions": "List which bundles were exported, when answers are deleted, and "
    "the records of it.",
    "demo": "See it all: throw-away keys, the sample consultations opened, a "
    "server on this machine.",
    "doctor": "Look over this instance and its machine, or, with --url, a "
    "running site from outside.",
    "end": "Close a consultation for good; deletes what people kept for later.",
    "export": "Write the sealed responses of a consultation to one file, for its researchers.",
    "export-form": "Write the definition in FILE as an XLSForm (.xlsx) for ODK or KoboToolbox.",
    "import": "Write a definition from FORM, an XLSForm, and list what was not carried.",
    "keys": "Make and look at researchers' keys.",
    "new": "Write the first draft of a consultation into surveys/ID.yaml; asks what it needs.",
    "outcomes": "List what came of a consultation: what is due by when, and what is late.",
    "pause": "Stop a consultation at once; `heard start ID` opens it again.",
    "poster": "Print a poster with a QR code.",
    "preview": "Show the consultation in a file as people will see it; follows "
    "each save, keeps nothing.",
    "print": "Print the questions as a form to fill in with a pen.",
    "report": "Write a report of a data set: a page, a PDF, and the tables.",
    "restore": "Put a backup back into an empty instance or an empty database, or --check it.",
    "rewrap": "Seal the responses of a bundle to other keys, such as those of a new team.",
    "schema": "Write the consultation language as a JSON Schema for editors, or as a reference.",
    "serve": "Run the production server.",
    "start": "Open a consultation to people, or publish its next version.",
    "status": "Show each consultation: its state, its codes, and about how many responses.",
    "sweep": "Tidy the databases, and delete the answers whose day to be deleted "
    "(`delete_by`) has come.",
    "translations": "Give the texts of a consultation to a translator, and read them back.",
    "unseal": "Open bundles with your key and write a table and its codebook into a new folder.",
    "verify": "Check that a bundle is whole: nothing missing, nothing changed.",
}
"""The first sentence of each command's own help, so that `heard --help` reads none of them."""


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

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a database that fails it is told as every other hindrance is."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            # Read by a command that needs it, or not at all.
            failures = sys.modules.get("app.storage.failures")
            if failures is not None and isinstance(error, failures.StorageUnavailable):
                raise NotReady(str(error)) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands for the help, in the way of click, without reading one."""
        named = [click.Command(name, help=said) for name, said in WHAT_FOR.items()]
        click.Group(commands=named).format_commands(ctx, formatter)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="heard")
def main() -> None:
    """Anonymous, trauma-informed consultations: nobody at the server can read an answer."""
