"""Checking consultations before people see them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from app.consultation import Finding
from app.consultation.checker import RULES, Checked, Surroundings, check_file

from .refusal import NotReady, Refusal
from .surroundings import look_around, surveys_folder

FINDINGS = 1  # exit status


@click.command()
@click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="text for people, json for programs, github for annotations of a pull request.",
)
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], format_: str) -> None:
    """Say what is wrong with consultations, where, and what to write instead.

    PATH is a file or a folder of them; without one, every consultation is checked. What says
    “error” or “gate” keeps a consultation from opening; “advice” does not.
    """
    checked = check_all(_files(paths or (surveys_folder(),)))
    for line in _FORMATS[format_](checked):
        click.echo(line)
    if any(one.standing for one in checked.values()):
        context.exit(FINDINGS)


def refuse_unless_ready(path: Path) -> None:
    """Refuse to open the consultation in the file at `path` while anything stands against it.

    Raises `NotReady` naming every error and gate finding. There is no way around it (R95).
    """
    ((_, checked),) = check_all([path]).items()
    if checked.definition and checked.definition.demo:
        raise NotReady(
            f"{path.stem} says “demo: true”: it is an example, and so are its duties. To ask real "
            "people, copy it, remove that line, and write what is true for you."
        )
    if checked.standing:
        lines = "\n".join(finding_line(finding) for finding in checked.standing)
        raise NotReady(f"{path.stem} cannot open yet:\n{lines}")


def check_all(files: Sequence[Path]) -> dict[Path, Checked]:
    """Return what is to be said about each file, read together with what stands around it."""
    today = dt.datetime.now(dt.UTC).date()
    around = {folder: look_around(folder, today) for folder in {file.parent for file in files}}
    return {file: _check(file, *around[file.parent]) for file in files}


def _check(file: Path, around: Surroundings, beside: Iterable[Finding]) -> Checked:
    try:
        checked = check_file(file, around)
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror}. Name a file that can be read.") from None
    return replace(checked, findings=(*checked.findings, *beside))


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not found:
            raise Refusal(f"There is no .yaml file in {path}. Begin one with: heard new ID")
        if not path.exists():
            raise Refusal(f"There is no {path}. Name a file or a folder of consultations.")
        files += [_short(file) for file in found]
    return list(dict.fromkeys(files))


def _short(path: Path) -> Path:
    """`path` as it reads from here: editors and annotations expect it like this."""
    whole, here = path.resolve(), Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else whole


def finding_line(finding: Finding) -> str:
    """One finding on a line: place, level, rule, message."""
    place = f"{finding.file}:{finding.line}:{finding.column}"
    return f"{place}: {finding.level} {finding.rule}: {finding.message}"


def _as_text(checked: dict[Path, Checked]) -> Iterator[str]:
    explained: set[str] = set()
    for one in checked.values():
        for finding in one.findings:
            yield finding_line(finding)
            if finding.rule not in explained:
                explained.add(finding.rule)
                known = RULES[finding.rule]
                yield f"    {known.why} ({known.source}) See {known.docs}"
        for finding in one.silenced:
            yield f"{finding_line(finding)} (silenced in the file)"
    yield _summary(checked)


def _summary(checked: dict[Path, Checked]) -> str:
    findings = [finding for one in checked.values() for finding in one.findings]
    levels = {"error": "errors", "gate": "at the gate", "advice": "advice"}
    counts = {name: sum(f.level == level for f in findings) for level, name in levels.items()}
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    ready = sum(not one.standing for one in checked.values())
    return f"{ready} of {len(checked)} ready" + (f": {said}." if said else ".")


def _as_json(checked: dict[Path, Checked]) -> Iterator[str]:
    def plain(finding: Finding) -> dict[str, object]:
        known = RULES[finding.rule]
        more = {"why": known.why, "source": known.source, "docs": known.docs}
        return {**asdict(finding), **more}

    found = {
        "findings": [plain(f) for one in checked.values() for f in one.findings],
        "silenced": [plain(f) for one in checked.values() for f in one.silenced],
    }
    yield json.dumps(found, ensure_ascii=False, indent=2)


_COMMANDS = {"error": "error", "gate": "error", "advice": "notice"}


def _as_github(checked: dict[Path, Checked]) -> Iterator[str]:
    """Workflow commands; source: GitHub's documentation, “Workflow commands for Actions”."""
    for one in checked.values():
        for finding in one.findings:
            place = f"file={_property(finding.file)},line={finding.line},col={finding.column}"
            title = _property(f"{finding.level} {finding.rule}")
            said = _escaped(f"{finding.message} See {RULES[finding.rule].docs}")
            yield f"::{_COMMANDS[finding.level]} {place},title={title}::{said}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


_FORMATS: dict[str, Callable[[dict[Path, Checked]], Iterator[str]]] = {
    "text": _as_text,
    "json": _as_json,
    "github": _as_github,
}
