"""What is told to those who answered: R93, R94, and what each version changed."""

from __future__ import annotations

from collections.abc import Iterator

from ..outcomes import Outcome
from .registry import Spot, rule
from .sheet import Sheet


def _told(sheet: Sheet) -> Iterator[tuple[int, Outcome]]:
    """What people will read; a draft may be half written."""
    for index, outcome in enumerate(sheet.definition.outcomes):
        if outcome.state != "draft":
            yield index, outcome


@rule(
    "outcome",
    "gate",
    "R93",
    "What is told says what changes and by when, or what does not and why.",
    firm=True,
)
def _outcome(sheet: Sheet) -> Iterator[Spot]:
    for index, outcome in _told(sheet):
        for key, message in _missing(outcome):
            yield ("outcomes", index, *((key,) if key else ())), message
    told = {outcome.area for _, outcome in _told(sheet)}
    for index, area in enumerate(sheet.definition.nobody_answered):
        where = ("nobody_answered", index)
        if area not in sheet.definition.areas:
            yield (
                where,
                f"No question asks about “{area}”. Take it out; the page says so.",
            )
        elif area in told:
            yield where, f"An outcome tells what was heard about “{area}”. Take it out here."


def _missing(outcome: Outcome) -> Iterator[tuple[str, str]]:
    if outcome.change is None and outcome.no_change is None:
        yield "", "Nothing follows from this. Add “change: …”, or “no_change: …” with “why: …”."
    if outcome.change is not None and outcome.by is None:
        yield "change", "By when? Add “by: …”, the day after which it is late in public."
    if outcome.no_change is not None and outcome.why is None:
        yield "no_change", "People will ask why. Add “why: …”."
    if outcome.change is None and outcome.by is not None:
        yield "by", "This day belongs to a change. Add “change: …”, or take the day out."
    if outcome.change is None and outcome.state == "done":
        yield "state", "Nothing is done here that changes. Write “state: answered”."


@rule(
    "outcome-for-children",
    "gate",
    "R94",
    "Children can read what came of it on the day that adults can.",
    firm=True,
)
def _for_children(sheet: Sheet) -> Iterator[Spot]:
    for index, outcome in _told(sheet) if sheet.for_children else ():
        if outcome.child_version is None:
            yield (
                ("outcomes", index),
                "Children were asked, and this says nothing to them. Add “child_version: …”: what "
                "was heard and what comes of it, in two or three short sentences.",
            )


@rule("changes", "advice", "R98", "A new version says what it changes because of people.")
def _changes(sheet: Sheet) -> Iterator[Spot]:
    version = sheet.definition.version
    said = [revision.version for revision in sheet.definition.changes]
    if version > 1 and version not in said:
        yield (
            ("version",),
            f"What version {version} changes because of people is not said. Add at the top: "
            f"changes: [{{version: {version}, what: …}}].",
        )
    for index, number in enumerate(said):
        if number > version:
            yield (
                ("changes", index, "version"),
                f"This is version {version}. Write {version} or less.",
            )
