"""Deleting the answers of a consultation on its day, and the signed record of it (R97)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from app.consultation import definition_from_json
from app.sealing import (
    LONGEST_STATEMENT,
    KeyFileError,
    Signed,
    SigningKey,
    UntrueStatement,
    kept_signing_key,
    read_signed,
    sign_statement,
)
from app.storage import Deleted, ExportedBundle, Storage
from config import Config

from .instance import SIGNING_KEY, configured, instance_option, opened
from .options import json_option
from .refusal import Refusal

KIND: Final = "heard deletion record"
FORMAT: Final = 1
FINDING: Final = 1
"""Exit status."""
WARN_DAYS: Final = 30
NOT_SAID: Final = "not said"


def signing_key(config: Config) -> SigningKey:
    """Return the key with which this instance signs; raises `Refusal` when it cannot be used."""
    try:
        return kept_signing_key(config.instance / SIGNING_KEY)
    except KeyFileError as error:
        raise Refusal(str(error)) from None


def promised_day(storage: Storage, consultation: str) -> dt.date | None:
    """The day by which the answers are deleted; None for an example, which has no days.

    A sealed answer does not say which version it belongs to. So it is the earliest day that any
    version promised.
    """
    definitions = [
        definition_from_json(stored.document) for stored in storage.definitions(consultation)
    ]
    if not definitions or definitions[-1].demo:
        return None
    return min(each.dates.delete_by for each in definitions)


def delete_what_is_due(storage: Storage, config: Config, today: dt.date) -> list[str]:
    """Delete the answers whose day has come; the consultations that this was done for.

    Safe to run again at any time: what was interrupted is done by the next call. The day is the
    promised one itself, because “by” is broken on the day after.

    Args:
        storage: of the instance.
        config: whose key signs the records.
        today: the server's day.

    Raises:
        Refusal: the key for signing cannot be used; then nothing is deleted.
        StorageUnavailable: a database failed; then nothing of that consultation is deleted.
    """
    done = []
    for one in storage.all_opened():
        promised = promised_day(storage, one.consultation)
        if promised is None or today < promised or _is_done(storage, one.consultation):
            continue
        _delete(storage, one.consultation, promised, today, signing_key(config))
        done.append(one.consultation)
    return done


def _is_done(storage: Storage, consultation: str) -> bool:
    """Whether it was recorded, and nothing came since, such as from a restored backup."""
    left = storage.count(consultation) or storage.kept_drafts.count(consultation)
    return not left and bool(storage.retention.deletions(consultation))


def _delete(
    storage: Storage, consultation: str, promised: dt.date, today: dt.date, key: SigningKey
) -> None:
    versions = [stored.version for stored in storage.definitions(consultation)]
    bundles = storage.retention.exported(consultation)

    def record(gone: Deleted) -> str:
        statement = {
            "kind": KIND,
            "format": FORMAT,
            "consultation": consultation,
            "versions": versions,
            "responses": gone.responses,
            "kept_drafts": gone.kept_drafts,
            "promised": promised.isoformat(),
            "deleted": today.isoformat(),
            "bundles": [_bundle(each) for each in bundles],
        }
        return sign_statement(statement, key)

    storage.retention.delete_answers(consultation, record)


def _bundle(exported: ExportedBundle) -> dict[str, str]:
    return {
        "bundle": exported.bundle,
        "purpose": exported.purpose,
        "responses": exported.responses,
    }


def retention_of(storage: Storage, consultation: str, today: dt.date) -> dict[str, Any]:
    """What `heard status` tells: the promised day, days left, and the day of deleting."""
    promised = promised_day(storage, consultation)
    records = [each for each in _records(storage, consultation) if each]
    return {
        "delete_by": promised.isoformat() if promised else None,
        "days_left": (promised - today).days if promised and not records else None,
        "deleted": records[-1]["deleted"] if records else None,
    }


def _records(storage: Storage, consultation: str) -> Iterator[Mapping[str, Any] | None]:
    """What each record says, in order; None for one that somebody changed in the database."""
    for text in storage.retention.deletions(consultation):
        try:
            yield read_signed(text).statement
        except UntrueStatement:
            yield None


def warning(told: dict[str, Any]) -> str | None:
    """One line for `heard status`; None while the day is far."""
    if told["deleted"]:
        return f"its answers were deleted on {told['deleted']}"
    left = told["days_left"]
    if left is None or left > WARN_DAYS:
        return None
    if left <= 0:
        return f"its answers had to be deleted by {told['delete_by']}. Do it: heard sweep"
    days = "1 day" if left == 1 else f"{left} days"
    return f"its answers are deleted on {told['delete_by']}, in {days}. Export before then."


@click.command()
@click.argument("consultation", metavar="[ID]", required=False)
@click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the signed record of one consultation to a new file.",
)
@json_option
@instance_option
@click.pass_context
def deletions(
    context: click.Context,
    *,
    consultation: str | None,
    path: Path | None,
    as_json: bool,
    instance: Path | None,
) -> None:
    """List which bundles were exported, when answers are deleted, and the records of it."""
    config = configured(instance)
    storage = opened(config)
    names = [one.consultation for one in storage.all_opened()]
    if consultation is not None and consultation not in names:
        raise Refusal(f"“{consultation}” was never started. See what there is with: heard status")
    if path is not None:
        _write_record(storage, consultation, path)
        return
    today = dt.datetime.now(dt.UTC).date()
    rows = [_row(storage, name, today) for name in names if consultation in (None, name)]
    key = signing_key(config)
    if as_json:
        told = {"signed_by": key.fingerprint, "consultations": rows}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for row in rows:
            for line in _lines(row):
                click.echo(line)
        click.echo(f"Records are signed by {key.fingerprint}")
    if any(None in row["records"] for row in rows):
        context.exit(FINDING)


def _row(storage: Storage, consultation: str, today: dt.date) -> dict[str, Any]:
    return {
        "consultation": consultation,
        **retention_of(storage, consultation, today),
        "bundles": [_bundle(each) for each in storage.retention.exported(consultation)],
        "records": list(_records(storage, consultation)),
    }


def _lines(row: dict[str, Any]) -> Iterator[str]:
    day = f"answers are deleted by {row['delete_by']}" if row["delete_by"] else "an example"
    yield f"{row['consultation']}: {day}"
    for bundle in row["bundles"]:
        purpose = bundle["purpose"]
        yield f"  exported: {bundle['bundle']}, {bundle['responses']} responses, for: {purpose}"
    for record in row["records"]:
        if record is None:
            yield "  a record of deleting was changed in the database: do not rely on it"
            continue
        counts = f"{record['responses']} responses and {record['kept_drafts']} kept drafts"
        yield f"  deleted on {record['deleted']}: {counts}"


def _write_record(storage: Storage, consultation: str | None, path: Path) -> None:
    """Write the newest record; the earlier ones are of what came back from a backup."""
    if consultation is None:
        raise Refusal("Name the consultation too: heard deletions ID -o FILE")
    records = storage.retention.deletions(consultation)
    if not records:
        raise Refusal(f"Nothing of “{consultation}” was deleted yet, so there is no record.")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(records[-1])
    except FileExistsError:
        raise Refusal(f"{path} exists already. Choose another name.") from None
    except OSError as error:
        raise Refusal(f"Could not write {path}: {error.strerror}.") from None
    click.echo(f"{path} is the signed record. Anybody can check it with: heard verify {path}")


def read_record(path: Path) -> Signed | None:
    """Return the deletion record in a file; None when the file is something else, such as a bundle.

    Raises UntrueStatement when it is one and was changed.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_STATEMENT + 1)
    except OSError:
        return None
    if len(content) > LONGEST_STATEMENT or not content.lstrip().startswith(b"{"):
        return None
    try:
        signed = read_signed(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise UntrueStatement("This is not a signed record of Heard.") from None
    told = signed.statement
    if told.get("kind") != KIND or told.get("format") != FORMAT:
        raise UntrueStatement("This is signed, and not a record of deleting.")
    return signed


def print_record(signed: Signed, path: Path) -> None:
    """Say what a genuine record says, and what is left to compare."""
    told = signed.statement
    click.echo(f"{path} is a record of deleting, and nothing in it was changed since.")
    for label, name in (
        ("Consultation", "consultation"),
        ("Versions", "versions"),
        ("Responses deleted", "responses"),
        ("Kept drafts deleted", "kept_drafts"),
        ("Promised by", "promised"),
        ("Deleted on", "deleted"),
    ):
        click.echo(f"{label:20} {_plain(told.get(name))}")
    bundles = told.get("bundles")
    for bundle in bundles if isinstance(bundles, list) else []:
        click.echo(f"{'Bundle to delete':20} {_plain(bundle)}")
    click.echo(f"{'Signed by':20} {signed.signed_by}")
    click.echo("Compare it with the fingerprint that heard start showed on the server.")


def _plain(value: object) -> str:
    """A value of somebody else's file, without signs that move a terminal's cursor."""
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(map(_plain, value.values()))
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))
