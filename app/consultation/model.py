"""The definition of a consultation: the one implementation of the consultation language."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import Field

from .consent import Consent
from .duties import Duties, Participation
from .kinds import ConsultationId, CountryCode, Day, HttpsAddress, Line
from .questions import AnyQuestion, Area, Choice, Name, Note, Strict, TextQuestion, choices_of
from .texts import Text

SMALLEST_GROUP = 10
"""People who share one link, and one combination of answers about themselves (R8, R90, R97)."""


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

    opens: Day
    closes: Day
    results_by: Day
    delete_by: Day
    withdraw_until: Day | None = None

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


class NoneKnown(Strict):
    """Countries where somebody looked for a service for these people and found none (R63)."""

    children: list[CountryCode] = Field(default_factory=list)
    adults: list[CountryCode] = Field(default_factory=list)


class Support(Strict):
    """Countries whose support services are shown first."""

    countries: list[CountryCode] = Field(min_length=1)
    none_known: NoneKnown = Field(default_factory=NoneKnown)


class Review(Strict):
    """The native speaker who read every text of one language, and the day (R75, R76)."""

    by: Line
    date: Day


class Silenced(Strict):
    """A rule of the checker that does not fit this consultation, and why."""

    rule: Line
    reason: Line


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
    demo: bool = False
    languages: list[str] = Field(min_length=1)
    reviewers: dict[str, Review] = Field(default_factory=dict)
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
    expected_responses: int | None = Field(default=None, ge=1)
    smallest_group: int = Field(default=SMALLEST_GROUP, ge=5)
    easy_version: ConsultationId | None = None
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
    silenced: list[Silenced] = Field(default_factory=list)

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
