"""The command line, `heard`: one file a group of commands."""

from __future__ import annotations

import click

from .bundles import export, unseal, verify
from .database import db, sweep
from .keys import keys
from .opening import end, pause, start, status
from .running import demo, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="heard")
def main() -> None:
    """Anonymous, trauma-informed consultations: nobody at the server can read an answer."""


for command in (db, demo, end, export, keys, pause, serve, start, status, sweep, unseal, verify):
    main.add_command(command)
