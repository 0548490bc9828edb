"""Putting a backup back: into an empty instance, whole or not at all, and proven."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from app.sealing import (
    KeyFileError,
    PrivateKey,
    SealedFileError,
    SealedReader,
    is_sealed_file,
    write_new_file,
)
from app.storage import (
    CopyRefused,
    StorageUnavailable,
    holds_nothing,
    open_storage,
    put_back,
    read_copy,
    upgrade,
)
from config import Config

from .backup import lines_of, told_of, workshop
from .backup_file import PURPOSE, SIGNING_KEY, BackupError, Unpacked, read_backup
from .instance import configured
from .options import json_option
from .private_key import private_key_options, unlocked
from .refusal import NotReady, Refusal
from .retention import delete_what_is_due

HEAD: Final = 64
"""Bytes, of which the first say whether a file is sealed."""
NOT_EMPTY: Final = (
    "Restore into a new instance (--instance NEW) or, with HEARD_DATABASE_URL, an empty database."
)


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@private_key_options
@click.option(
    "-o",
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    help="The new instance (default: HEARD_INSTANCE, else ./instance). Nothing is overwritten.",
)
@click.option("--check", is_flag=True, help="Only look whether the backup is whole.")
@json_option
def restore(
    *,
    path: Path,
    key_path: Path | None,
    shares: tuple[str, ...],
    passphrase_file: Path | None,
    instance: Path | None,
    check: bool,
    as_json: bool,
) -> None:
    """Put a backup back into an empty instance or an empty database, or --check it.

    Everything is counted and added up again before anybody can see it.
    """
    try:
        with path.open("rb") as file:
            sealed = is_sealed_file(_head(file))
            if check:
                key = unlocked(key_path, shares, passphrase_file) if sealed else None
                with tempfile.TemporaryDirectory(prefix="heard-") as folder:
                    told = _told(_unpacked(file, key, Path(folder)))
                _tell(path, {**told, "restored": False}, as_json)
                return
            with _empty_instance(instance) as config, workshop(config.instance) as there:
                key = unlocked(key_path, shares, passphrase_file) if sealed else None
                unpacked = _unpacked(file, key, there)
                told = _told(unpacked)
                _put_back(unpacked, config)
    except OSError as error:
        raise Refusal(
            f"{error.filename or path}: {error.strerror}. Nothing was restored."
        ) from None
    deleted = _delete_again(config)
    _tell(path, {**told, "restored": True, "deleted": deleted}, as_json)


def _head(file: BinaryIO) -> bytes:
    head = file.read(HEAD)
    file.seek(0)
    return head


@contextmanager
def _empty_instance(instance: Path | None) -> Iterator[Config]:
    """The configuration of an instance that holds nothing; a new folder goes if this fails."""
    new = instance is not None and not instance.exists()
    try:
        config = configured(instance)
        try:
            empty = holds_nothing(config.database_url)
        except StorageUnavailable as error:
            raise Refusal(str(error)) from None
        if not empty:
            raise Refusal(f"There are consultations here, and nothing is overwritten. {NOT_EMPTY}")
        yield config
    except BaseException:
        if new and instance is not None:
            shutil.rmtree(instance, ignore_errors=True)
        raise


def _unpacked(file: BinaryIO, key: PrivateKey | None, folder: Path) -> Unpacked:
    """Read a backup to its end and prove it; raises NotReady with what is wrong."""
    try:
        unpacked = read_backup(SealedReader(file, PURPOSE, key) if key else file, folder)
        found = read_copy(unpacked.copy)
    except (BackupError, SealedFileError, CopyRefused) as error:
        raise NotReady(str(error)) from None
    if found != unpacked.manifest.copied:
        raise NotReady("What is in this backup is not what it says of itself. Do not use it.")
    return unpacked


def _told(unpacked: Unpacked) -> dict[str, Any]:
    return told_of(unpacked.manifest, unpacked.copy)


def _put_back(unpacked: Unpacked, config: Config) -> None:
    key = config.instance / SIGNING_KEY
    old = key.read_bytes() if key.exists() else None
    if old and unpacked.signing_key and old != unpacked.signing_key:
        raise Refusal(f"{key} is another key than the one in the backup. Move it away first.")
    made = False

    def keep_signing_key() -> None:
        nonlocal made
        if unpacked.signing_key and not old:
            write_new_file(key, unpacked.signing_key, secret=True)
            made = True

    try:
        consultations = unpacked.manifest.copied.consultations
        put_back(unpacked.copy, config.database_url, consultations, keep_signing_key)
    except (CopyRefused, StorageUnavailable, KeyFileError) as error:
        if made:
            key.unlink()
        raise Refusal(f"{error} Nothing was restored. {NOT_EMPTY}") from None


def _delete_again(config: Config) -> list[str]:
    """Delete what was promised to be gone by now; the consultations that this was done for."""
    try:
        upgrade(config.database_url, config.drafts_url)
        storage = open_storage(config.database_url, config.drafts_url)
        deleted = delete_what_is_due(storage, config, dt.datetime.now(dt.UTC).date())
        if deleted:
            storage.compact()
        storage.close()
    except ValueError:
        raise _not_deleted("a definition in it is of another Heard. Update Heard first.") from None
    except (StorageUnavailable, Refusal) as error:
        raise _not_deleted(str(error)) from None
    return deleted


def _not_deleted(reason: str) -> NotReady:
    return NotReady(
        f"Everything is restored. Answers whose day has come could not be deleted: {reason} "
        "Before you start the server: heard sweep"
    )


def _tell(path: Path, told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"backup": str(path), **told}, ensure_ascii=False))
        return
    if not told["restored"]:
        click.echo(f"{path} is whole.")
    for line in lines_of(told):
        click.echo(line)
    if not told["restored"]:
        return
    for name in told["deleted"]:
        click.echo(f"The answers of {name} are deleted again, as people were promised.")
    click.echo("Everything is as it was when the backup was made, counted and compared.")
    click.echo(
        "What people took back since then is there again: they can take it back once more with "
        "their code. What was sent since is not there. See docs/for-operators.md."
    )
