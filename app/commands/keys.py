"""`heard keys`: researchers' keys, made and looked at on a researcher's own computer."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import click

from app import paper
from app.commands.passphrase import passphrase_file_option, read_passphrase, refuse_weak
from app.commands.private_key import TYPED, read_share, shares_option
from app.commands.refusal import Refusal
from app.sealing import (
    KeyFileError,
    PrivateKey,
    change_passphrase,
    describe_key_file,
    free_pair_paths,
    join_shares,
    open_envelope,
    public_key_to_text,
    read_key_file,
    seal,
    split_key,
    unlock_private_key,
    write_key_pair,
    write_new_file,
)

Command = TypeVar("Command", bound=Callable[..., None])


@dataclass(frozen=True)
class Sharing:
    """Into how many sheets a key is split, how many open it, and as what they are written."""

    threshold: int
    shares: int
    kind: str


def sharing_options(*, needed: bool) -> Callable[[Command], Command]:
    """Into how many sheets a key is split, and how many of them open it together."""

    def add(command: Command) -> Command:
        shares = click.option(
            "--shares", type=int, required=needed, help="How many sheets, one a person."
        )
        threshold = click.option(
            "--threshold", type=int, required=needed, help="How many sheets open the key together."
        )
        kind = click.option(
            "--format",
            "kind",
            type=click.Choice(["pdf", "txt"]),
            default="pdf",
            show_default=True,
            help="Sheets to print, or as text.",
        )
        return threshold(shares(kind(command)))

    return add


output_folder = click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder for the files.  [default: this one]",
)


@click.group()
def keys() -> None:
    """Make and look at researchers' keys."""


@keys.command()
@click.option(
    "--name", default="researcher", show_default=True, help="Whose key it is, and the files' name."
)
@output_folder
@sharing_options(needed=False)
@passphrase_file_option
def new(
    name: str,
    folder: Path,
    *,
    threshold: int | None,
    shares: int | None,
    kind: str,
    passphrase_file: Path | None,
) -> None:
    """Make a key: NAME.key to keep, NAME.pub to give away.

    Do this on the computer on which the answers will be opened, never on the server. With
    --threshold and --shares nobody gets the whole key: sheets of words are written instead of
    NAME.key, one a person.
    """
    if (threshold is None) != (shares is None):
        raise click.UsageError("--threshold and --shares go together.")
    try:
        free_pair_paths(folder, name)
        if threshold is not None and shares is not None:
            _new_in_sheets(name, folder, Sharing(threshold, shares, kind))
            return
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


def _new_in_sheets(name: str, folder: Path, sharing: Sharing) -> None:
    """Make a key that is never written whole."""
    key = PrivateKey.generate()
    made = _write_sheets(key, name, folder, sharing)
    public = key.public_key(name)
    path = folder / f"{name}.pub"
    try:
        write_new_file(path, public_key_to_text(public).encode(), secret=False)
    except KeyFileError:
        for sheet in made:
            sheet.unlink(missing_ok=True)
        raise
    click.echo(
        "The key is made, and its sheets have opened a test seal.\n\n"
        f"Public key    {path}\nFingerprint   {public.fingerprint}"
    )
    _say_sheets(made, sharing.threshold)


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
@sharing_options(needed=True)
@output_folder
@passphrase_file_option
def split(
    file: Path,
    folder: Path,
    *,
    threshold: int,
    shares: int,
    kind: str,
    passphrase_file: Path | None,
) -> None:
    """Split the private key FILE into sheets of words, of which some together open it.

    FILE stays as it is: delete it and its copies when every sheet has been tried with
    heard keys join.
    """
    try:
        text = read_key_file(file)
        key = unlock_private_key(text, read_passphrase(passphrase_file))
        name = describe_key_file(text).name
        made = _write_sheets(key, name, folder, Sharing(threshold, shares, kind))
    except KeyFileError as error:
        raise Refusal(str(error)) from None
    click.echo("The key is split, and its sheets have opened a test seal.")
    _say_sheets(made, threshold)
    click.echo(f"4. {file} still opens everything alone. Delete it and every copy of it.")


def _write_sheets(key: PrivateKey, name: str, folder: Path, sharing: Sharing) -> list[Path]:
    """Write one file a sheet, which only its owner can read, after sheets opened a test seal."""
    words = split_key(key, sharing.threshold, sharing.shares)
    public = key.public_key(name)
    envelope = seal(b"", "test-seal", [public])
    open_envelope(envelope, "test-seal", join_shares(words[-sharing.threshold :]))
    sheets = paper.KeySheets(name, public.fingerprint, sharing.threshold, words)
    made: list[Path] = []
    try:
        for place in range(1, sharing.shares + 1):
            content = (
                paper.print_key_sheet(sheets, place)
                if sharing.kind == "pdf"
                else paper.text_of_key_sheet(sheets, place).encode()
            )
            path = folder / f"{name}-sheet-{place}-of-{sharing.shares}.{sharing.kind}"
            write_new_file(path, content, secret=True)
            made.append(path)
    except (KeyFileError, paper.Unprintable) as error:
        for path in made:
            path.unlink(missing_ok=True)
        raise KeyFileError(str(error)) from None
    return made


def _say_sheets(made: list[Path], threshold: int) -> None:
    click.echo("".join(f"Sheet         {path}\n" for path in made))
    click.echo(
        f"""\
What to do next
1. Print each sheet and give it to one person, by hand. Any {threshold} of them open the answers.
2. Try them, a few at a time, until each has been used: heard keys join --share - (once a sheet).
3. Delete the files of the sheets, and empty the printer's memory if it keeps what it printed."""
    )


@keys.command()
@shares_option
def join(shares: tuple[str, ...]) -> None:
    """Prove that sheets of words open a key together, and show its fingerprint.

    Nothing is written: heard unseal takes the same sheets. Without --share, the words are typed.
    """
    given = shares or _as_many_as_needed()
    try:
        key = join_shares([read_share(share, number) for number, share in enumerate(given, 1)])
        public = key.public_key("joined")
        open_envelope(seal(b"", "test-seal", [public]), "test-seal", key)
    except KeyFileError as error:
        raise Refusal(str(error)) from None
    click.echo("These sheets open the key, and it has opened a test seal. Nothing was written.")
    click.echo(f"Fingerprint   {public.fingerprint}")


def _as_many_as_needed() -> list[str]:
    count = click.prompt("How many sheets open this key together?", type=click.IntRange(2, 16))
    return [TYPED] * int(count)


@keys.command("change-passphrase")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--new-passphrase-file",
    "new_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Read the new passphrase from this file instead of the keyboard.",
)
@passphrase_file_option
def change(file: Path, new_file: Path | None, passphrase_file: Path | None) -> None:
    """Put the private key FILE under another passphrase.

    Copies of the file that are elsewhere keep the old passphrase: replace them.
    """
    try:
        text = read_key_file(file)
        old = read_passphrase(passphrase_file)
        unlock_private_key(text, old)
        click.echo("The new passphrase:", err=True)
        new_one = read_passphrase(new_file, twice=True, from_environment=False)
        refuse_weak(new_one)
        change_passphrase(file, old, new_one)
    except KeyFileError as error:
        raise Refusal(str(error)) from None
    click.echo(f"{file} opens with the new passphrase. Copies elsewhere keep the old one.")
