"""`heard keys`: researchers' keys, made and looked at on a researcher's own computer."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from pathlib import Path

import click

from app.commands.passphrase import passphrase_file_option, read_passphrase, refuse_weak
from app.commands.refusal import Refusal
from app.sealing import (
    KeyFileError,
    describe_key_file,
    free_pair_paths,
    read_key_file,
    write_key_pair,
)


@click.group()
def keys() -> None:
    """Make and look at researchers' keys."""


@keys.command()
@click.option(
    "--name", default="researcher", show_default=True, help="Whose key it is, and the files' name."
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder for the two files.  [default: this one]",
)
@passphrase_file_option
def new(name: str, folder: Path, passphrase_file: Path | None) -> None:
    """Make a key: NAME.key to keep, NAME.pub to give away.

    Do this on the computer on which the answers will be opened, never on the server.
    """
    try:
        free_pair_paths(folder, name)
        passphrase = read_passphrase(passphrase_file, twice=True)
        refuse_weak(passphrase)
        private_path, public_path = write_key_pair(folder, name, passphrase)
        made = describe_key_file(read_key_file(public_path))
    except KeyFileError as error:
        raise Refusal(str(error)) from None
    click.echo(
        f"""\
The key is made, and it has opened a test seal.

Private key   {private_path}
Public key    {public_path}
Fingerprint   {made.fingerprint}

What to do next
1. Keep {private_path.name} off the server. Make one copy and lock it away. If this file or its
   passphrase is lost, the answers sealed to it alone can never be opened.
2. Give {public_path.name} to the facilitator. It is not secret.
3. Read the fingerprint to the facilitator by telephone. They should see the same one with
   heard keys show {shlex.quote(public_path.name)}"""
    )


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(file: Path, as_json: bool) -> None:
    """Show whose key FILE holds, and its fingerprint.

    FILE is a .pub or a .key file. No passphrase is needed.
    """
    try:
        summary = describe_key_file(read_key_file(file))
    except KeyFileError as error:
        raise Refusal(str(error)) from None
    if as_json:
        click.echo(json.dumps(asdict(summary), ensure_ascii=False))
        return
    kind = "Public key" if summary.kind == "public" else "Private key"
    click.echo(f"{kind}\nName          {summary.name}\nFingerprint   {summary.fingerprint}")
    if summary.kind == "private":
        click.echo("Keep this file off the server.")
