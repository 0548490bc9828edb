"""What came of the answers: what was heard, what changes, what does not and why (R93, R94)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import Field

from .kinds import Day
from .questions import Area, Strict
from .texts import Text, texts_of

AREAS: tuple[Area, ...] = get_args(Area)
WAITING = ("agreed", "sent")
"""States in which those who listen have not answered yet."""


class Outcome(Strict):
    """One thing that people said, and what comes of it."""

    heard: Text
    """What people said. Never the words of one person, never a number of fewer than ten."""
    child_version: Text | None = None
    """All of it in two or three short sentences for the youngest who were asked; shown first."""
    area: Area | None = None
    """Which of the mission's four areas it belongs to."""
    change: Text | None = None
    """What changes; while nobody has answered, what is asked for."""
    who: Text | None = None
    """Who does it; leave it out when it is those who listen."""
    by: Day | None = None
    """By when it is done. The day after, it is “late” in public."""
    no_change: Text | None = None
    """What does not change."""
    why: Text | None = None
    """Why it does not change."""
    state: Literal["draft", "agreed", "sent", "answered", "done"] = "draft"
    """`draft`: never shown. `agreed`: the text is approved. `sent`: those who listen have it.
    `answered`: they answered. `done`: the change is there. Late is counted, never written."""

    def is_late(self, today: dt.date) -> bool:
        """Whether the day it was to be done by has passed, and it is not done."""
        return self.by is not None and self.state != "done" and today > self.by


class Reply(Strict):
    """All that is told afterwards. It is no part of a version, because it changes no question."""

    outcomes: list[Outcome] = Field(default_factory=list)
    """What came of the answers, without drafts."""
    nobody_answered: list[Area] = Field(default_factory=list)
    """Areas that were asked about, and nobody answered."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is told yet."""
        return not self.outcomes and not self.nobody_answered

    @property
    def is_answered(self) -> bool:
        """Whether those who listen have answered everything that was put to them."""
        outcomes = self.outcomes
        return bool(outcomes) and all(outcome.state not in WAITING for outcome in outcomes)

    def is_late(self, reply_by: dt.date, today: dt.date) -> bool:
        """Whether those who listen promised to answer by a day that has passed, and did not."""
        return today > reply_by and not self.is_answered

    def to_json(self) -> str:
        """The reply as JSON: sorted keys, no default values, no white space."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class AreaBlock:
    """What is told of one area, or of none. `empty` says why there is nothing to tell."""

    area: Area | None
    outcomes: tuple[Outcome, ...] = ()
    empty: Literal["", "not asked", "nobody answered", "nothing yet"] = ""


def by_area(reply: Reply, asked: Collection[Area]) -> list[AreaBlock]:
    """Return what is told, area by area: all four, also when one is empty (section 2, row 13).

    Where nothing has to do with areas there is one block without an area.

    Args:
        reply: what is told.
        asked: the areas that the questions ask about.
    """
    apart = tuple(outcome for outcome in reply.outcomes if outcome.area is None)
    rest = [AreaBlock(None, apart)] if apart else []
    if not asked and len(apart) == len(reply.outcomes):
        return rest
    return [*(_block(area, reply, asked) for area in AREAS), *rest]


def _block(area: Area, reply: Reply, asked: Collection[Area]) -> AreaBlock:
    told = tuple(outcome for outcome in reply.outcomes if outcome.area == area)
    if told:
        return AreaBlock(area, told)
    if area not in asked:
        return AreaBlock(area, empty="not asked")
    return AreaBlock(
        area, empty="nobody answered" if area in reply.nobody_answered else "nothing yet"
    )


def reply_from_json(document: str, languages: Sequence[str]) -> Reply:
    """Return the reply that `Reply.to_json` wrote, its texts in the order of `languages`.

    Raises `pydantic.ValidationError` when the document was not written by this program.
    """
    reply = Reply.model_validate_json(document)
    for _, text in texts_of(reply):
        ordered = {tag: text[tag] for tag in languages if tag in text}
        text.clear()
        text.update(ordered)
    return reply
