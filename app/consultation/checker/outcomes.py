"""What is told to those who answered: R93, R94, and what each version changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..model import SMALLEST_GROUP
from ..outcomes import Outcome
from .registry import Spot, rule
from .sheet import Sheet
from .word_lists import find_words

COUNTED: Final = ("heard", "child_version")
"""Where people are counted; the other texts tell of what changes."""
_NUMBER: Final = re.compile(r"(?<![\w.,:/–-])\d+(?![\w%٪]|[.,:/–-]\w|\s+%)")  # noqa: RUF001
_SHARE: Final = re.compile(r"[%٪]\s*[(（]\s*(\d+)\b\D+?\b(\d+)\s*[)）]")  # noqa: RUF001
"""A percentage with its base, as in `83% (35 of 42)`, in digits of any script."""


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


@rule("outcome-numbers", "gate", "R97", "No number that people are told is of fewer than ten.")
def _numbers(sheet: Sheet) -> Iterator[Spot]:
    for passage in sheet.passages:
        if passage.path[0] == "outcomes" and passage.path[2] in COUNTED:
            # “Within two days” is what a child's version says of a change: there, digits alone.
            words = find_words("few", passage.language, passage.text)
            for message in _too_few(passage.text, words if "heard" in passage.path else []):
                yield passage.path, message


def _too_few(text: str, words: list[str]) -> Iterator[str]:
    """What is wrong with the numbers in a text, in words that were found and in digits."""
    small = [found.group() for found in _NUMBER.finditer(text) if _is_few(int(found.group()))]
    found = [*small, *words]
    if found:
        yield (
            f"“{', '.join(found)}” may be fewer than ten people, who can be recognised. Write "
            "“some of you”, or say it without a number."
        )
    for part, base in ((int(a), int(b)) for a, b in _SHARE.findall(text)):
        if _is_few(base - part):
            yield (
                f"{part} of {base} leaves {base - part}: fewer than ten people, who can be "
                "recognised. Write “nearly all of you”."
            )


def _is_few(count: int) -> bool:
    return 0 < count < SMALLEST_GROUP


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
