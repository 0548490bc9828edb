"""How a person agrees to take part, or not."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .kinds import Day, Line
from .questions import Name, Strict
from .texts import Text


class Statement(Strict):
    """One thing a person agrees to, or not (R11)."""

    name: Name
    label: Text
    optional: bool = False


class Assent(Strict):
    """What people of these ages read before they choose, at their own reading level (R13)."""

    from_age: int = Field(ge=6, le=120)
    to_age: int = Field(ge=6, le=120)
    text: Text


class Waiver(Strict):
    """A named body's decision that no caregiver is asked, because it could endanger a child."""

    body: Line
    reference: Line
    date: Day
    why: Line


class Consent(Strict):
    """How consent is given."""

    model: Literal["adult", "young_person_alone", "caregiver_and_assent", "waiver"]
    statements: list[Statement] = Field(min_length=1)
    text: Text | None = None
    assent: list[Assent] = Field(default_factory=list)
    waiver: Waiver | None = None
