"""`heard translations`: the texts of a consultation to a translator, and back into the file."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from pathlib import Path

import click

from app.consultation import DefinitionErrors
from app.consultation.loader import read_definition_file
from app.consultation.translations import (
    NotTranslations,
    Translated,
    TranslationsDoNotFit,
    catalog_from_po,
    catalog_to_po,
    consultation_of,
    export_catalog,
    import_catalog,
)

from .options import json_option
from .refusal import NotReady, Refusal
from .surroundings import surveys_folder

BOM = "\ufeff"
NAMED = 5
"""Texts that a message names; the checker names them all."""


@click.group()
def translations() -> None:
    """Give the texts of a consultation to a translator, and read them back."""


@translations.command("export")
@click.argument("consultation", metavar="ID")
@click.option("--language", metavar="TAG", required=True, help="The language to translate to: sw.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The PO file to write.  [default: TAG.po]",
)
def export_(consultation: str, *, language: str, output: Path | None) -> None:
    """Write the texts of a consultation into a PO file, with what is translated already.

    A translator opens it with Poedit, Weblate, or any other program for PO files.
    """
    path = _file_of(consultation)
    try:
        definition, source = read_definition_file(path)
        catalog = export_catalog(definition, source, language, dt.datetime.now(dt.UTC))
    except DefinitionErrors as error:
        raise NotReady(f"{consultation} cannot be read yet:\n{error}") from None
    except NotTranslations as error:
        raise Refusal(str(error)) from None
    output = output or Path(f"{language}.po")
    try:
        with output.open("xb") as file:
            file.write(catalog_to_po(catalog))
    except FileExistsError:
        raise Refusal(
            f"{output} is there already, and may hold a translator's work. Import it, or choose "
            "another name."
        ) from None
    except OSError as error:
        raise Refusal(f"{output} cannot be written: {error.strerror}.") from None
    texts = [message for message in catalog if message.id]
    missing = sum(not message.string for message in texts)
    click.echo(f"{output}: texts: {len(texts)}, still to be translated to {language}: {missing}.")


@translations.command("import")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def import_(file: Path, *, as_json: bool) -> None:
    """Write the translations in FILE, a PO file, into the consultation it was exported from.

    Nothing else in that file changes. Translations marked as fuzzy are left out.
    """
    try:
        catalog = catalog_from_po(file.read_bytes())
        path = _file_of(consultation_of(catalog))
        with path.open(encoding="utf-8", newline="") as yaml:
            old = yaml.read()
        done = import_catalog(old.removeprefix(BOM), str(path), catalog)
    except OSError as error:
        raise Refusal(f"{error.filename} cannot be read: {error.strerror}.") from None
    except NotTranslations as error:
        raise Refusal(f"{file}: {error}") from None
    except UnicodeDecodeError:
        raise NotReady(f"{path} is not UTF-8. See: heard check {path}") from None
    except DefinitionErrors as error:
        raise NotReady(f"Nothing was written:\n{error}") from None
    except TranslationsDoNotFit as error:
        raise NotReady(f"{file} does not fit {path}; nothing was written.\n{error}") from None
    new = BOM * old.startswith(BOM) + done.text
    if new != old:
        _replace(path, new)
    if as_json:
        click.echo(json.dumps(_as_json(done, path), ensure_ascii=False))
    else:
        _tell(done, path)


def _file_of(consultation: str) -> Path:
    """The file of a consultation, by its id."""
    folder = surveys_folder()
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if consultation not in known:
        raise Refusal(
            f"There is no {folder / consultation}.yaml. "
            f"Consultations there: {', '.join(known) or 'none'}."
        )
    return known[consultation]


def _replace(path: Path, text: str) -> None:
    """Write the whole file beside the old one, then put it in its place in one step."""
    real = path.resolve()
    beside: str | None = None
    try:
        handle, beside = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(real, beside)
        Path(beside).replace(real)
    except OSError as error:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
        raise Refusal(f"{path} cannot be written: {error.strerror}. It is as it was.") from None


def _as_json(done: Translated, path: Path) -> dict[str, object]:
    return {
        "file": str(path),
        "language": done.language,
        "written": done.written,
        "missing": done.missing,
        "unsure": done.unsure,
    }


def _tell(done: Translated, path: Path) -> None:
    click.echo(f"{path}: texts written in {done.language}: {len(done.written)}.")
    if done.unsure:
        click.echo(f"Left out, because they are marked as fuzzy: {_some(done.unsure)}.")
    if done.missing:
        click.echo(f"Still missing in {done.language}: {_some(done.missing)}.")
        click.echo("It can be previewed; it cannot open, and nobody is offered this language yet.")
    else:
        click.echo(f"Every text is there in {done.language}. Name under reviewers who read it.")


def _some(names: list[str]) -> str:
    more = f", and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} ({', '.join(names[:NAMED])}{more})"
