"""What is known about one support service, and how sure it is."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Annotated, Literal, NamedTuple, Self
from urllib.parse import quote

from babel import Locale
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

FLAGGED_AFTER_MONTHS = 12
"""An entry nobody has seen for this long is shown with a word of doubt (R61)."""

HIDDEN_AFTER_MONTHS = 24
"""An entry nobody has seen for this long is not shown: a dead number costs trust (R61)."""

ADULT_AGE = 18

AGES_OF = {
    "children": (0, 17),  # Convention on the Rights of the Child, article 1
    "young_people": (10, 24),  # the World Health Organization's definition
    "lgbtq_young_people": (10, 24),
    "adults": (18, math.inf),
    "women": (18, math.inf),
    "survivors": (0, math.inf),
    "anyone": (0, math.inf),
}
"""Ages, in years, of the people a service is for, where its source names no ages itself."""


def _real_month_or_day(value: str) -> str:
    try:
        dt.date.fromisoformat(value if value.count("-") > 1 else f"{value}-01")
    except ValueError:
        raise ValueError(f"There is no such date as {value}.") from None
    return value


def _known_language(tag: str) -> str:
    if tag not in Locale("en").languages:
        raise ValueError(f"“{tag}” is not a language tag such as en or ne.")
    return tag


def _hours(value: object) -> object:
    return [] if value == "always" else value


Line = Annotated[str, StringConstraints(min_length=1, max_length=400)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
ShownNumber = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]([0-9 ()-]*[0-9])?$")]
"""A number as people read it. What is dialled is computed from it and stored nowhere (R62)."""

Seen = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"),
    AfterValidator(_real_month_or_day),
]
"""A day, or a month where the source names no day."""

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Days = Annotated[
    str,
    StringConstraints(pattern=r"^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$"),
]
LanguageTag = Annotated[str, AfterValidator(_known_language)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\"'<>]+$", max_length=300)]
MailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]

Kind = Literal["child", "abuse", "general"]
Group = Literal[
    "children",
    "young_people",
    "lgbtq_young_people",
    "adults",
    "women",
    "survivors",
    "anyone",
    "parents",
    "families",
    "worried_adults",
    "workers",
]
Matter = Literal[
    "child_abuse", "sexual_violence", "domestic_violence", "online_harm", "trafficking", "rights"
]
Channel = Literal["chat", "messages", "sms", "whatsapp", "messenger", "email", "app", "form"]


class Link(NamedTuple):
    """A number or address as people read it, and what their phone follows."""

    shown: str
    href: str


class Strict(BaseModel):
    """Frozen, and refuses keys that the schema does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Sms(Strict):
    """A number to write to, and the word to send first if there is one."""

    number: ShownNumber
    keyword: Line | None = None


class Opening(Strict):
    """Days on which a service answers, and from when to when in its own local time."""

    days: Days
    from_: Clock | None = Field(default=None, alias="from")
    to: Clock | None = None

    @model_validator(mode="after")
    def _both_ends(self) -> Self:
        if (self.from_ is None) != (self.to is None):
            raise ValueError("Hours need both “from” and “to”; leave out both if one is unknown.")
        return self


class Ages(Strict):
    """Ages in years, both ends included."""

    from_: int = Field(default=0, alias="from", ge=0, le=120)
    to: int | None = Field(default=None, ge=0, le=120)


class Check(Strict):
    """The person who last called or wrote to the service, and the day."""

    by: Line
    date: dt.date


class Emergency(Strict):
    """Numbers for someone in danger now; which come first is an editor's choice."""

    numbers: list[ShownNumber] = Field(min_length=1, max_length=3)
    source: Line
    seen: Seen

    @property
    def tel_links(self) -> tuple[Link, ...]:
        """Each number with the address that dials it."""
        return tuple(tel_link(number) for number in self.numbers)


class Service(Strict):
    """One support service. What its source does not say stays empty: “not known” (R60)."""

    name: Line
    kind: Kind
    for_: list[Group] = Field(default_factory=list, alias="for")
    ages: Ages | None = None
    about: list[Matter] = Field(default_factory=list)
    phones: list[ShownNumber] = Field(default_factory=list)
    sms: list[Sms] = Field(default_factory=list)
    whatsapp: list[ShownNumber] = Field(default_factory=list)
    emails: list[MailAddress] = Field(default_factory=list)
    also: list[Channel] = Field(default_factory=list)
    url: WebAddress | None = None
    hours: Annotated[list[Opening], BeforeValidator(_hours)] | None = None
    languages: list[LanguageTag] = Field(default_factory=list)
    more_languages: bool = False
    cost: Literal["free", "charged"] | None = None
    anonymous: Literal["yes", "no"] | None = None
    source: Line
    seen: Seen
    checked: Check | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.phones or self.sms or self.whatsapp or self.emails or self.url):
            raise ValueError(
                f"“{self.name}” cannot be reached. Add phones, sms, whatsapp, emails or a url, "
                "or take the service out."
            )
        if self.also and not self.url:
            raise ValueError(
                f"“{self.name}” names other ways under “also”, which people find on its website. "
                "Add the url, or take “also” out."
            )
        return self

    @property
    def always_open(self) -> bool:
        """Whether it answers every day at all hours (`hours: always`)."""
        return self.hours == []

    @property
    def tel_links(self) -> tuple[Link, ...]:
        """Each phone number with the address that dials it."""
        return tuple(tel_link(number) for number in self.phones)

    @property
    def sms_links(self) -> tuple[Link, ...]:
        """Each SMS number with the address that starts a message to it (RFC 5724)."""
        return tuple(_sms_link(sms) for sms in self.sms)

    @property
    def whatsapp_links(self) -> tuple[Link, ...]:
        """Each WhatsApp number with its address."""
        return tuple(Link(n, "https://wa.me/" + _digits(n).lstrip("+")) for n in self.whatsapp)

    @property
    def contacts(self) -> frozenset[str]:
        """Its numbers in digits, addresses and site in small letters, as anybody may write them."""
        numbers = (*self.phones, *(sms.number for sms in self.sms), *self.whatsapp)
        site = re.sub(r"^https?://(?:www\.)?", "", (self.url or "").lower()).rstrip("/")
        names = (*(email.lower() for email in self.emails), *filter(None, [site]))
        return frozenset((*(_digits(number).lstrip("+") for number in numbers), *names))

    @property
    def last_seen(self) -> dt.date:
        """The day on which the entry was last known to be right."""
        seen = dt.date.fromisoformat(self.seen if self.seen.count("-") > 1 else f"{self.seen}-01")
        return max(seen, self.checked.date) if self.checked else seen

    def is_flagged(self, today: dt.date) -> bool:
        """Whether the entry is older than 12 months (R61)."""
        return _older_than(self.last_seen, today, FLAGGED_AFTER_MONTHS)

    def is_hidden(self, today: dt.date) -> bool:
        """Whether the entry is older than 24 months (R61)."""
        return _older_than(self.last_seen, today, HIDDEN_AFTER_MONTHS)

    @property
    def age_spans(self) -> tuple[tuple[float, float], ...]:
        """Ages, from and to, of the people it is for: its own, else those of its groups."""
        if self.ages is not None:
            return (_span(self.ages),)
        return tuple(AGES_OF[group] for group in self.for_ if group in AGES_OF)

    def turns_away(self, from_age: int, to_age: float) -> bool:
        """Whether the service's own ages leave out everyone from `from_age` to `to_age`."""
        return self.ages is not None and not _overlap(_span(self.ages), (from_age, to_age))

    def is_for(self, from_age: int, to_age: float) -> bool:
        """Whether the service is known to be for some people from `from_age` to `to_age`.

        Adults of every age (`to_age` infinite) need a service without an upper age: a line for
        people up to 25 is no answer for them.
        """
        all_adults = from_age >= ADULT_AGE and to_age == math.inf
        return any(
            _overlap(span, (from_age, to_age)) and (span[1] == math.inf or not all_adults)
            for span in self.age_spans
        )


class CountryFile(Strict):
    """The file of one country."""

    country: CountryCode
    emergency: Emergency | None = None
    services: list[Service]
    none_known: bool = False

    @model_validator(mode="after")
    def _says_when_empty(self) -> Self:
        if self.none_known == bool(self.services):
            raise ValueError(
                "Write “none_known: true” beside “services: []” when no line is known, so that "
                "people are told so; take “none_known” out when there is a service."
            )
        return self


class GlobalFile(Strict):
    """The file of the directories that cover many countries."""

    services: list[Service] = Field(min_length=1)


def tel_link(shown: str) -> Link:
    """Return `shown` with the `tel:` address computed from its own digits (R62, RFC 3966)."""
    return Link(shown, "tel:" + _digits(shown))


def _sms_link(sms: Sms) -> Link:
    body = f"?body={quote(sms.keyword, safe='')}" if sms.keyword else ""
    return Link(sms.number, f"sms:{_digits(sms.number)}{body}")


def _digits(shown: str) -> str:
    return re.sub(r"[^+0-9]", "", shown)


def _span(ages: Ages) -> tuple[float, float]:
    return ages.from_, math.inf if ages.to is None else ages.to


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _older_than(seen: dt.date, today: dt.date, months: int) -> bool:
    years, month = divmod(seen.month - 1 + months, 12)
    limit = (seen.year + years, month + 1, seen.day)
    return (today.year, today.month, today.day) > limit
