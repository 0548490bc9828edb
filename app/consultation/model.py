"""The definition of a consultation: the one implementation of the consultation language."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .questions import AnyQuestion, Area, Choice, Name, Note, Strict, TextQuestion, choices_of
from .texts import Text

ConsultationId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
HttpsAddress = Annotated[str, StringConstraints(pattern=r"^https://[^\s\"'<>]+$", max_length=300)]


class Organisation(Strict):
    """Who asks."""

    name: Text
    contact: Line


class Audience(Strict):
    """For whom, in years of age."""

    from_age: int = Field(ge=6, le=120)
    to_age: int | None = Field(default=None, ge=6, le=120)


class Dates(Strict):
    """When the consultation opens and closes, and what follows by when."""

    opens: dt.date
    closes: dt.date
    results_by: dt.date
    delete_by: dt.date
    withdraw_until: dt.date | None = None

    @property
    def last_withdrawal(self) -> dt.date:
        """The last day on which a response can be taken back (R92)."""
        return self.withdraw_until or self.results_by


class Collector(Strict):
    """One entry link of its own, so that nobody has to be asked where they are."""

    name: Name
    label: Text


class Topic(Strict):
    """A hard topic that a person may choose not to see."""

    name: Name
    label: Text


class Support(Strict):
    """Countries whose support services are shown first."""

    countries: list[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]] = Field(min_length=1)


class Statement(Strict):
    """One thing a person agrees to, or not (R11)."""

    name: Name
    label: Text
    optional: bool = False


class Consent(Strict):
    """How consent is given."""

    model: Literal["adult", "young_person_alone", "caregiver_and_assent", "waiver"]
    statements: list[Statement] = Field(min_length=1)
    text: Text | None = None


class Listener(Strict):
    """The audience door of Lundy's model: who listens and what they promised."""

    who: Text
    promise: Text
    reply_by: dt.date


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
    """An ethics or data-protection decision."""

    body: Line | None = None
    reference: Line
    date: dt.date


class Safeguarding(Strict):
    """Who answers for people's safety, and what the law asks (R70)."""

    lead: Line
    deputy: Line
    law: Line
    answers_read: Line


class Pilot(Strict):
    """Who tried the questions, and what changed."""

    reviewers: int = Field(ge=0)
    lived_experience: int = Field(ge=0)
    changed: Line


class Duties(Strict):
    """What must be in place before a consultation opens to the public (R95)."""

    why_ask: Line
    ethics: Approval
    data_protection: Approval
    safeguarding: Safeguarding
    distress_protocol: Line
    trained_facilitators: int = Field(ge=0)
    pilot: Pilot


class Thanks(Strict):
    """What the last page says."""

    what_happens_next: Text


class Page(Strict):
    """One step of questions."""

    name: Name
    title: Text | None = None
    topics: list[Name] = Field(default_factory=list)
    content_warning: Text | None = None
    area: Area | None = None
    relevant: str | None = None
    questions: list[AnyQuestion] = Field(min_length=1)

    @property
    def asked(self) -> list[AnyQuestion]:
        """The questions that can be answered: all but notes."""
        return [question for question in self.questions if not isinstance(question, Note)]

    @property
    def asks_for_writing(self) -> bool:
        """Whether any question has a box to write in (R22)."""
        return any(isinstance(question, TextQuestion) for question in self.questions)


class Definition(Strict):
    """A whole consultation, as one YAML file describes it."""

    consultation: ConsultationId
    version: int = Field(ge=1)
    languages: list[str] = Field(min_length=1)
    title: Text
    public_name: Text
    organisation: Organisation
    about: Text
    minutes: int = Field(ge=1, le=120)
    audience: Audience
    dates: Dates
    exit_to: HttpsAddress
    access: Literal["link", "group_code", "single_use_code"] = "link"
    collectors: list[Collector] = Field(default_factory=list)
    sealed_to: list[Line] = Field(default_factory=list, max_length=16)
    support: Support
    consent: Consent
    duties: Duties | None = None
    participation: Participation | None = None
    topics: list[Topic] = Field(default_factory=list)
    choice_lists: dict[Name, list[Choice]] = Field(default_factory=dict)
    pages: list[Page] = Field(min_length=1)
    thanks: Thanks
    outcomes: list[dict[str, str]] = Field(default_factory=list)

    @cached_property
    def questions(self) -> dict[str, AnyQuestion]:
        """Every question by its name, notes included, in the order of the file."""
        return {question.name: question for page in self.pages for question in page.questions}

    @cached_property
    def page_of(self) -> dict[str, Page]:
        """The page of each question, by the question's name."""
        return {question.name: page for page in self.pages for question in page.questions}

    @cached_property
    def pages_by_name(self) -> dict[str, Page]:
        """Every page by its name."""
        return {page.name: page for page in self.pages}

    @cached_property
    def media(self) -> frozenset[str]:
        """Every picture and sound that a question or a choice names."""
        shown = (
            thing
            for question in self.questions.values()
            for holder in (question, *choices_of(question))
            for thing in (holder.image, holder.audio)
        )
        return frozenset(thing.file for thing in shown if thing is not None)

    @property
    def asked(self) -> Iterator[AnyQuestion]:
        """The questions that can be answered, in the order of the file."""
        return (question for page in self.pages for question in page.asked)

    @cached_property
    def digest(self) -> str:
        """`sha256:` and the hash of the canonical JSON: the identity of exactly this version."""
        return "sha256:" + hashlib.sha256(self.canonical_json().encode()).hexdigest()

    def canonical_json(self) -> str:
        """The definition as JSON: sorted keys, no default values, no white space."""
        plain = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def definition_from_json(document: str) -> Definition:
    """Return the definition that `canonical_json` wrote.

    Raises `pydantic.ValidationError` when the document was not written by this program.
    """
    return Definition.model_validate_json(document)
