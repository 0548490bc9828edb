"""Bundles: taken from the server, looked over, and opened on a researcher's own computer."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from app.research import (
    FORMATS,
    Bundle,
    BundleError,
    DataSet,
    FolderTaken,
    Format,
    OnlyIn,
    Report,
    Stopped,
    UnknownLanguage,
    Wanted,
    Workers,
    count_missing,
    only_in_one,
    open_bundle,
    verify_bundle,
    write_bundle,
)
from app.research import unseal as unseal_bundles
from app.sealing import UntrueStatement
from app.storage import ExportedBundle, Storage, StorageUnavailable

from .bands import band
from .instance import configured, instance_option, opened
from .options import json_option, output_file
from .private_key import private_key_options, unlocked
from .private_memory import keep_memory_private
from .progress import with_progress
from .refusal import Refusal
from .retention import NOT_SAID, print_record, read_record, retention_of
from .stopping import tidy_when_stopped

FINDING = 1  # exit status
ABOUT_FILES = {
    "responses.csv": "the table: one row a response, in random order",
    "responses.xlsx": "the table for Excel: codes on one sheet, labels on the other",
    "responses.sav": "the table for SPSS",
    "responses.dta": "the table for Stata 14 and later",
    "responses.parquet": "the table for polars, pandas, R's arrow and others",
    "read.R": "reads responses.csv with its labels in R",
    "read.do": "reads responses.csv with its labels in Stata",
    "read.sps": "opens responses.sav in SPSS and makes sets of multiple responses",
    "texts.csv": "what people wrote, apart from their other answers, in another order",
    "quotes.csv": "what people wrote and let you quote; fill in checked_by before you do",
    "texts.html": "the same to read, twenty at a time",
    "codebook.html": "what each column means",
    "codebook.json": "the same for programs",
    "codebook.xlsx": "the same for Excel",
    "codebook.xml": "the same for archives (DDI-Codebook 2.5)",
    "datapackage.json": "the same for tools that know Data Package 2.0",
    "not_opened.json": "how many could not be opened, and why",
}
LONGEST_PURPOSE = 200
FEWEST = 5
"""People in a data set that says little of each of them: the floor of a report (R97)."""
FEW = (
    f"A data set of fewer than {FEWEST} people tells about each of them: whoever knows who was "
    "asked can find out what they said. Show it to nobody who does not have to see it."
)


@click.command()
@click.argument("consultation", metavar="ID")
@output_file("The bundle to write, such as internet-safer.heard.")
@click.option(
    "--purpose",
    default=NOT_SAID,
    callback=lambda _context, _option, typed: _purpose(typed),
    help="What it is for, such as “first analysis”: it is written down. No names of people.",
)
@json_option
@instance_option
def export(
    *, consultation: str, path: Path, purpose: str, as_json: bool, instance: Path | None
) -> None:
    """Write the sealed responses of a consultation to one file, for its researchers.

    People can go on answering meanwhile. If it is stopped, run it again and it goes on. Each
    bundle is noted, so that all of them can be deleted later: heard deletions.
    """
    storage = opened(configured(instance))
    try:
        definitions = _definitions(storage, consultation)
        note = _note(storage, consultation, path, purpose)
        manifest = write_bundle(path, definitions, _envelopes(storage, consultation, note))
    except (BundleError, StorageUnavailable) as error:
        raise Refusal(str(error)) from None
    if as_json:
        click.echo(json.dumps({"bundle": str(path), **asdict(manifest)}, ensure_ascii=False))
        return
    click.echo(f"{path} holds {_counted(manifest.count, 'sealed response')} of {consultation}.")
    click.echo(f"Digest   {manifest.digest}")
    click.echo("Give the file to the researchers, and the digest by another way.")
    if purpose == NOT_SAID:
        click.echo("What it is for was not said. Next time add: --purpose “…”")


def _purpose(typed: str) -> str:
    """What somebody typed, on one line; raises `Refusal` when it cannot be kept."""
    purpose = " ".join(typed.split())
    if not purpose or len(purpose) > LONGEST_PURPOSE or not purpose.isprintable():
        raise Refusal(f"Say what the bundle is for in 1 to {LONGEST_PURPOSE} letters.")
    return purpose


def _definitions(storage: Storage, consultation: str) -> list[tuple[str, str, int, str]]:
    """Every version of a consultation; raises `Refusal` when there is nothing to export."""
    definitions = storage.definitions(consultation)
    if not definitions:
        raise Refusal(f"“{consultation}” was never started. See what there is with: heard status")
    deleted = retention_of(storage, consultation, dt.datetime.now(dt.UTC).date())["deleted"]
    if deleted and not storage.count(consultation):
        raise Refusal(
            f"The answers of “{consultation}” were deleted on {deleted}, as people were promised. "
            f"The record of it: heard deletions {consultation}"
        )
    return [(each.digest, each.consultation, each.version, each.document) for each in definitions]


def _note(storage: Storage, consultation: str, path: Path, purpose: str) -> ExportedBundle | None:
    """What is written down of an export; None when it goes on with one that was stopped."""
    begun = path.with_name(path.name + ".part").exists()
    if begun and path.name in {each.bundle for each in storage.retention.exported(consultation)}:
        return None
    return ExportedBundle(path.name, purpose, band(storage.count(consultation)))


def _envelopes(
    storage: Storage, consultation: str, note: ExportedBundle | None
) -> Iterator[tuple[bytes, bytes]]:
    """Stream the responses to a bundle, once it is written down that there is one (R97)."""
    if note is not None:
        storage.retention.log_export(consultation, note)
    total = storage.count(consultation)
    for row in with_progress(storage.responses(consultation), total, "Exporting"):
        yield row.id, row.envelope


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def verify(context: click.Context, path: Path, as_json: bool) -> None:
    """Check that a bundle is whole: nothing missing, nothing changed. No key is needed.

    It also checks the signed record of deleting a consultation's answers (heard deletions).
    """
    if _verify_record(context, path, as_json):
        return
    report = verify_bundle(path)
    if as_json:
        click.echo(json.dumps({**asdict(report), "path": str(path)}, ensure_ascii=False))
    else:
        _print_report(report)
    if report.findings:
        context.exit(FINDING)


def _verify_record(context: click.Context, path: Path, as_json: bool) -> bool:
    """Check a file that is a record of deleting; whether it is one."""
    try:
        signed = read_record(path)
    except UntrueStatement as error:
        told = {"path": str(path), "findings": [str(error)]}
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else str(error))
        context.exit(FINDING)
    if signed is None:
        return False
    if as_json:
        told = {"path": str(path), "findings": [], "signed_by": signed.signed_by}
        click.echo(json.dumps({**told, "statement": dict(signed.statement)}, ensure_ascii=False))
    else:
        print_record(signed, path)
    return True


def _print_report(report: Report) -> None:
    for finding in report.findings:
        click.echo(finding)
    if not report.findings:
        click.echo(
            f"{report.path} is whole: {_counted(report.count, 'sealed response')} of "
            f"{report.consultation}."
        )
    if report.digest:
        click.echo(f"Digest   {report.digest}")
        click.echo("Compare it with the one that heard export printed on the server.")


@click.command()
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@private_key_options
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder to make for the data set.",
)
@click.option(
    "--format",
    "formats",
    default="csv",
    show_default=True,
    callback=lambda _context, _option, given: _formats(given),
    help=f"What to write, one or several of {','.join(FORMATS)}.",
)
@click.option(
    "--earlier",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An older bundle of the same consultation: says how many of its responses were taken "
    "back since. None of it is read.",
)
@click.option(
    "--language",
    metavar="TAG",
    help="The language of labels, such as fr; the consultation's first one if left out.",
)
@click.option(
    "--with-text",
    is_flag=True,
    help="Put what people wrote beside their other answers. Needs --reason.",
)
@click.option("--reason", help="Why --with-text is needed; it is kept in the folder.")
@json_option
@click.pass_context
def unseal(
    context: click.Context,
    *,
    paths: tuple[Path, ...],
    key_path: Path | None,
    shares: tuple[str, ...],
    folder: Path,
    earlier: tuple[Path, ...],
    formats: tuple[Format, ...],
    language: str | None,
    with_text: bool,
    reason: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Open bundles with your key and write a table and its codebook into a new folder.

    Do this on your own computer, never on the server. Several bundles of one consultation become
    one table; a response that is in two of them counts once. What people wrote stands apart from
    their other answers, in texts.csv.
    """
    workers = Workers(os.cpu_count() or 1, keep_memory_private)
    wanted = Wanted(formats, language, _reason(with_text, reason), workers)
    with tidy_when_stopped(), ExitStack() as stack:
        try:
            bundles = [stack.enter_context(open_bundle(path)) for path in paths]
            key = unlocked(key_path, shares, passphrase_file)
            back = [_taken_back(stack.enter_context(open_bundle(p)), bundles) for p in earlier]
            between = list(only_in_one(bundles))
            written = unseal_bundles(bundles, key, folder, _progress(), wanted)
        except (BundleError, FolderTaken, Stopped, UnknownLanguage) as error:
            raise Refusal(str(error)) from None
        except OSError as error:
            raise Refusal(f"Could not write {folder}: {error.strerror}.") from None
    taken_back = dict(zip(map(str, earlier), back, strict=True))
    if as_json:
        click.echo(json.dumps(_summary(written, taken_back, between), ensure_ascii=False))
    else:
        _print_summary(written)
        _print_taken_back(taken_back, between)
    if 0 < written.rows < FEWEST:
        click.echo(FEW, err=True)
    if written.not_opened:
        context.exit(FINDING)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _print_taken_back(taken_back: Mapping[str, int], between: Sequence[OnlyIn]) -> None:
    for path, count in taken_back.items():
        click.echo(f"Taken back since {path}: {count}. Delete that file, and every copy of it.")
    for one in between:
        click.echo(
            f"Only in {one.path}, not in {one.other}: {one.responses}. If {one.path} is the "
            f"older one, people took these back: unseal {one.other} alone, and delete {one.path}."
        )


def _taken_back(earlier: Bundle, bundles: Sequence[Bundle]) -> int:
    """How many responses of an older bundle none of these has."""
    if len(bundles) > 1:
        raise click.UsageError("--earlier goes with one bundle: the newest.")
    return count_missing(earlier, bundles[0])[0]


def _formats(given: str) -> tuple[Format, ...]:
    """The formats that were asked for, in the order of `FORMATS`."""
    names = {name.strip() for name in given.split(",")}
    unknown = sorted(names - set(FORMATS))
    if unknown:
        raise click.BadParameter(
            f"there is no “{unknown[0]}”. Choose of {', '.join(FORMATS)}, with commas between."
        )
    needed = {"parquet": "polars", "xlsx": "xlsxwriter", "sav": "pyreadstat", "dta": "pyreadstat"}
    for name in names - {"csv"}:
        if find_spec(needed[name]) is None:
            raise click.BadParameter(
                f"{name} needs what researchers install: pip install 'heard[research]'"
            )
    return tuple(each for each in FORMATS if each in names)


def _reason(with_text: bool, reason: str | None) -> str | None:
    """Why texts are to stand beside the other answers, or None when they are not to."""
    said = " ".join((reason or "").split())
    if with_text and not said:
        raise click.UsageError(
            "--with-text puts what people wrote beside their age and other answers, which can show "
            'who they are. Say why it is needed: --reason "…". Without it, texts are in texts.csv.'
        )
    if said and not with_text:
        raise click.UsageError("--reason is for --with-text.")
    return said or None


def _progress() -> Callable[[Iterator[bytes], int], Iterator[bytes]]:
    return lambda ids, total: with_progress(ids, total, "Opening")


def _summary(
    written: DataSet, taken_back: Mapping[str, int], between: Sequence[OnlyIn]
) -> dict[str, Any]:
    return {
        "folder": str(written.folder),
        "consultation": written.consultation,
        "versions": written.versions,
        "rows": written.rows,
        "columns": written.columns,
        "texts": written.texts,
        "files": list(written.files),
        "not_opened": dict(written.not_opened),
        "left_empty": dict(written.left_empty),
        "taken_back": taken_back,
        "only_in": [
            {"in": str(one.path), "not_in": str(one.other), "count": one.responses}
            for one in between
        ],
    }


def _print_summary(written: DataSet) -> None:
    rows, are = _counted(written.rows, "response"), "is" if written.rows == 1 else "are"
    click.echo(f"{rows} of {written.consultation} {are} in {written.folder}")
    for file in sorted(written.files, key=list(ABOUT_FILES).index):
        click.echo(f"  {file:<18} {ABOUT_FILES[file]}")
    for file, count in written.left_empty.items():
        click.echo(
            f"Left empty in {file}: {_counted(count, 'cell')} that it cannot hold. "
            "responses.csv can."
        )
    for reason, count in written.not_opened.items():
        click.echo(f"Left out: {count} ({reason}).")
