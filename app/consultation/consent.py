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
    """What stands in the data. `quotes` is the one without which no words are quoted."""
    label: Text
    """The decision, as the person would say it."""
    optional: bool = False
    """`true` for what a person may leave unticked and still take part."""


class Assent(Strict):
    """What people of these ages read before they choose, at their own reading level (R13)."""

    from_age: int = Field(ge=6, le=120)
    """The youngest who read this text."""
    to_age: int = Field(ge=6, le=120)
    """The oldest who read this text."""
    text: Text
    """What they read before they choose, at their reading level."""


class UnderstandingChoice(Strict):
    """One thing that a person may think is meant."""

    label: Text
    """What people choose."""
    right: bool = False
    """`true` where it is what is meant."""


class UnderstandingQuestion(Strict):
    """A short check that the text was clear; nobody is turned away by it (R15)."""

    label: Text
    """What is asked, such as whether every question has to be answered."""
    choices: list[UnderstandingChoice] = Field(min_length=2, max_length=4)
    """What people choose from."""
    explanation: Text
    """What people read, in easier words, when they chose something else."""


class Waiver(Strict):
    """A named body's decision that no caregiver is asked, because it could endanger a child."""

    body: Line
    """Who decided."""
    reference: Line
    """Under which number."""
    date: Day
    """When."""
    why: Line
    """Why asking a caregiver could endanger the child."""


class Consent(Strict):
    """How consent is given."""

    model: Literal["adult", "young_person_alone", "caregiver_and_assent", "waiver"]
    """Who decides: an adult, a young person alone, a caregiver together with the child, or a
    waiver."""
    statements: list[Statement] = Field(min_length=1)
    """Each decision with a tick of its own; the first is taking part."""
    text: Text | None = None
    """What adults read before they choose."""
    assent: list[Assent] = Field(default_factory=list)
    """What people under 18 read, by age."""
    understanding: list[UnderstandingQuestion] = Field(default_factory=list, max_length=2)
    """One or two questions that show whether the text was clear. Never kept."""
    waiver: Waiver | None = None
    """The decision, when the model is `waiver`."""
