"""The private key that a command opens envelopes with: a key file, or sheets of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import click

from app.commands.passphrase import passphrase_file_option, read_passphrase
from app.commands.private_memory import keep_memory_private
from app.commands.refusal import Refusal
from app.sealing import (
    KeyFileError,
    PrivateKey,
    describe_share,
    join_shares,
    read_key_file,
    unlock_private_key,
)

TYPED: Final = "-"
LONGEST_SHEET: Final = 16 * 1024  # bytes; a real one has under 1 KiB

shares_option = click.option(
    "--share",
    "shares",
    multiple=True,
    metavar="FILE",
    help="A sheet of words of a key that several people hold; “-” to type the words. "
    "Give it once for each sheet.",
)


def private_key_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --key, --share and --passphrase-file; the command gets key_path, shares, and the file."""
    key = click.option(
        "--key",
        "key_path",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Your private key, a .key file.",
    )
    return key(shares_option(passphrase_file_option(command)))


def unlocked(
    key_path: Path | None, shares: Sequence[str], passphrase_file: Path | None
) -> PrivateKey:
    """Return the key that was asked for, in memory alone; raises Refusal."""
    if (key_path is None) == (not shares):
        raise click.UsageError("Give either --key FILE or --share for each sheet of words.")
    if key_path is not None and not key_path.exists():
        raise Refusal(
            f"There is no file {key_path}. --key takes the .key file that heard keys new wrote: "
            "name it with its folder, or go to that folder first."
        )
    try:
        if key_path is None:
            return join_shares([read_share(share, n) for n, share in enumerate(shares, 1)])
        return unlock_private_key(read_key_file(key_path), read_passphrase(passphrase_file))
    except KeyFileError as error:
        raise Refusal(str(error)) from None


def read_share(share: str, number: int) -> str:
    """Return the words of a sheet: from a text file, or typed. Raises Refusal, KeyFileError."""
    keep_memory_private()
    if share != TYPED:
        return _from_file(Path(share))
    while True:
        try:
            words = str(click.prompt(f"The words of sheet {number}, on one line", err=True))
        except click.Abort:
            raise Refusal("No words were given.") from None
        try:
            describe_share(words)
        except KeyFileError as error:
            click.echo(str(error).replace("Sheet 1", f"Sheet {number}"), err=True)
            continue
        # The next person in the room, and whoever scrolls back, should not read them.
        click.clear()
        return words


def _from_file(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            content = opened.read(LONGEST_SHEET + 1)
        text = content.decode()
    except OSError as error:
        raise Refusal(f"Could not read the words from {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        text = ""
    if not text or len(content) > LONGEST_SHEET:
        raise Refusal(f"{path} should hold the words of one sheet as text, and nothing else.")
    # The first lines of a sheet say what it is.
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
