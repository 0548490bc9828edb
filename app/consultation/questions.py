"""The question types of the consultation language."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .texts import Text

PREFER_NOT_TO_SAY = "prefer_not_to_say"
"""The value that a form sends for "I prefer not to say"; no choice may have this name."""

DEFAULT_MAX_LENGTH = 2000
"""Characters in a text answer. Eighteen of them fit the smallest envelopes people will meet."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
ChoiceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=40)]
FileName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9_-]+)*\.[a-z0-9]{2,4}$")
]
"""A file beside the definition, in `surveys/media/`; no `..`, no other folder."""
Area = Literal["reporting", "support", "information", "training"]
"""The mission's four areas; results are told by them."""


class Strict(BaseModel):
    """Frozen, and refuses keys that the language does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Image(Strict):
    """A picture, loaded only on the person's own act (R24); `alt` says it in words."""

    file: FileName
    alt: Text


class Audio(Strict):
    """A sound, played only on the person's own act (R24); `transcript` says it in words."""

    file: FileName
    transcript: Text


class Choice(Strict):
    """One of the answers a person can choose."""

    name: ChoiceName
    label: Text
    exclusive: bool = False
    relevant: str | None = None
    image: Image | None = None
    audio: Audio | None = None


class Row(Strict):
    """One line of a matrix."""

    name: Name
    label: Text


class Question(Strict):
    """What every question has."""

    name: Name
    label: Text
    hint: Text | None = None
    why: Text | None = None
    area: Area | None = None
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: Text | None = None
    prefer_not_to_say: bool = False
    image: Image | None = None
    audio: Audio | None = None


class Note(Question):
    """A text to read; nothing to answer."""

    type: Literal["note"]


class SelectOne(Question):
    """One choice of several; with `randomize`, in an order of each person's own."""

    type: Literal["select_one"]
    randomize: bool = False
    choices: list[Choice] = Field(min_length=2, max_length=60)


class SelectMultiple(Question):
    """Any number of choices; an exclusive one stands alone."""

    type: Literal["select_multiple"]
    randomize: bool = False
    choices: list[Choice] = Field(min_length=2, max_length=60)


class Scale(Question):
    """A number between two labelled ends; with `faces`, a face beside each number."""

    type: Literal["scale"]
    faces: bool = False
    from_: int = Field(alias="from", ge=0, le=10)
    to: int = Field(ge=1, le=11)
    labels: dict[str, Text]

    @property
    def points(self) -> range:
        """The numbers a person can choose."""
        return range(self.from_, self.to + 1)


class Matrix(Question):
    """Several rows answered with the same choices."""

    type: Literal["matrix"]
    rows: list[Row] = Field(min_length=1, max_length=20)
    choices: list[Choice] = Field(min_length=2, max_length=11)


class Rank(Question):
    """Choices put in order; a person may place only some of them."""

    type: Literal["rank"]
    randomize: bool = False
    choices: list[Choice] = Field(min_length=2, max_length=12)


class TextQuestion(Question):
    """Words."""

    type: Literal["text"]
    lines: int = Field(default=1, ge=1, le=30)
    max_length: int = Field(default=DEFAULT_MAX_LENGTH, ge=1, le=10_000)


class Integer(Question):
    """A whole number."""

    type: Literal["integer"]
    from_: int | None = Field(default=None, alias="from")
    to: int | None = None


class Decimal(Question):
    """A number that may have a decimal part."""

    type: Literal["decimal"]
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None


class Date(Question):
    """A month or a year, never a day (R17)."""

    type: Literal["date"]
    precision: Literal["month", "year"]


class Country(Question):
    """A country, by its ISO 3166 code."""

    type: Literal["country"]


AnyQuestion = Annotated[
    Note
    | SelectOne
    | SelectMultiple
    | Scale
    | Matrix
    | Rank
    | TextQuestion
    | Integer
    | Decimal
    | Date
    | Country,
    Field(discriminator="type"),
]


def choices_of(question: AnyQuestion) -> list[Choice]:
    """The choices of a question; empty for types that have none."""
    if isinstance(question, (SelectOne, SelectMultiple, Matrix, Rank)):
        return question.choices
    return []
