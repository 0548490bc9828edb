"""Keeping the databases in order."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from math import ceil
from pathlib import Path

import click

from app.consultation import definition_from_json
from app.storage import Opened, Storage, StorageUnavailable, database_file, make_drafts
from config import Config

from .clock import Watch
from .instance import configured, instance_option, opened
from .lost_drafts import LostDrafts
from .refusal import Refusal
from .retention import delete_what_is_due

SWEEP_SECONDS = 300
"""Also the shortest time between two sweeps that count, however many servers sweep."""
SECONDS_IDLE = 3900
IDLE_SWEEPS = SECONDS_IDLE // SWEEP_SECONDS
"""13: a draft goes at the 14th sweep without a touch: after 65 to 70 minutes, over 60 (R30)."""


SWEEPS_BETWEEN_TIDYING = 12
"""About an hour: how long the place of a row inside the file may tell that it is new."""
CLOCK_JUMPED = (
    "The clock of this machine was set to another day or hour. No answers are deleted on their day "
    "until it is right and the server is started again, or somebody runs: heard sweep"
)
DRAFTS_MADE_ANEW = (
    "The database of drafts (HEARD_DRAFTS_URL) was deleted, and is made anew, empty. Whoever was "
    "answering begins again with the words of the page on screen. See what deletes files there: a "
    "cleaner of /dev/shm, or RemoveIPC=yes of systemd."
)
QUICK_TO_TIDY = 50_000
"""Responses. Nobody can send while the file is rewritten: about a second for this many. Larger
files are tidied by `heard sweep`, at a time that the operator chooses."""


def _tidy(storage: Storage) -> None:
    """Settle the cards of closed groups, delete what was kept too long, rewrite the files."""
    storage.cards.settle(IDLE_SWEEPS)
    for one in storage.all_opened():
        if storage.kept_drafts.count(one.consultation) and _is_over(storage, one):
            storage.kept_drafts.delete_all(one.consultation)
    storage.compact()


def _is_over(storage: Storage, one: Opened) -> bool:
    stored = storage.definition(one.digest)
    closes = definition_from_json(stored.document).dates.closes if stored else dt.date.min
    return one.state == "ended" or closes < dt.datetime.now(dt.UTC).date()


def _is_quick(storage: Storage) -> bool:
    return sum(storage.count(one.consultation) for one in storage.all_opened()) <= QUICK_TO_TIDY


def _delete_what_is_due(storage: Storage, config: Config) -> None:
    """Delete answers whose day has come, rewrite the files, and say so."""
    for consultation in delete_what_is_due(storage, config, dt.datetime.now(dt.UTC).date()):
        storage.compact()
        click.echo(f"The answers of {consultation} are deleted, as people were promised.")


@click.group()
def db() -> None:
    """The databases."""


@db.command("upgrade")
@instance_option
def db_upgrade(instance: Path | None) -> None:
    """Make the databases, or bring them up to date; safe to run again."""
    opened(configured(instance), anew=True)
    click.echo("The databases are up to date.")


@click.command()
@click.option(
    "--every",
    type=click.IntRange(SWEEP_SECONDS, 3600),
    help="Go on, sweeping every so many seconds.",
)
@instance_option
def sweep(every: int | None, instance: Path | None) -> None:
    """Tidy the databases, and delete the answers whose day to be deleted (`delete_by`) has come.

    With --every, it also deletes drafts that nobody touched for over an hour. `heard serve` does
    all of it by itself. Sweepers side by side count no faster than one.
    """
    config = configured(instance)
    storage = opened(config)
    if every is None:
        _delete_what_is_due(storage, config)
        _tidy(storage)
        click.echo("The databases are tidy.")
        return
    sweep_on(storage, config, every, time.sleep)


def sweep_on(
    storage: Storage,
    config: Config,
    every: int,
    wait: Callable[[int], object],
    watch: Watch | None = None,
) -> None:
    """Sweep again and again; what fails is said and tried again the next time.

    Args:
        storage: an instance's databases.
        config: where the instance is.
        every: seconds between two sweeps, at least `SWEEP_SECONDS`.
        wait: waits so many seconds; what is true in what it returns ends the sweeping.
        watch: when it says that the clock has jumped, no answers are deleted: a wrong clock would
            delete what nobody can bring back.
    """
    watch = watch or Watch()
    lost = LostDrafts(database_file(config.drafts_url))
    seen, said = None, False
    with suppress(StorageUnavailable):
        seen = storage.last_sweep()
    for number in count(1):
        if wait(every):
            return
        try:
            if lost.look():
                make_drafts(config.drafts_url)
                click.echo(DRAFTS_MADE_ANEW, err=True)
            limit = ceil(SECONDS_IDLE / every)
            seen = storage.sweep_drafts(limit, seen)
            storage.cards.settle(limit)
            if not watch.has_jumped():
                _delete_what_is_due(storage, config)
            elif not said:
                click.echo(CLOCK_JUMPED, err=True)
                said = True
            if number % SWEEPS_BETWEEN_TIDYING == 0 and _is_quick(storage):
                _tidy(storage)
        except (StorageUnavailable, Refusal) as error:
            click.echo(str(error), err=True)
