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
from .kinds import EVERYWHERE, ConsultationId, CountryCode, Day, Line, NeutralSites
from .outcomes import Outcome, Reply
from .questions import AnyQuestion, Area, Choice, Name, Note, Strict, TextQuestion, choices_of
from .texts import Text, texts_of

AFTERWARDS = ("outcomes", "nobody_answered")
"""Keys of what came of the answers; they change no question, and no version."""

SMALLEST_GROUP = 10
"""People who share one link, and one combination of answers about themselves (R8, R90, R97)."""


class Organisation(Strict):
    """Who asks."""

    name: Text
    """The organisation that asks."""
    contact: Line
    """How people reach it."""


class AgeBand(Strict):
    """A span of ages that a person can choose, two years wide at least (R17)."""

    from_age: int = Field(ge=6, le=120)
    """The youngest in it."""
    to_age: int | None = Field(default=None, ge=6, le=120)
    """The oldest in it; leave it out when there is no limit."""


class Audience(Strict):
    """For whom, in years of age."""

    from_age: int = Field(ge=6, le=120)
    """The youngest who are asked."""
    to_age: int | None = Field(default=None, ge=6, le=120)
    """The oldest; leave it out when there is no limit."""
    bands: list[AgeBand] = Field(default_factory=list)
    """Ask before anything else which of these fits: a person outside is thanked and shown support,
    others read the text for their age. It is not kept with the answers (R18)."""


class Dates(Strict):
    """When the consultation opens and closes, and what follows by when."""

    opens: Day
    """The first day."""
    closes: Day
    """The last day."""
    results_by: Day
    """By when people read what was heard."""
    delete_by: Day
    """By when the answers are deleted."""
    withdraw_until: Day | None = None
    """The last day to take answers back; else the day of `results_by`."""

    @property
    def last_withdrawal(self) -> dt.date:
        """The last day on which a response can be taken back (R92)."""
        return self.withdraw_until or self.results_by


class Collector(Strict):
    """One entry link of its own, so that nobody has to be asked where they are."""

    name: Name
    """What stands in the data, such as `nepal`."""
    label: Text
    """What researchers read."""


class Topic(Strict):
    """A hard topic that a person may choose not to see."""

    name: Name
    """The name that pages use under `topics`."""
    label: Text
    """What people read when they choose what to leave out."""


class NoneKnown(Strict):
    """Countries where somebody looked for a service for these people and found none (R63)."""

    children: list[CountryCode] = Field(default_factory=list)
    """Countries without a known service for children."""
    adults: list[CountryCode] = Field(default_factory=list)
    """Countries without a known service for adults."""


class Support(Strict):
    """Countries whose support services are shown first."""

    countries: list[CountryCode] = Field(min_length=1)
    """Two-letter codes of the countries where people are asked."""
    none_known: NoneKnown = Field(default_factory=NoneKnown)
    """Where somebody looked for a service and found none."""


class Review(Strict):
    """The native speaker who read every text of one language, and the day (R75, R76)."""

    by: Line
    """Who read it."""
    date: Day
    """When."""


class Silenced(Strict):
    """A rule of the checker that does not fit this consultation, and why."""

    rule: Line
    """The name of the rule, as the checker prints it."""
    reason: Line
    """Why it does not fit here, in a sentence."""


class Thanks(Strict):
    """What the last page says."""

    what_happens_next: Text
    """What happens with the answers now."""


class Revision(Strict):
    """What a new version changed because of the people who answered or tried the questions."""

    version: int = Field(ge=2)
    """The version in which it is changed."""
    what: Text
    """What was changed, and because of whom."""


class Page(Strict):
    """One step of questions."""

    name: Name
    """The page's name: small letters, digits and _."""
    title: Text | None = None
    """The heading, when the page has several questions."""
    topics: list[Name] = Field(default_factory=list)
    """Hard topics of this page, from the list at the top."""
    content_warning: Text | None = None
    """What is said before the page is shown: name the topic in 3 to 20 words, describe nothing."""
    area: Area | None = None
    """Which of the mission's four areas the page belongs to."""
    relevant: str | None = None
    """Shown only when this holds."""
    questions: list[AnyQuestion] = Field(min_length=1)
    """One to three questions."""

    @property
    def asked(self) -> list[AnyQuestion]:
        """The questions that can be answered: all but notes."""
        return [question for question in self.questions if not isinstance(question, Note)]

    @cached_property
    def asked_names(self) -> frozenset[str]:
        """The names of those."""
        return frozenset(question.name for question in self.asked)

    @cached_property
    def constrained(self) -> list[AnyQuestion]:
        """Those whose answer has a constraint."""
        return [question for question in self.asked if question.constraint]

    @property
    def asks_for_writing(self) -> bool:
        """Whether any question has a box to write in (R22)."""
        return any(isinstance(question, TextQuestion) for question in self.questions)


class Definition(Strict):
    """A whole consultation, as one YAML file describes it."""

    consultation: ConsultationId
    """The id: the name of the file without .yaml. Never used again for another consultation."""
    version: int = Field(ge=1)
    """Raise it by one for each change that people see."""
    demo: bool = False
    """`true` for an example that must not be opened to real people."""
    languages: list[str] = Field(min_length=1)
    """Language tags such as en, fr, sw; the first is the default."""
    reviewers: dict[str, Review] = Field(default_factory=dict)
    """For each language, the native speaker who read every text."""
    title: Text
    """What it is about; seen only after Start."""
    public_name: Text
    """All that a browser's history or a shoulder can see: nothing about the subject."""
    organisation: Organisation
    """Who asks."""
    about: Text
    """Who asks, what about, and who it is for; Markdown, the first thing read. That it is a
    choice, the minutes and the number of questions are added."""
    minutes: int = Field(ge=1, le=120)
    """About how many minutes it takes."""
    audience: Audience
    """For whom."""
    dates: Dates
    """From when to when, and what follows."""
    exit_to: NeutralSites = Field(min_length=1)
    """Where “Exit this page” leads: a plain page that says nothing about a person. One address, or
    one for each language: `{fr: …, all: …}`; `all` is for the others."""
    access: Literal["link", "group_code", "single_use_code"] = "link"
    """How people come in."""
    collectors: list[Collector] = Field(default_factory=list)
    """A link for each place or group, so that nobody has to be asked where they are."""
    expected_responses: int | None = Field(default=None, ge=1)
    """About how many answers you expect."""
    smallest_group: int = Field(default=SMALLEST_GROUP, ge=5)
    """How many people share one link at least."""
    easy_version: ConsultationId | None = None
    """The id of the easy-read version."""
    layout: Literal["standard", "easy"] = "standard"
    """`easy` for easy-read: larger words, shorter lines, one thing at a time."""
    aloud: bool = False
    """`true` lets people have each page read aloud by their own browser; nothing is sent."""
    resume: bool = False
    """`true` lets people keep unsent answers under six words and come back. A risk on a device
    that others use."""
    session: Literal["own_device", "group"] = "own_device"
    """`group` for a device passed around, with a worker in the room."""
    limits: Text | None = None
    """In a group: what the worker in the room has to report, and to whom, in plain words."""
    sealed_to: list[Line] = Field(default_factory=list, max_length=16)
    """Public key files of the researchers, inside the surveys folder: 1 to 16."""
    support: Support
    """Where support services are looked up first."""
    consent: Consent
    """How people choose."""
    duties: Duties | None = None
    """What must be in place before it opens."""
    participation: Participation | None = None
    """Lundy's four doors, shown to people."""
    topics: list[Topic] = Field(default_factory=list)
    """Hard topics that people may choose not to see."""
    choice_lists: dict[Name, list[Choice]] = Field(default_factory=dict)
    """Lists of choices that several questions use."""
    pages: list[Page] = Field(min_length=1)
    """The pages, from easy to hard to easy."""
    thanks: Thanks
    """What the last page says."""
    changes: list[Revision] = Field(default_factory=list)
    """What was changed in these questions because of people, by version."""
    outcomes: list[Outcome] = Field(default_factory=list)
    """Later: what was heard, what changes, what does not and why."""
    nobody_answered: list[Area] = Field(default_factory=list)
    """Later: areas that were asked about, and nobody answered."""
    silenced: list[Silenced] = Field(default_factory=list)
    """Rules of the checker that do not fit here, each with a reason."""

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
    def complete_languages(self) -> list[str]:
        """The languages in which every text is there, in the order of `languages` (R75)."""
        texts = [text for path, text in texts_of(self) if path[0] not in AFTERWARDS]
        return [tag for tag in self.languages if all(text.get(tag, "").strip() for text in texts)]

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

    def exit_in(self, language: str) -> str:
        """The neutral address for people who read one language (R54)."""
        tags = (language, EVERYWHERE, *self.languages)
        return next(self.exit_to[tag] for tag in tags if tag in self.exit_to)

    @property
    def asked(self) -> Iterator[AnyQuestion]:
        """The questions that can be answered, in the order of the file."""
        return (question for page in self.pages for question in page.asked)

    @cached_property
    def areas(self) -> frozenset[Area]:
        """The mission's areas that a page or a question asks about."""
        named = {page.area for page in self.pages} | {question.area for question in self.asked}
        return frozenset(area for area in named if area)

    @property
    def reply(self) -> Reply:
        """What can be told in public of what came of the answers: all but drafts."""
        told = [outcome for outcome in self.outcomes if outcome.state != "draft"]
        return Reply(outcomes=told, nobody_answered=self.nobody_answered)

    @cached_property
    def digest(self) -> str:
        """`sha256:` and the hash of the canonical JSON: the identity of exactly this version."""
        return "sha256:" + hashlib.sha256(self.canonical_json().encode()).hexdigest()

    def canonical_json(self) -> str:
        """The definition as JSON: sorted keys, no default values, no white space.

        What is told afterwards is no part of it: it changes no question.
        """
        plain = self.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude=set(AFTERWARDS)
        )
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def definition_from_json(document: str) -> Definition:
    """Return the definition that `canonical_json` wrote.

    Raises `pydantic.ValidationError` when the document was not written by this program.
    """
    definition = Definition.model_validate_json(document)
    for _, text in texts_of(definition):  # sorted in the JSON; the first stands in for the others
        ordered = {tag: text[tag] for tag in definition.languages if tag in text}
        text.clear()
        text.update(ordered)
    return definition
