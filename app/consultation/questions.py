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

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )


class Image(Strict):
    """A picture, loaded only on the person's own act (R24); `alt` says it in words."""

    file: FileName
    """Where the picture is, inside `surveys/media/`."""
    alt: Text
    """The same in words; it is shown before the picture, and instead of it."""


class Audio(Strict):
    """A sound, played only on the person's own act (R24); `transcript` says it in words."""

    file: FileName
    """Where the sound is, inside `surveys/media/`."""
    transcript: Text
    """The same in words; it can be read instead."""


class Choice(Strict):
    """One of the answers a person can choose."""

    name: ChoiceName
    """What stands in the data: small letters, digits and _. Put "yes", "no" and numbers in quotes.
    """
    label: Text
    """What people read."""
    exclusive: bool = False
    """`true` for an answer that stands alone, such as “None of these”."""
    relevant: str | None = None
    """Offered only when this holds, such as `${app} = 'chat'`."""
    image: Image | None = None
    """A picture for this choice."""
    audio: Audio | None = None
    """A sound for this choice."""


class Row(Strict):
    """One line of a matrix."""

    name: Name
    """What stands in the data after the question's name and two _."""
    label: Text
    """What people read."""


class Question(Strict):
    """What every question has."""

    name: Name
    """What stands in the data and in expressions: small letters, digits and _."""
    label: Text
    """The question, in one short sentence. `${name}` puts in the chosen label of an earlier
    select_one."""
    hint: Text | None = None
    """One more sentence that helps to answer."""
    why: Text | None = None
    """Why this is asked; for questions about the person."""
    area: Area | None = None
    """Which of the mission's four areas the answer belongs to."""
    relevant: str | None = None
    """Shown only when this holds, such as `${told} = 'yes'`. A comparison with a skipped question
    is false."""
    constraint: str | None = None
    """What an answer should fulfil; `.` is the answer, as in `. >= 5`. It asks once more and holds
    nobody."""
    constraint_message: Text | None = None
    """What to say when it is not fulfilled."""
    prefer_not_to_say: bool = False
    """`true` offers “I prefer not to say”; every question can be skipped anyway."""
    image: Image | None = None
    """A picture; it comes when the person asks for it."""
    audio: Audio | None = None
    """A sound; it plays when the person asks for it."""


class Note(Question):
    """A text to read; nothing to answer."""

    type: Literal["note"]
    """A text to read."""


class SelectOne(Question):
    """One choice of several; with `randomize`, in an order of each person's own."""

    type: Literal["select_one"]
    """Choose one."""
    randomize: bool = False
    """`true` shows the choices in an order of each person's own; exclusive ones stay last."""
    choices: list[Choice] = Field(min_length=2, max_length=60)
    """The choices, or the name of a list under `choice_lists`."""


class SelectMultiple(Question):
    """Any number of choices; an exclusive one stands alone."""

    type: Literal["select_multiple"]
    """Choose any number."""
    randomize: bool = False
    """`true` shows the choices in an order of each person's own; exclusive ones stay last."""
    choices: list[Choice] = Field(min_length=2, max_length=60)
    """The choices, or the name of a list under `choice_lists`."""


class Scale(Question):
    """A number between two labelled ends; with `faces`, a face beside each number."""

    type: Literal["scale"]
    """Choose a number between two ends."""
    faces: bool = False
    """`true` puts a face beside each number; each number then needs a label."""
    from_: int = Field(alias="from", ge=0, le=10)
    """The lowest number."""
    to: int = Field(ge=1, le=11)
    """The highest number."""
    labels: dict[str, Text]
    """Words for the two ends, and for other numbers if you like."""

    @property
    def points(self) -> range:
        """The numbers a person can choose."""
        return range(self.from_, self.to + 1)


class Matrix(Question):
    """Several rows answered with the same choices."""

    type: Literal["matrix"]
    """Answer several rows with the same choices."""
    rows: list[Row] = Field(min_length=1, max_length=20)
    """The rows."""
    choices: list[Choice] = Field(min_length=2, max_length=11)
    """The choices of every row, or the name of a list under `choice_lists`."""


class Rank(Question):
    """Choices put in order; a person may place only some of them."""

    type: Literal["rank"]
    """Put choices in order."""
    randomize: bool = False
    """`true` shows the choices in an order of each person's own."""
    choices: list[Choice] = Field(min_length=2, max_length=12)
    """The choices, or the name of a list under `choice_lists`."""


class TextQuestion(Question):
    """Words."""

    type: Literal["text"]
    """Write."""
    lines: int = Field(default=1, ge=1, le=30)
    """How many lines the box has; 1 is a single line."""
    max_length: int = Field(default=DEFAULT_MAX_LENGTH, ge=1, le=10_000)
    """How many characters fit."""


class Integer(Question):
    """A whole number."""

    type: Literal["integer"]
    """Write a whole number."""
    from_: int | None = Field(default=None, alias="from")
    """The lowest number that makes sense."""
    to: int | None = None
    """The highest number that makes sense."""


class Decimal(Question):
    """A number that may have a decimal part."""

    type: Literal["decimal"]
    """Write a number that may have decimals."""
    from_: float | None = Field(default=None, alias="from")
    """The lowest number that makes sense."""
    to: float | None = None
    """The highest number that makes sense."""


class Date(Question):
    """A month or a year, never a day (R17)."""

    type: Literal["date"]
    """Give a month or a year, never a day."""
    precision: Literal["month", "year"]
    """`month` (the year alone is enough then) or `year`."""


class Country(Question):
    """A country, by its ISO 3166 code."""

    type: Literal["country"]
    """Choose a country."""


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
