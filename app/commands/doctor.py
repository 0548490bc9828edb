"""Looking over an instance: what is wrong with it, and what still waits for a person."""

from __future__ import annotations

import datetime as dt
import json
import stat
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from app.consultation import definition_from_json
from app.sealing import KeyFileError, public_key_from_text
from app.storage import Storage, StorageUnavailable
from config import SHARED_MEMORY, Config

from .instance import configured, instance_option, opened
from .neutral_sites import neutral_sites
from .notes import Note
from .surroundings import look_around

FINDING = 1  # exit status
NOBODYS_DRAFT = bytes(32)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")
@instance_option
@click.pass_context
def doctor(context: click.Context, as_json: bool, instance: Path | None) -> None:
    """Look over this instance: files, databases, keys, exits, and what waits for a reviewer."""
    config = configured(instance)
    storage = opened(config)
    notes = [*_files(config), *_databases(config, storage), *_keys(storage)]
    notes += [*_exits(config, storage), *_waiting(config)]
    if as_json:
        click.echo(json.dumps([asdict(note) for note in notes], ensure_ascii=False))
    else:
        for note in notes:
            click.echo(f"{note.state:6}{note.message}")
    if any(note.state == "wrong" for note in notes):
        context.exit(FINDING)


def _files(config: Config) -> Iterator[Note]:
    for path in (config.instance, config.instance / "secret-key"):
        if not path.exists():
            continue
        mode = path.stat().st_mode
        if mode & OTHERS:
            yield Note("wrong", f"{path} can be read by others. Run: chmod go= {path}")
        else:
            yield Note("well", f"{path} is for its owner alone.")
    for path in sorted(config.instance.rglob("*.key")):
        if path.parent.name != "demo-keys":
            yield Note("wrong", f"{path} is a private key. It must not be on the server: move it.")


def _databases(config: Config, storage: Storage) -> Iterator[Note]:
    try:
        storage.all_opened()
        yield Note("well", "The database of responses answers.")
        storage.read_draft(NOBODYS_DRAFT)
        yield Note("well", "The database of drafts answers.")
    except StorageUnavailable as error:
        yield Note("wrong", str(error))
    in_memory = f"sqlite:///{SHARED_MEMORY}/" in config.drafts_url
    if in_memory or not config.drafts_url.startswith("sqlite"):
        yield Note("well", "Drafts are not on a disk, or in a database of their own.")
    else:
        yield Note("waits", "Drafts are on a disk. Set HEARD_DRAFTS_URL to a folder in memory.")
    if not config.https:
        yield Note("waits", "HEARD_HTTPS is off. Set it to on when people come over HTTPS.")


def _keys(storage: Storage) -> Iterator[Note]:
    for one in storage.all_opened():
        recipients = storage.recipients(one.consultation)
        if not recipients:
            yield Note("wrong", f"{one.consultation} is sealed to nobody.")
        for text in recipients:
            try:
                key = public_key_from_text(text)
            except KeyFileError as error:
                yield Note("wrong", f"{one.consultation}: {error}")
                continue
            words = f"{one.consultation} is sealed to {key.name}: {key.fingerprint}"
            yield Note("well", f"{words}. Compare it with the researcher by phone.")


def _exits(config: Config, storage: Storage) -> Iterator[Note]:
    found = (storage.definition(one.digest) for one in storage.all_opened())
    return neutral_sites(config, (definition_from_json(one.document) for one in found if one))


def _waiting(config: Config) -> Iterator[Note]:
    """The one list of what no native speaker and no caller has looked at yet (R61, R75)."""
    around, findings = look_around(config.surveys, dt.datetime.now(dt.UTC).date())
    for tag in sorted(around.unreviewed):
        message = f"Heard's own sentences in “{tag}” wait for a native speaker's review."
        yield Note("waits", message)
    for finding in findings:
        yield Note("wrong", str(finding))
    listings = [one for country in (around.support or {}).values() for one in country.listings]
    unchecked = sum(listing.checked_on is None for listing in listings)
    if unchecked:
        yield Note("waits", f"{unchecked} of {len(listings)} support entries were never called.")
