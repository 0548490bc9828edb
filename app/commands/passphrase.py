"""Reading the passphrase of a private key: from a file, the environment, or the keyboard."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click

from app.commands.private_memory import keep_memory_private
from app.commands.refusal import Refusal

ENVIRONMENT_NAME: Final = "HEARD_PASSPHRASE"
SHORTEST: Final = 12  # characters: a thief of the file tries passphrases without being counted
FEWEST_DIFFERENT: Final = 6  # characters: "aaaaaaaaaaaa" is long and known
LONGEST_FILE: Final = 4096  # bytes

passphrase_file_option = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Read the passphrase from this file instead of the keyboard (or set {ENVIRONMENT_NAME}).",
)


def read_passphrase(
    file: Path | None, *, twice: bool = False, from_environment: bool = True
) -> str:
    """Return the passphrase: from the file if one is given, else HEARD_PASSPHRASE, else asked for.

    twice: when it is asked for, have it typed again until both are the same.
    from_environment: False for a second passphrase, which HEARD_PASSPHRASE is not.
    Raises Refusal if there is none to be had. From here on no crash writes this memory to a disk.
    """
    keep_memory_private()
    if file is not None:
        return _from_file(file)
    passphrase = os.environ.get(ENVIRONMENT_NAME) if from_environment else None
    if passphrase:
        return passphrase
    try:
        return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=twice, err=True))
    except click.Abort:
        raise Refusal(
            f"No passphrase was given. Type it, set {ENVIRONMENT_NAME}, or use --passphrase-file."
        ) from None


def refuse_weak(passphrase: str) -> None:
    """Raise Refusal for a passphrase that a thief of the key file would guess."""
    if len(passphrase) < SHORTEST or len(set(passphrase)) < FEWEST_DIFFERENT:
        raise Refusal(
            f"This passphrase is easy to guess. Use at least {SHORTEST} characters. "
            "Five or six words that have nothing to do with each other are strong, "
            "and can be remembered."
        )


def _from_file(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(LONGEST_FILE + 1)
        text = content.decode()
    except OSError as error:
        raise Refusal(f"Could not read the passphrase from {file}: {error.strerror}.") from None
    except UnicodeDecodeError:
        text = ""
    passphrase = text.removeprefix("\ufeff").rstrip("\r\n")
    if not passphrase or len(content) > LONGEST_FILE or "\n" in passphrase:
        raise Refusal(f"{file} should hold the passphrase on one line, in UTF-8, and nothing else.")
    return passphrase
