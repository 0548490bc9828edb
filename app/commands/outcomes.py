"""What came of the answers: what is due, what is late, and what people are told of it."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from app import paper
from app.consultation import Definition, Outcome
from app.consultation.checker import check_outcomes
from app.consultation.texts import texts_of
from app.research.coding import TextsError, read_texts
from app.research.echoes import Echoes
from app.storage import Storage

from .checking import finding_line
from .instance import configured, instance_option, opened
from .opening import load
from .options import json_option
from .paper import language_of, language_option
from .refusal import NotReady, Refusal
from .surroundings import look_around, surveys_folder

FINDING = 1  # exit status
SHOWN = 60
"""Letters of what was heard that a line repeats."""


@click.command()
@click.argument("consultation", metavar="ID")
@click.option("--publish", is_flag=True, help="Put what is no draft on the results page.")
@click.option(
    "--pdf",
    "pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what is no draft as a PDF, to hand to those who listen and to hang up.",
)
@language_option
@click.option(
    "--against",
    type=click.Path(file_okay=False, path_type=Path),
    help="On the researchers' computer: look whether it repeats what a person wrote, in a folder "
    "that heard unseal made.",
)
@json_option
@instance_option
@click.pass_context
def outcomes(
    context: click.Context,
    *,
    consultation: str,
    publish: bool,
    pdf: Path | None,
    language: str | None,
    against: Path | None,
    as_json: bool,
    instance: Path | None,
) -> None:
    """List what came of a consultation: what is due by when, and what is late.

    It works while people answer, and after the consultation is closed. Outcomes are no part of a
    version: “version” stays as it is.
    """
    if against is not None and (publish or pdf is not None):
        raise Refusal("--against looks and writes nothing. First look, then publish or print.")
    if against is not None:
        context.exit(_look_for_echoes(load(surveys_folder(), consultation), against))
    if pdf is not None:
        _print(load(surveys_folder(), consultation), surveys_folder(), language, pdf)
        return
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
    _refuse_unless_approved(consultation, surveys)
    storage.keep_reply(consultation, definition.reply.to_json())
    click.echo(f"People can read this now at /results/ and the code of {consultation}.")


def _refuse_unless_approved(consultation: str, surveys: Path) -> None:
    """Raise `NotReady` while an error or a gate stands against what people would read."""
    around, _ = look_around(surveys, dt.datetime.now(dt.UTC).date())
    standing = check_outcomes(surveys / f"{consultation}.yaml", around).standing
    if standing:
        lines = "\n".join(finding_line(finding) for finding in standing)
        raise NotReady(f"People cannot be told yet:\n{lines}")


def _print(definition: Definition, surveys: Path, language: str | None, path: Path) -> None:
    """Write the PDF; raises `Refusal` or `NotReady`."""
    tag = language_of(definition, language)
    if definition.reply.is_empty:
        raise Refusal("Everything is a draft yet. Approve a text with “state: agreed”.")
    _refuse_unless_approved(definition.consultation, surveys)
    try:
        content = paper.print_reply(definition, tag, dt.datetime.now(dt.UTC).date())
        with path.open("xb") as file:
            file.write(content)
    except (paper.MissingSentence, paper.Unprintable) as error:
        raise Refusal(str(error)) from None
    except FileExistsError:
        raise Refusal(f"{path} exists already. Choose another name.") from None
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.") from None
    click.echo(f"{path} is ready to print on A4, or to send.")


def _look_for_echoes(definition: Definition, folder: Path) -> int:
    """Say where an outcome repeats what a person wrote; the exit status."""
    try:
        questions = read_texts(folder)
    except TextsError as error:
        raise Refusal(str(error)) from None
    echoes = Echoes(text.text for question in questions for text in question.texts)
    status = 0
    for number, outcome in enumerate(definition.outcomes, start=1):
        for path, text in texts_of(outcome):
            for tag, words in text.items():
                if found := echoes.in_text(words):
                    place = f"outcome {number}, {path[-1]} ({tag})"
                    click.echo(f"{place}: “{found}” is what a person wrote. Say it in your words.")
                    status = FINDING
    if not status:
        click.echo("No outcome repeats five words in a row, or a short text, of one person.")
    return status


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
