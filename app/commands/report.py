"""From a data set to reports that single nobody out: a page, a PDF and the tables of each."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from app import paper
from app.research.disclosure import (
    FLOOR,
    NO_RULES,
    THRESHOLD,
    Rules,
    RulesError,
    read_rules,
)
from app.research.folders import FolderTaken, new_folder
from app.research.opened import DataSetError, OpenedDataSet, open_data_set
from app.research.report import (
    Block,
    Chart,
    Document,
    Made,
    draw_for_print,
    make_page,
    make_reports,
    make_workbook,
)

from .options import json_option
from .refusal import Refusal
from .stopping import tidy_when_stopped

COMMON_LINK = "common-link"
"""The file name of a report about those who came through the link without a collector's name."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder to make for the reports.",
)
@click.option(
    "--by",
    type=click.Choice(["collector"]),
    help="Also write a report for each collector. All are protected together.",
)
@click.option(
    "--rules",
    "rules_file",
    metavar="FILE.yaml",
    type=click.Path(path_type=Path),
    help="What to cross the questions by, and what to make coarser.",
)
@click.option(
    "--threshold",
    type=click.IntRange(FLOOR),
    default=THRESHOLD,
    show_default=True,
    help="Hide every number of fewer people, and what would reveal it.",
)
@click.option("--language", metavar="TAG", help="Such as ne.  [default: the consultation's first]")
@json_option
def report(
    *,
    folder: Path,
    target: Path,
    by: str | None,
    rules_file: Path | None,
    threshold: int,
    language: str | None,
    as_json: bool,
) -> None:
    """Write a report of a data set: a page, a PDF, and the tables.

    DIR is the folder that heard unseal made. Publish the reports of one run only: two runs with
    other rules can give away together what each of them hides.
    """
    if folder.is_dir() and folder.resolve() in target.resolve().parents:
        raise Refusal(
            f"{target} would be inside {folder}, which holds answers in the clear. A report goes "
            "to others: name a folder outside."
        )
    try:
        with tidy_when_stopped(), new_folder(target) as place:
            data = open_data_set(folder)
            _refuse_too_few(data, threshold)
            rules = read_rules(rules_file) if rules_file else NO_RULES
            words = paper.Words(_language(data, language))
            made = make_reports(
                data, rules, words, threshold=threshold, each_collector=by is not None
            )
            notes = _write_all(place, made, words)
    except (DataSetError, RulesError, FolderTaken, paper.MissingSentence) as error:
        raise Refusal(str(error)) from None
    except OSError as error:
        raise Refusal(f"Could not write {target}: {error.strerror}.") from None
    _say(target, made, rules, notes, as_json=as_json)


def _refuse_too_few(data: OpenedDataSet, threshold: int) -> None:
    """What everybody said, or nobody, is said of each one where they are a handful."""
    if data.codebook.rows < threshold:
        raise Refusal(
            f"Fewer than {threshold} people took part, so every number could tell what one of them "
            "said. There is no report that would be safe: tell in your own words what you learned."
        )


def _language(data: OpenedDataSet, asked: str | None) -> str:
    languages = data.codebook.languages or ["en"]
    if asked is not None and asked not in languages:
        raise Refusal(
            f"{data.codebook.consultation} is not in “{asked}”. Choose one of: "
            f"{', '.join(languages)}."
        )
    return asked or languages[0]


def _write_all(place: Path, made: Made, words: paper.Words) -> list[str]:
    """Write the files of each report; what could not be written as a PDF."""
    notes = _write(place, "", made.everybody, words)
    for name, document in made.collectors.items():
        notes += _write(place, f"-{name or COMMON_LINK}", document, words)
    return notes


def _write(place: Path, ending: str, document: Document, words: paper.Words) -> list[str]:
    fonts = tuple(sorted(paper.FONTS.glob("*.ttf")))
    page = make_page(document, words, fonts)
    (place / f"report{ending}.html").write_text(page, encoding="utf-8")
    (place / f"tables{ending}.xlsx").write_bytes(make_workbook(document, words))
    try:
        pdf = paper.print_report(
            document.title,
            document.about,
            _plain(document.child, words, fonts),
            _plain(document.blocks, words, fonts),
            words,
        )
    except paper.Unprintable as error:
        return [f"There is no report{ending}.pdf. {error}"]
    (place / f"report{ending}.pdf").write_bytes(pdf)
    return []


def _plain(
    blocks: Sequence[Block], words: paper.Words, fonts: tuple[Path, ...]
) -> list[dict[str, Any]]:
    plain = []
    for block in blocks:
        content = {"kind": block.kind, **dataclasses.asdict(block)}
        if isinstance(block, Chart):
            content["pictures"] = draw_for_print(block, words.direction, fonts)
        plain.append(content)
    return plain


def _say(target: Path, made: Made, rules: Rules, notes: list[str], *, as_json: bool) -> None:
    hidden, all_cells = made.counted.hidden_cells, len(made.counted.counts)
    if as_json:
        summary = {
            "folder": str(target),
            "reports": 1 + len(made.collectors),
            "numbers": all_cells,
            "hidden": hidden,
            "notes": notes,
        }
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    reports = 1 + len(made.collectors)
    are = "1 report is" if reports == 1 else f"{reports} reports are"
    click.echo(f"{are} in {target}. Begin with report.html.")
    click.echo(f"{hidden} of {all_cells} numbers are hidden, so that nobody can be singled out.")
    if not rules.by:
        click.echo("Nothing is crossed: name questions under by: in a file for --rules.")
    for note in notes:
        click.echo(f"Note: {note}")
