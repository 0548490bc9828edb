"""Forms of other programs: read an XLSForm into a definition, and write one from it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.consultation import DefinitionErrors, load_definition_file, xlsform
from app.consultation.xlsform import KINDS, FormError, Imported, gathered

from .options import json_option, output_file
from .refusal import Refusal

FINDING = 1  # exit status

replace_option = click.option("--replace", is_flag=True, help="Write over the file if it is there.")


@click.command("import")
@click.argument("form", metavar="FORM", type=click.Path(exists=True, path_type=Path))
@output_file("The definition to write, such as surveys/my-consultation.yaml.")
@click.option("--language", help="The language of columns that name none, such as es.")
@replace_option
@json_option
@click.pass_context
def import_form(
    context: click.Context,
    *,
    form: Path,
    path: Path,
    language: str | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Write a definition from FORM, an XLSForm, and list what was not carried.

    FORM is an .xlsx or .xls file, a folder of .csv files, or a Markdown table (.md), from ODK,
    KoboToolbox, SurveyCTO, formr or a colleague.
    """
    _refuse_to_overwrite(path, replace)
    try:
        found = xlsform.import_form(form, language, path.stem)
    except FormError as error:
        raise Refusal(f"{form}: {error}") from None
    _write(path, found.yaml.encode())
    if as_json:
        click.echo(json.dumps(_as_json(found, path), ensure_ascii=False))
    else:
        _print(found, path)
    if found.definition is None:
        context.exit(FINDING)


@click.command("export-form")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@output_file("The form to write, such as my-consultation.xlsx.")
@replace_option
@click.pass_context
def export_form(context: click.Context, *, file: Path, path: Path, replace: bool) -> None:
    """Write the definition in FILE as an XLSForm (.xlsx) for ODK or KoboToolbox.

    heard import reads it back without loss.
    """
    if path.suffix.lower() != ".xlsx":
        raise Refusal(f"An XLSForm is an .xlsx file. Write: -o {path.with_suffix('.xlsx')}")
    _refuse_to_overwrite(path, replace)
    try:
        definition = load_definition_file(file)
    except DefinitionErrors as errors:
        click.echo(str(errors))
        context.exit(FINDING)
    _write(path, xlsform.export_form(definition))
    click.echo(f"{path} holds {definition.consultation}, in {', '.join(definition.languages)}.")


def _refuse_to_overwrite(path: Path, replace: bool) -> None:
    if path.exists() and not replace:
        raise Refusal(f"{path} is there already. Choose another name, or add --replace.")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.") from None


def _as_json(found: Imported, path: Path) -> dict[str, Any]:
    return {
        "file": str(path),
        "loads": found.definition is not None,
        "languages": found.languages,
        "pages": found.pages,
        "questions": found.questions,
        "to_translate": dict(found.to_translate),
        "findings": [asdict(finding) for finding in found.findings],
        "remarks": [asdict(remark) for remark in found.remarks],
    }


def _print(found: Imported, path: Path) -> None:
    languages = ", ".join(found.languages)
    click.echo(f"{path}: {found.questions} questions on {found.pages} pages, in {languages}.")
    for tag, count in found.to_translate.items():
        texts = "1 text is" if count == 1 else f"{count} texts are"
        click.echo(f"{texts} to be translated into {tag}.")
    for kind, heading in KINDS.items():
        lines = gathered(found.remarks, kind)
        if lines:
            click.echo(f"\n{heading}")
        for line in lines:
            click.echo(f"- {line}")
    if found.definition is None:
        click.echo("\nIt cannot be used yet. Put these lines right:")
        for finding in found.findings:
            click.echo(f"{path}:{finding.line}:{finding.column}: {finding.message}")
    else:
        click.echo(f"\nThe list stands at the top of the file too. Next: heard check {path}")
