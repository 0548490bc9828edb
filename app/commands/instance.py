"""Opening the instance that a command works on."""

from __future__ import annotations

from pathlib import Path

import click

from app.storage import Storage, StorageUnavailable, database_file, open_storage, upgrade
from config import Config, ConfigurationError, read_config

from .refusal import NotReady, Refusal

SIGNING_KEY = "signing-key"
"""The file that an instance has from the first `heard start` on: it signs records of deleting."""

instance_option = click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder where everything is kept (default: HEARD_INSTANCE, else ./instance).",
)


def configured(instance: Path | None, *, demo: bool = False) -> Config:
    """Return the configuration; raises `Refusal` with what to change."""
    try:
        return read_config(instance=instance, demo=demo)
    except ConfigurationError as error:
        raise Refusal(str(error)) from None


def opened(config: Config, *, anew: bool = False) -> Storage:
    """Return the storage of an instance, its databases made or brought up to date.

    Args:
        config: of the instance.
        anew: make an empty database of answers although there was one before.

    Raises `NotReady` when the database of answers has gone, and `Refusal` when one cannot be used.
    """
    if not anew:
        _refuse_an_empty_one(config)
    try:
        upgrade(config.database_url, config.drafts_url)
    except StorageUnavailable as error:
        raise Refusal(str(error)) from None
    return open_storage(config.database_url, config.drafts_url)


def _refuse_an_empty_one(config: Config) -> None:
    """Make no empty database in the place of one with answers, such as on a disk not mounted.

    The server that is running would take it: to people, everything would have been deleted.
    """
    path = database_file(config.database_url)
    if path is None or path.exists() or not (config.instance / SIGNING_KEY).exists():
        return
    raise NotReady(
        f"{path} is not there, and this instance had it before. Mount its disk or put the file "
        "back; it goes on by itself. If it is lost, move what is left of the instance away and put "
        "a backup back: heard restore. To begin with nothing: heard db upgrade"
    )
