"""What those who ask owe to those who answer, before anything opens: R70, R71, R95, R98."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from ..duties import Approval, Duties, Pilot, Safeguarding
from ..findings import Path
from ..kinds import EVERYWHERE
from .registry import Spot, rule
from .sheet import Sheet

LIVED_EXPERIENCE = 2
"""Reviewers of a pilot who went through it themselves (R95)."""
SHOWN = 50
"""Letters of a text that a message repeats."""
_EXAMPLE = re.compile(r"^\W*(?:example|exemple|ejemplo|exemplo|مثال)\b|@example\.", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"\bTO (?:WRITE|TRANSLATE)\b|\bTODO:|\bTBD\b|\bXXX\b|lorem ipsum|^[\s.…_-]+$"
)


@rule("duties", "gate", "R95", "Every duty is done before anybody is asked.", firm=True)
def _duties(sheet: Sheet) -> Iterator[Spot]:
    duties = sheet.definition.duties or Duties()
    if not duties.why_ask:
        yield _needs("why_ask", "Say why these people have to be asked, and what else was tried.")
    yield from _approval(sheet, "ethics", duties.ethics, "body")
    yield from _approval(sheet, "data_protection", duties.data_protection)
    if not duties.distress_protocol:
        yield _needs("distress_protocol", "Name the page for facilitators when someone is upset.")
    if not duties.trained_facilitators:
        yield _needs("trained_facilitators", "Say how many people are trained to facilitate.")
    pilot = duties.pilot or Pilot()
    tried = pilot.lived_experience
    people = f"At least {LIVED_EXPERIENCE} people who went through it try the questions first."
    if tried is None:
        yield _needs("pilot.lived_experience", people)
    elif tried < LIVED_EXPERIENCE:
        yield ("duties", "pilot", "lived_experience"), f"{tried} are too few. {people}"
    if not pilot.changed:
        yield _needs("pilot.changed", "Say what you changed after the pilot.")


def _needs(item: str, message: str) -> Spot:
    keys = item.split(".")
    return ("duties", *keys), f"duties.{item} is missing. {message}"


def _approval(sheet: Sheet, key: str, given: Approval | None, *more: str) -> Iterator[Spot]:
    for part in (*more, "reference", "date"):
        if getattr(given, part, None) is None:
            yield _needs(f"{key}.{part}", "Write it from the letter of approval.")
    if given and given.date and given.date > sheet.around.today:
        yield (
            ("duties", key, "date"),
            f"This approval is dated {given.date}, which is still to come. Wait for it.",
        )


@rule(
    "safeguarding",
    "gate",
    "R70",
    "It is written who acts, and what the law asks of them.",
    firm=True,
)
def _safeguarding(sheet: Sheet) -> Iterator[Spot]:
    duties = sheet.definition.duties
    given = (duties and duties.safeguarding) or Safeguarding()
    said = {
        "lead": "Name the person who decides when somebody may be in danger.",
        "deputy": "Name who decides when the lead is away.",
        "law": "Say what the team must do by law if somebody can be identified, by country.",
        "answers_read": "Say how often answers are read, such as: weekly.",
    }
    for key, message in said.items():
        if not getattr(given, key):
            yield _needs(f"safeguarding.{key}", message)
    if given.lead and given.lead == given.deputy:
        yield (
            ("duties", "safeguarding", "deputy"),
            "Lead and deputy are the same person. Name another one.",
        )
    law = given.law or {}
    countries = sheet.definition.support.countries
    missing = [code for code in countries if code not in law]
    if law and EVERYWHERE not in law and missing:
        yield (
            ("duties", "safeguarding", "law"),
            f"The law of {', '.join(missing)} is not there. Add it, or write “{EVERYWHERE}: …” for "
            "what holds in every country.",
        )


@rule(
    "group-limits",
    "gate",
    "R71",
    "With a worker in the room, people know first what has to be reported.",
    firm=True,
)
def _group_limits(sheet: Sheet) -> Iterator[Spot]:
    definition = sheet.definition
    said = any(text.strip() for text in (definition.limits or {}).values())
    if definition.session == "group" and not said:
        yield (
            ("session",),
            "A worker is in the room, and limits is missing. Say what the worker has to report and "
            "to whom: limits: If you tell the worker that ….",
        )


@rule(
    "participation",
    "gate",
    "R98",
    "The four doors are open: space, voice, audience, influence.",
    firm=True,
)
def _participation(sheet: Sheet) -> Iterator[Spot]:
    doors = {
        "space": "who is invited, who is left out, and what is done about it",
        "voice": "in which ways and languages people can answer",
        "audience": "who listens, what they promise, and when they reply",
        "influence": "what can change and what cannot",
    }
    if sheet.definition.participation is None:
        for door, says in doors.items():
            yield (
                ("participation", door),
                f"The door “{door}” is shut. Add under participation: {door}: {says}.",
            )
        return
    reply = sheet.definition.participation.audience.reply_by
    if reply < sheet.definition.dates.closes:
        yield (
            ("participation", "audience", "reply_by"),
            f"The reply is promised for {reply}, before the consultation closes. Write a later "
            "day.",
        )


@rule("example-left", "gate", "R95", "Duties that are only examples open nothing.", firm=True)
def _example_left(sheet: Sheet) -> Iterator[Spot]:
    if sheet.definition.demo:
        return
    for path, text in _written(sheet):
        if _EXAMPLE.search(text):
            yield path, "This is still an example. Write what is true for your consultation."


def _written(sheet: Sheet) -> Iterator[tuple[Path, str]]:
    """What somebody has to answer for: duties, reviewers, a waiver, who asks."""
    definition = sheet.definition
    plain = definition.model_dump(mode="json", include={"duties", "reviewers", "organisation"})
    plain["consent"] = {"waiver": definition.consent.model_dump(mode="json").get("waiver")}
    yield from _strings(plain, ())


def _strings(node: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, dict):
        for key, item in node.items():
            yield from _strings(item, (*path, key))
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _strings(item, (*path, index))
    elif isinstance(node, str):
        yield path, node


@rule("demo", "advice", "R95", "An example is never opened to people.")
def _demo(sheet: Sheet) -> Iterator[Spot]:
    if sheet.definition.demo:
        yield (
            ("demo",),
            "This consultation is an example: heard demo shows it, heard start refuses it. For a "
            "real one, remove “demo: true” and write your own duties.",
        )


@rule(
    "placeholder", "gate", "R95", "Nothing is left that was only there to be replaced.", firm=True
)
def _placeholder(sheet: Sheet) -> Iterator[Spot]:
    texts = [(passage.path, passage.text) for passage in sheet.passages]
    for path, text in (*texts, *_written(sheet)):
        if _PLACEHOLDER.search(text):
            short = textwrap.shorten(text, SHOWN, placeholder="…")
            yield path, f"“{short}” is only a placeholder. Write your own text."


@rule(
    "closing-date",
    "gate",
    "R95",
    "A consultation opens only while it can be answered.",
    in_demo="advice",
)
def _closing_date(sheet: Sheet) -> Iterator[Spot]:
    closes = sheet.definition.dates.closes
    if closes < sheet.around.today:
        yield ("dates", "closes"), f"It closed on {closes}. Write a day that is still to come."
