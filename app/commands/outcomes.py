"""What came of the answers: what is due, what is late, and what people are told of it."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from app.consultation import Definition, Outcome
from app.consultation.checker import check_outcomes
from app.storage import Storage

from .checking import finding_line
from .instance import configured, instance_option, opened
from .opening import load
from .refusal import NotReady, Refusal
from .surroundings import look_around

SHOWN = 60
"""Letters of what was heard that a line repeats."""


@click.command()
@click.argument("consultation", metavar="ID")
@click.option("--publish", is_flag=True, help="Put what is no draft on the results page.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")
@instance_option
def outcomes(consultation: str, publish: bool, as_json: bool, instance: Path | None) -> None:
    """List what came of a consultation: what is due by when, and what is late.

    It works while people answer, and after the consultation is closed. Outcomes are no part of a
    version: “version” stays as it is.
    """
    config = configured(instance)
    definition = load(config.surveys, consultation)
    storage = opened(config)
    if publish:
        _publish(storage, definition, config.surveys)
    today = dt.datetime.now(dt.UTC).date()
    rows = [_row(outcome, today) for outcome in definition.outcomes]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for line in _lines(definition, rows, today):
        click.echo(line)
    told = definition.reply.to_json()
    if (storage.reply(consultation) or "{}") != told:
        click.echo(
            f"People see something older. Show them this: heard outcomes {consultation} --publish"
        )


def _publish(storage: Storage, definition: Definition, surveys: Path) -> None:
    """Show people what is no draft; raises `Refusal` or `NotReady`."""
    consultation = definition.consultation
    if storage.opened(consultation) is None:
        raise Refusal(f"“{consultation}” was never started, so nobody has a code for its results.")
    today = dt.datetime.now(dt.UTC).date()
    around, _ = look_around(surveys, today)
    standing = check_outcomes(surveys / f"{consultation}.yaml", around).standing
    if standing:
        lines = "\n".join(finding_line(finding) for finding in standing)
        raise NotReady(f"People cannot be told yet:\n{lines}")
    storage.keep_reply(consultation, definition.reply.to_json())
    click.echo(f"People can read this now at /results/ and the code of {consultation}.")


def _row(outcome: Outcome, today: dt.date) -> dict[str, Any]:
    """One outcome for a program."""
    return {
        "state": outcome.state,
        "late": outcome.state != "draft" and outcome.is_late(today),
        "by": outcome.by.isoformat() if outcome.by else None,
        "area": outcome.area,
        "heard": next(iter(outcome.heard.values())),
    }


def _lines(definition: Definition, rows: list[dict[str, Any]], today: dt.date) -> Iterator[str]:
    dates, doors, reply = definition.dates, definition.participation, definition.reply
    for row in sorted(rows, key=lambda row: (row["by"] or "9", row["state"])):
        when = "LATE, due by" if row["late"] else "by" if row["by"] else ""
        place = ", ".join(part for part in (row["state"], row["area"]) if part)
        heard = textwrap.shorten(row["heard"], SHOWN, placeholder="…")
        due = f"{when} {row['by']}: " if row["by"] else ""
        yield f"{due}{heard} ({place})"
    if reply.is_empty:
        late = today > dates.results_by
        yield f"{'LATE, ' if late else ''}nothing is told yet; promised by {dates.results_by}."
    if doors is not None and not reply.is_answered:
        day = doors.audience.reply_by
        late = reply.is_late(day, today)
        yield f"{'LATE, ' if late else ''}not everything is answered; promised by {day}."
