"""Backups: a copy of everything that was sent, sealed to a key, made while people answer."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import click

from app.research.folders import OWNER_ONLY, give_name
from app.sealing import (
    KeyFileError,
    PublicKey,
    SealedWriter,
    SealError,
    public_key_from_text,
    read_key_file,
)
from app.storage import (
    Copied,
    CopyRefused,
    StorageUnavailable,
    open_storage,
    read_copy,
    write_copy,
)
from config import Config

from .backup_file import COPY, PURPOSE, SIGNING_KEY, Manifest, write_backup
from .instance import configured, instance_option
from .options import json_option, output_file
from .refusal import Refusal
from .retention import promised_day

WORKSHOP = ".backup"
"""Where a copy lies while it is packed or unpacked; in the instance, because it is as private."""


@click.command()
@click.option(
    "--to",
    "keys",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="KEY.pub",
    help="Whose private key opens it; once for each person. Keep that key on another machine.",
)
@click.option("--plain", is_flag=True, help="Do not encrypt. Whoever has the file reads it.")
@output_file("The file to write, such as safer-1.backup.")
@json_option
@instance_option
def backup(
    *, keys: tuple[Path, ...], plain: bool, path: Path, as_json: bool, instance: Path | None
) -> None:
    """Write all that was sent, with its consultations, to one encrypted file.

    People can go on answering meanwhile. What somebody has not sent is not in it.
    """
    if bool(keys) == plain:
        raise click.UsageError(
            "Say whose key opens it: --to KEY.pub (make one on another machine: "
            "heard keys new --name backup). Without encryption: --plain"
        )
    recipients = _recipients(keys)
    if os.path.lexists(path):
        raise _taken(path)
    config = configured(instance)
    with workshop(config.instance) as folder:
        copy = folder / COPY
        try:
            write_copy(config.database_url, copy)
            manifest = Manifest.of(copy, read_copy(copy))
        except CopyRefused as error:
            raise Refusal(str(error)) from None
        except StorageUnavailable as error:
            raise Refusal(
                f"{error} Look at the database, and whether {folder} has room for twice as much."
            ) from None
        told = told_of(manifest, copy)
        _write(path, manifest, copy, config, recipients)
    _tell(path, told, recipients, as_json)


@contextmanager
def workshop(instance: Path) -> Iterator[Path]:
    """An empty folder in the instance, for one command at a time; emptied at the end.

    What a command that was killed left in it goes when the next one begins.
    """
    folder = instance / WORKSHOP
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise Refusal(f"{folder}: {error.strerror}.") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise Refusal("Another backup or restore is running here. Wait until it is done.") from None
    try:
        _empty(folder)
        yield folder
    finally:
        _empty(folder)
        os.close(held)


def _empty(folder: Path) -> None:
    for each in folder.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


def _recipients(paths: Sequence[Path]) -> list[PublicKey]:
    try:
        return [public_key_from_text(read_key_file(path)) for path in paths]
    except KeyFileError as error:
        raise Refusal(str(error)) from None


def _write(
    path: Path, manifest: Manifest, copy: Path, config: Config, recipients: Sequence[PublicKey]
) -> None:
    """Write the file under another name first: it appears whole or not at all."""
    part = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        try:
            with open(part, "xb", opener=_for_its_owner) as file:
                _fill(file, manifest, copy, config, recipients)
                file.flush()
                os.fsync(file.fileno())
            give_name(part, path)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise Refusal(f"Could not write {path}: {error.strerror}. Nothing was written.") from None
    except SealError as error:
        raise Refusal(str(error)) from None


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)


def _fill(
    file: BinaryIO,
    manifest: Manifest,
    copy: Path,
    config: Config,
    recipients: Sequence[PublicKey],
) -> None:
    if not recipients:
        # With the key for signing, whoever finds the file could write records of deleting.
        write_backup(file, manifest, copy, None)
        return
    key = config.instance / SIGNING_KEY
    sealed = SealedWriter(file, PURPOSE, recipients)
    write_backup(sealed, manifest, copy, key.read_bytes() if key.exists() else None)
    sealed.finish()


def _taken(path: Path) -> Refusal:
    return Refusal(
        f"{path} exists already, and a backup is never overwritten. Choose another name."
    )


def told_of(manifest: Manifest, copy: Path) -> dict[str, Any]:
    """What a command tells of a backup: the days by which people were promised deletion, too."""
    days = delete_by(manifest.copied, copy)
    consultations = {
        name: {**asdict(each), "delete_by": days[name].isoformat() if name in days else None}
        for name, each in manifest.copied.consultations.items()
    }
    due = [
        days[name]
        for name, each in manifest.copied.consultations.items()
        if each.responses and name in days
    ]
    return {
        "digest": manifest.digest,
        "consultations": consultations,
        "delete_by": min(due).isoformat() if due else None,
    }


def delete_by(copied: Copied, copy: Path) -> dict[str, dt.date]:
    """The promised day of each consultation that has one; what cannot be read has none."""
    storage = open_storage(f"sqlite:///{copy}", f"sqlite:///{copy}")
    days: dict[str, dt.date] = {}
    for name in copied.consultations:
        with suppress(ValueError):  # a backup is made whatever stands in it
            if day := promised_day(storage, name):
                days[name] = day
    return days


def lines_of(told: dict[str, Any]) -> Iterator[str]:
    """What a backup holds, as lines to read."""
    for name, each in told["consultations"].items():
        yield f"{name}: {each['responses']} responses"
    yield f"Digest   {told['digest']}"


def _tell(path: Path, told: dict[str, Any], recipients: Sequence[PublicKey], as_json: bool) -> None:
    if as_json:
        keys = [key.fingerprint for key in recipients]
        click.echo(json.dumps({"backup": str(path), "sealed_to": keys, **told}, ensure_ascii=False))
        return
    click.echo(f"{path} is a backup of what was sent.")
    for line in lines_of(told):
        click.echo(line)
    for key in recipients:
        click.echo(f"Sealed to {key.name}: {key.fingerprint}")
    if not recipients:
        click.echo("It is not encrypted, and the key that signs records is not in it.")
    if told["delete_by"]:
        click.echo(
            f"Delete it by {told['delete_by']}, wherever it is: people were promised that day."
        )
