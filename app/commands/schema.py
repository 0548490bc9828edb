"""What editors and facilitators need to know of the consultation language."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.consultation.reference import language_reference
from app.consultation.schema import consultation_schema

from .refusal import Refusal


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json", "markdown"]),
    default="json",
    show_default=True,
    help="json: a JSON Schema for editors. markdown: the reference for people.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, such as surveys/consultation.schema.json; else it is printed.",
)
def schema(format_: str, output: Path | None) -> None:
    """Write the consultation language as a JSON Schema for editors, or as a reference.

    With surveys/consultation.schema.json beside your file, an editor that knows the first line of
    heard new's drafts completes keys and explains them.
    """
    text = language_reference()
    if format_ == "json":
        text = json.dumps(consultation_schema(), ensure_ascii=False, indent=1) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(f"Could not write {output}: {error.strerror}.") from None
    click.echo(f"{output} is written.")
