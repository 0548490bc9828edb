"""What those who ask owe to those who answer: duties, and Lundy's four doors.

A draft may lack any of the duties, so that it can be previewed; the checker names each that is
missing, and nothing opens to the public before (R95).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from .kinds import Day, Line, for_all
from .questions import Name, Strict
from .texts import Text


class Listener(Strict):
    """The audience door of Lundy's model: who listens and what they promised."""

    who: Text
    """The person or body that listens."""
    promise: Text
    """What they promised to do."""
    reply_by: Day
    """By when they answer in public."""


class Influence(Strict):
    """The influence door of Lundy's model."""

    can_change: Text
    """What can change because of the answers."""
    cannot_change: Text
    """What cannot."""


class Participation(Strict):
    """Lundy's four doors, shown to the person in plain words (R98)."""

    space: Text
    """Who is invited, who is left out, and what is done about it."""
    voice: Text
    """In which ways people can answer."""
    audience: Listener
    """Who listens."""
    influence: Influence
    """What can and cannot change."""


class Approval(Strict):
    """A decision of a body outside the team."""

    body: Line | None = None
    """Who decided."""
    reference: Line | None = None
    """Under which number."""
    date: Day | None = None
    """When."""


class Account(Strict):
    """A question that may ask for an account of abuse, and the decision that allows it (R23)."""

    question: Name
    """The name of the question."""
    reference: Line
    """Where the ethics body says so."""


class Ethics(Approval):
    """The ethics body's decision; `accounts` only where it allows them in so many words."""

    accounts: list[Account] = Field(default_factory=list)
    """Questions that may ask for an account of abuse, because the ethics body says so."""


Law = Annotated[
    dict[Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|all)$")], Line],
    BeforeValidator(for_all),
]
"""One text for every country, or texts by country."""


class Safeguarding(Strict):
    """Who answers for people's safety, and what the law asks of the team (R70)."""

    lead: Line | None = None
    """Who answers for safety."""
    deputy: Line | None = None
    """Who does when the lead is away."""
    law: Law | None = None
    """What the team must do by law if someone can be identified: one text, or one for each
    country."""
    answers_read: Line | None = None
    """How often answers are read, such as `weekly`."""


class Pilot(Strict):
    """Who tried the questions, and what changed."""

    reviewers: int | None = Field(default=None, ge=0)
    """How many people tried the questions."""
    lived_experience: int | None = Field(default=None, ge=0)
    """How many of them know the subject from their own life."""
    changed: Line | None = None
    """What you changed after that."""


class Duties(Strict):
    """What must be in place before a consultation opens to the public (R95)."""

    why_ask: Line | None = None
    """Why these people have to be asked, and what else was considered."""
    ethics: Ethics | None = None
    """The ethics approval."""
    data_protection: Approval | None = None
    """The data-protection assessment."""
    safeguarding: Safeguarding | None = None
    """Who answers for safety, and the law."""
    distress_protocol: Line | None = None
    """The page that facilitators follow when someone is upset."""
    trained_facilitators: int | None = Field(default=None, ge=0)
    """How many are trained for it."""
    pilot: Pilot | None = None
    """Who tried the questions first."""
