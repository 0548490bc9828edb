"""Opening a consultation to people, stopping it, and seeing how it stands."""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from app.consultation import Definition, DefinitionErrors, load_definition_file
from app.sealing import KeyFileError, PublicKey, public_key_from_text, public_key_to_text
from app.storage import Entry, PublishRefused, Storage, StoredDefinition
from app.web.spoken import LANGUAGES

from .bands import band
from .checking import refuse_unless_ready
from .instance import configured, instance_option, opened
from .options import json_option
from .refusal import Refusal
from .retention import promised_day, retention_of, signing_key, warning
from .watching import WATCH_SECONDS, go_on_showing

CODE_LETTERS = "bcdfghjkmnpqrstvwxz"
"""No vowels, so that a code is never a word and never an address of the site."""
CODE_DIGITS = "23456789"
CODE_SHAPE = "LLDLLD"
"""Six characters: over four million codes, read aloud without 0, 1, l or o."""

ID = re.compile(r"[a-z][a-z0-9-]*")


def new_entry_code() -> str:
    """Return a new code for a link, a card or a poster; it says nothing of the subject (R9)."""
    letters = {"L": CODE_LETTERS, "D": CODE_DIGITS}
    return "".join(secrets.choice(letters[kind]) for kind in CODE_SHAPE)


def publish(storage: Storage, definition: Definition, recipients: Sequence[PublicKey]) -> None:
    """Open a consultation: keep this version, its recipients, and a code for each collector.

    Raises `Refusal` when nobody could open the answers, or the version was changed unseen.
    """
    if not recipients:
        raise Refusal(
            f"{definition.consultation} has no sealed_to: nobody could open the answers. "
            "Name a public key file there; a researcher makes one with: heard keys new"
        )
    _refuse_what_is_missing(definition)
    collectors: list[str | None] = [collector.name for collector in definition.collectors]
    have = {entry.collector for entry in storage.entries(definition.consultation)}
    wanted = collectors or [None]
    codes = {new_entry_code(): collector for collector in wanted if collector not in have}
    stored = StoredDefinition(
        digest=definition.digest,
        consultation=definition.consultation,
        version=definition.version,
        document=definition.canonical_json(),
    )
    try:
        storage.publish(stored, [public_key_to_text(key) for key in recipients], codes)
    except PublishRefused as error:
        raise Refusal(str(error)) from None
    storage.keep_reply(definition.consultation, definition.reply.to_json())


def _refuse_what_is_missing(definition: Definition) -> None:
    """Say what this version of Heard cannot do yet, rather than doing it badly."""
    if not any(tag in LANGUAGES for tag in definition.complete_languages):
        raise Refusal(
            f"{definition.consultation} is in {', '.join(definition.languages)}, and Heard's own "
            f"sentences are not. Add one of these languages: {', '.join(LANGUAGES)}."
        )


def load(surveys: Path, consultation: str) -> Definition:
    """Return the definition of a consultation by its id; raises `Refusal` with every finding."""
    if not ID.fullmatch(consultation):
        raise Refusal(f"“{consultation}” is not an id. Use the file's name without .yaml.")
    path = surveys / f"{consultation}.yaml"
    try:
        definition = load_definition_file(path)
    except OSError:
        known = ", ".join(sorted(file.stem for file in surveys.glob("*.yaml"))) or "none"
        raise Refusal(f"There is no {path}. Consultations there: {known}.") from None
    except DefinitionErrors as error:
        raise Refusal(f"{consultation} cannot open:\n{error}") from None
    if definition.consultation != consultation:
        raise Refusal(f"{path} says “consultation: {definition.consultation}”. Make both the same.")
    return definition


def read_recipients(definition: Definition, surveys: Path) -> list[PublicKey]:
    """Return the public keys that `sealed_to` names, relative to the surveys folder."""
    keys = []
    for name in definition.sealed_to:
        path = surveys / name
        try:
            keys.append(public_key_from_text(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise Refusal(
                f"sealed_to names {path}: {error.strerror}. Put the researchers' .pub file there."
            ) from None
        except (KeyFileError, UnicodeDecodeError) as error:
            raise Refusal(f"{path}: {error}") from None
    return keys


def entries_in_order(storage: Storage, definition: Definition) -> list[Entry]:
    """Return the codes of a consultation in the order in which the file names its collectors."""
    order = [collector.name for collector in definition.collectors]
    entries = storage.entries(definition.consultation)
    return sorted(entries, key=lambda e: order.index(e.collector) if e.collector in order else -1)


@click.command()
@click.argument("consultation", metavar="ID")
@instance_option
def start(consultation: str, instance: Path | None) -> None:
    """Open a consultation to people, or publish its next version."""
    config = configured(instance)
    definition = load(config.surveys, consultation)
    refuse_unless_ready(config.surveys / f"{consultation}.yaml")
    if config.kiosk and not definition.limits:  # R71; with `session: group` the checker asks
        raise Refusal(
            f"HEARD_KIOSK is on, so a worker is in the room, and {consultation} has no limits. "
            "Say what the worker has to report and to whom: limits: If you tell the worker that …."
        )
    recipients = read_recipients(definition, config.surveys)
    storage = opened(config)
    was = storage.opened(consultation)
    if was and was.state == "ended":
        raise Refusal(
            f"{consultation} is closed for good. What came of it: heard outcomes {consultation}"
        )
    _refuse_a_later_deletion(storage, definition)
    publish(storage, definition, recipients)
    click.echo(f"{consultation} version {definition.version} is open.")
    for key in recipients:
        click.echo(f"Sealed to {key.name}: {key.fingerprint}")
    closed_group = definition.access == "single_use_code"
    for entry in entries_in_order(storage, definition):
        told = f"Results page: /results/{entry.code}" if closed_group else f"Code: {entry.code}"
        click.echo(told + (f" ({entry.collector})" if entry.collector else ""))
    if closed_group:
        click.echo(f"Each person needs a card: heard cards {consultation} --count N --address URL")
    click.echo(
        f"Answers are deleted on {definition.dates.delete_by}. The record of it will be signed by "
        f"{signing_key(config).fingerprint}"
    )
    if config.kiosk or definition.session == "group":
        click.echo("For a group: open the address with the code on it. See docs/group-sessions.md.")


def _refuse_a_later_deletion(storage: Storage, definition: Definition) -> None:
    """Keep what those who answered an earlier version were promised."""
    promised = promised_day(storage, definition.consultation)
    if promised is not None and definition.dates.delete_by > promised:
        raise Refusal(
            f"An earlier version promised that answers are deleted by {promised}. Write that day "
            "under delete_by, or an earlier one; or begin a new consultation with another id."
        )


def _set_state(consultation: str, instance: Path | None, state: str, words: str) -> None:
    storage = opened(configured(instance))
    try:
        storage.set_state(consultation, state)  # type: ignore[arg-type]
    except LookupError as error:
        raise Refusal(f"{error} See what there is with: heard status") from None
    click.echo(f"{consultation} {words}")


@click.command()
@click.argument("consultation", metavar="ID")
@instance_option
def pause(consultation: str, instance: Path | None) -> None:
    """Stop a consultation at once; `heard start ID` opens it again."""
    _set_state(consultation, instance, "paused", "is paused: nobody can begin or send.")


@click.command()
@click.argument("consultation", metavar="ID")
@instance_option
def end(consultation: str, instance: Path | None) -> None:
    """Close a consultation for good; deletes what people kept for later."""
    _set_state(consultation, instance, "ended", "is closed: nobody can begin or send.")
    storage = opened(configured(instance))
    storage.cards.close(consultation)
    if storage.kept_drafts.delete_all(consultation):
        click.echo("What people had kept to send later is deleted.")


def _cards(storage: Storage, consultation: str) -> dict[str, str] | None:
    """About how many cards there are, and how many are in use or used; None without any."""
    made, out = storage.cards.counts(consultation)
    return {"made": band(made), "out": band(out)} if made else None


@click.command()
@json_option
@click.option(
    "--watch",
    is_flag=False,
    flag_value=WATCH_SECONDS,
    type=click.IntRange(1, 3600),
    metavar="[SECONDS]",
    help=f"Go on showing it, every {WATCH_SECONDS} seconds or as you say, until Ctrl+C.",
)
@instance_option
def status(as_json: bool, watch: int | None, instance: Path | None) -> None:
    """Show each consultation: its state, its codes, and about how many responses."""
    config = configured(instance)
    storage = opened(config)
    if watch is None:
        _say_state(storage, as_json)
    else:
        go_on_showing(lambda: _say_state(storage, as_json), watch)


def _say_state(storage: Storage, as_json: bool) -> None:
    rows = _state(storage)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['consultation']}: {row['state']}, {row['responses']} responses")
        if said := warning(row):
            click.echo(f"  {said}")
        if row["cards"]:
            click.echo(f"  {row['cards']['made']} cards, {row['cards']['out']} in use or used")
        for code, collector in row["codes"].items():
            click.echo(f"  {code}" + (f" ({collector})" if collector else ""))
    if not rows:
        click.echo("No consultation was started yet. Open one with: heard start ID")


def _state(storage: Storage) -> list[dict[str, Any]]:
    """What there is to show, one entry a consultation; counts as bands (R86)."""
    today = dt.datetime.now(dt.UTC).date()
    return [
        {
            "consultation": one.consultation,
            "state": one.state,
            "responses": band(storage.count(one.consultation)),
            "codes": {e.code: e.collector for e in storage.entries(one.consultation)},
            "cards": _cards(storage, one.consultation),
            **retention_of(storage, one.consultation, today),
        }
        for one in storage.all_opened()
    ]
