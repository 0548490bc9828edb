"""What those who ask owe to those who answer: duties, and Lundy's four doors.

A draft may lack any of the duties, so that it can be previewed; the checker names each that is
missing, and nothing opens to the public before (R95).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from .kinds import Day, Line
from .questions import Name, Strict
from .texts import Text


class Listener(Strict):
    """The audience door of Lundy's model: who listens and what they promised."""

    who: Text
    promise: Text
    reply_by: Day


class Influence(Strict):
    """The influence door of Lundy's model."""

    can_change: Text
    cannot_change: Text


class Participation(Strict):
    """Lundy's four doors, shown to the person in plain words (R98)."""

    space: Text
    voice: Text
    audience: Listener
    influence: Influence


class Approval(Strict):
    """A decision of a body outside the team."""

    body: Line | None = None
    reference: Line | None = None
    date: Day | None = None


class Account(Strict):
    """A question that may ask for an account of abuse, and the decision that allows it (R23)."""

    question: Name
    reference: Line


class Ethics(Approval):
    """The ethics body's decision; `accounts` only where it allows them in so many words."""

    accounts: list[Account] = Field(default_factory=list)


EVERYWHERE = "all"
"""The key of `law` for what holds in every country."""


def _for_all(value: Any) -> Any:
    return {EVERYWHERE: value} if isinstance(value, str) else value


Law = Annotated[
    dict[Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|all)$")], Line],
    BeforeValidator(_for_all),
]
"""One text for every country, or texts by country."""


class Safeguarding(Strict):
    """Who answers for people's safety, and what the law asks of the team (R70)."""

    lead: Line | None = None
    deputy: Line | None = None
    law: Law | None = None
    answers_read: Line | None = None


class Pilot(Strict):
    """Who tried the questions, and what changed."""

    reviewers: int | None = Field(default=None, ge=0)
    lived_experience: int | None = Field(default=None, ge=0)
    changed: Line | None = None


class Duties(Strict):
    """What must be in place before a consultation opens to the public (R95)."""

    why_ask: Line | None = None
    ethics: Ethics | None = None
    data_protection: Approval | None = None
    safeguarding: Safeguarding | None = None
    distress_protocol: Line | None = None
    trained_facilitators: int | None = Field(default=None, ge=0)
    pilot: Pilot | None = None
