"""Opening the instance that a command works on."""

from __future__ import annotations

from pathlib import Path

import click

from app.storage import Storage, StorageUnavailable, open_storage, upgrade
from config import Config, ConfigurationError, read_config

from .refusal import Refusal

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


def opened(config: Config) -> Storage:
    """Return the storage of an instance, its databases made or brought up to date."""
    try:
        upgrade(config.database_url, config.drafts_url)
    except StorageUnavailable as error:
        raise Refusal(f"{error} Check HEARD_DATABASE_URL and HEARD_DRAFTS_URL.") from None
    return open_storage(config.database_url, config.drafts_url)
