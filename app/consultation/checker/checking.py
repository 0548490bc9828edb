"""One file through every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from ..findings import DefinitionErrors, Finding, did_you_mean
from ..loader import read_definition, read_definition_file
from ..model import AFTERWARDS, Definition, Silenced
from ..yaml_source import Source
from . import (  # noqa: F401 - each registers its rules
    about,
    consent,
    duties,
    easy,
    languages,
    loading,
    notices,
    outcomes,
    people,
    questions,
    support,
    wording,
)
from .registry import RULES, Rule, loader_rule
from .sheet import Sheet
from .surroundings import Surroundings

SENTENCE_WORDS = 5
"""Words that a reason needs at least: fewer say nothing to whoever reads it next year."""


@dataclass(frozen=True)
class Checked:
    """What was found in one file, in its order.

    `silenced` holds findings that the file sets aside with a reason. `definition` is None when the
    file has an error of the loader.
    """

    findings: tuple[Finding, ...]
    silenced: tuple[Finding, ...] = ()
    definition: Definition | None = None

    @property
    def standing(self) -> tuple[Finding, ...]:
        """What keeps the consultation from people: errors and gates."""
        return tuple(finding for finding in self.findings if finding.level != "advice")


def check_file(path: FilePath, around: Surroundings) -> Checked:
    """Return what is to be said about the file at `path`; raises `OSError`."""
    return _checked(lambda: read_definition_file(path), around)


def check_text(text: str, path: str, around: Surroundings) -> Checked:
    """Return what is to be said about a definition; `path` is the file's name in messages."""
    return _checked(lambda: read_definition(text, path), around)


def check_outcomes(path: FilePath, around: Surroundings) -> Checked:
    """Return what is to be said about the part that is told afterwards; raises `OSError`.

    The rest may have gone stale meanwhile: a consultation that is closed can still be answered.
    """
    try:
        definition, source = read_definition_file(path)
    except DefinitionErrors as error:
        return Checked(tuple(error.findings))
    sheet = Sheet(definition, source, around)
    found = {
        finding for each in RULES.values() for finding in _apply(each, sheet, within=AFTERWARDS)
    }
    set_aside = {one.rule for one in definition.silenced if not _misuse(one)}
    silenced = sorted(finding for finding in found if finding.rule in set_aside)
    return Checked(tuple(sorted(found.difference(silenced))), tuple(silenced), definition)


def _checked(read: Callable[[], tuple[Definition, Source]], around: Surroundings) -> Checked:
    try:
        definition, source = read()
    except DefinitionErrors as error:
        return Checked(tuple(error.findings))
    return check_definition(definition, source, around)


def check_definition(definition: Definition, source: Source, around: Surroundings) -> Checked:
    """Return what the rules find in a definition that loads."""
    sheet = Sheet(definition, source, around)
    found = {finding for each in RULES.values() for finding in _apply(each, sheet)}
    set_aside = {one.rule for one in definition.silenced if not _misuse(one)}
    silenced = sorted(finding for finding in found if finding.rule in set_aside)
    heard = found.difference(silenced) | set(_silencing(sheet, {f.rule for f in silenced}))
    return Checked(tuple(sorted(heard)), tuple(silenced), definition)


def _apply(each: Rule, sheet: Sheet, within: tuple[str, ...] = ()) -> Iterator[Finding]:
    """What a rule finds, everywhere or only within some keys at the top of the file."""
    if each.check is None:
        return
    level = each.in_demo if sheet.definition.demo else each.level
    for path, message in each.check(sheet):
        if within and path[:1] not in {(key,) for key in within}:
            continue
        yield sheet.source.finding(path, message, rule=each.name, level=level)


loader_rule("silenced", "Specification", "A rule is set aside by its name, with a written reason.")


def _silencing(sheet: Sheet, used: set[str]) -> Iterator[Finding]:
    """What is wrong with the list `silenced` itself."""
    for index, one in enumerate(sheet.definition.silenced):
        message = _misuse(one)
        if message:
            yield sheet.source.finding(("silenced", index), message, rule="silenced")
        elif one.rule not in used:
            message = f"“{one.rule}” finds nothing here. Remove these lines."
            where = ("silenced", index)
            yield sheet.source.finding(where, message, rule="silenced", level="advice")


def _misuse(one: Silenced) -> str:
    """Why a rule cannot be set aside like this; "" when it can."""
    known = RULES.get(one.rule)
    if known is None:
        return f"There is no rule “{one.rule}”.{did_you_mean(one.rule, RULES)}"
    if known.level == "error":
        return f"“{one.rule}” is an error and cannot be silenced. Mend it and remove these lines."
    if not known.can_be_silenced:
        return f"“{one.rule}” is a duty and cannot be silenced. Do it and remove these lines."
    if len(one.reason.split()) < SENTENCE_WORDS:
        return "The reason is too short. Write a sentence that whoever reads this can follow."
    return ""
