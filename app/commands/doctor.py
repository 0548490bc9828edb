"""Looking over an instance: what is wrong with it, and what still waits for a person."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from app.consultation import definition_from_json
from app.sealing import KeyFileError, public_key_from_text
from app.storage import Storage, StorageUnavailable
from config import Config

from .deployment.caddy import NotCaddy, caddy_notes
from .deployment.machine import Machine, machine_notes
from .deployment.nginx import NotNginx, nginx_notes
from .deployment.postgresql import postgresql_notes
from .instance import configured, instance_option, opened
from .neutral_sites import neutral_sites
from .notes import Note
from .options import json_option
from .refusal import NotReady, Refusal
from .retention import signing_key
from .surroundings import look_around

FINDING = 1  # exit status


@click.command()
@json_option
@click.option("--url", help="Look at a running site from outside, and at nothing else here.")
@click.option(
    "--plain-port",
    type=click.IntRange(1, 65535),
    default=80,
    show_default=True,
    help="With --url: where browsers ask without HTTPS.",
)
@click.option(
    "--in-front",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the configuration of nginx or Caddy in front too.",
)
@instance_option
@click.pass_context
def doctor(
    context: click.Context,
    *,
    as_json: bool,
    url: str | None,
    plain_port: int,
    in_front: tuple[Path, ...],
    instance: Path | None,
) -> None:
    """Look over this instance and its machine, or, with --url, a running site from outside.

    With an entry code in the address (https://example.org/bc2df3), somebody begins with it and
    leaves at once: nothing is sent.
    """
    notes = list(_site(url, plain_port)) if url else list(_instance(instance))
    proxies = None if url else configured(instance).proxies
    for path in in_front:
        notes += _in_front(path, proxies)
    if as_json:
        click.echo(json.dumps([asdict(note) for note in notes], ensure_ascii=False))
    else:
        for note in notes:
            click.echo(f"{note.state:6}{note.message}")
    if any(note.state == "wrong" for note in notes):
        context.exit(FINDING)


def _instance(instance: Path | None) -> Iterator[Note]:
    config = configured(instance)
    yield from machine_notes(config, Machine())
    try:
        storage = opened(config)
        yield from _databases(config, storage)
        yield from _keys(storage)
        yield Note("well", f"Records of deleting are signed by {signing_key(config).fingerprint}")
        yield from _exits(config, storage)
    except (StorageUnavailable, Refusal, NotReady) as error:  # and go on to what needs none of it
        yield Note("wrong", str(error))
    yield from _waiting(config)


def _site(url: str, plain_port: int) -> Iterator[Note]:
    from .deployment.asking import Address  # noqa: PLC0415 - the rest starts faster without Flask
    from .deployment.site import running_site  # noqa: PLC0415

    try:
        address = Address.of(url)
    except ValueError:
        raise Refusal(f"{url} is not an address such as https://example.org/.") from None
    return running_site(address, plain_port)


def _in_front(path: Path, proxies: int | None) -> list[Note]:
    """What a file says, of nginx if it can be read as that, else of Caddy."""
    try:
        try:
            return list(nginx_notes(path, proxies))
        except NotNginx as error:
            if path.suffix == ".conf":
                raise Refusal(f"This is no configuration of nginx: {error}") from None
            return list(caddy_notes(path, proxies))
    except NotCaddy as error:
        raise Refusal(f"This is neither of nginx nor a Caddyfile: {error}") from None
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"{path} cannot be read.") from None


def _databases(config: Config, storage: Storage) -> Iterator[Note]:
    storage.prove_usable()
    yield Note("well", "The databases of answers and of drafts can be read and written.")
    yield from postgresql_notes(storage)
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
