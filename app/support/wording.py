"""One support service in words, the same on the screen and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_day_names

from .model import Link, Service

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Way(NamedTuple):
    """One way to reach a service: its kind, what it is called, and what is shown and followed."""

    kind: str
    label: str
    link: Link


class Wording:
    """Says what is known of a service, and what is not, in one language (R60, R61)."""

    def __init__(self, gettext: Callable[..., str], language: str) -> None:
        """Choose a language.

        Args:
            gettext: gives Heard's own sentence in that language, with its named values put in.
            language: a BCP 47 tag that Babel knows; names, days and times are written in it.
        """
        self._gettext, self._locale = gettext, Locale.parse(language, sep="-")

    def for_whom(self, service: Service) -> str:
        """The groups and ages a service is for; empty when no source says."""
        _ = self._gettext
        names = self._groups()
        groups = self._listed(names[group] for group in service.for_)
        if service.ages and service.ages.to is not None:
            ages = _("age %(low)d to %(high)d", low=service.ages.from_, high=service.ages.to)
            return f"{groups} ({ages})" if groups else ages
        return groups

    def ways(self, service: Service) -> Iterator[Way]:
        """What to dial, to write to or to open; what is shown is what is followed (R62)."""
        _ = self._gettext
        call = {"free": _("Call (free)"), "charged": _("Call (costs money)")}
        for link in service.tel_links:
            yield Way("call", call.get(service.cost or "", _("Call")), link)
        for link, sms in zip(service.sms_links, service.sms, strict=True):
            label = _("Text the word %(word)s to", word=sms.keyword) if sms.keyword else _("Text")
            yield Way("sms", label, link)
        for link in service.whatsapp_links:
            yield Way("chat", "WhatsApp", link)
        for address in service.emails:
            yield Way("mail", _("Email"), Link(address, f"mailto:{address}"))
        if service.url:
            shown = service.url.split("//", 1)[1].removeprefix("www.").rstrip("/")
            names = self._channels()
            also = self._listed(names[channel] for channel in service.also)
            label = _("Website (%(ways)s)", ways=also) if also else _("Website")
            yield Way("web", label, Link(shown, service.url))

    def hours(self, service: Service) -> str:
        """When it answers; empty when no source says."""
        _ = self._gettext
        if service.hours is None:
            return ""
        if service.always_open:
            return _("every day, day and night")
        openings = (
            f"{self._days(opening.days)} {self._clock(opening.from_, opening.to)}".strip()
            for opening in service.hours
        )
        return _("; ").join(openings)

    def languages(self, service: Service) -> str:
        """In which languages it answers; empty when no source says."""
        return self._listed(name for _tag, name in self.languages_marked(service))

    def languages_marked(self, service: Service) -> list[tuple[str, str]]:
        """The same one by one, each with the tag of the language that the name is in, "" for this
        one: who has it read aloud hears a name as it is said (WCAG 2.2, 3.1.2)."""
        _ = self._gettext
        names = [self._language(tag) for tag in service.languages]
        if service.more_languages:
            names.append(("", _("and others") if names else _("several languages")))
        return names

    def anonymous(self, service: Service) -> str:
        """Whether one has to say a name; empty when no source says."""
        _ = self._gettext
        said = {"yes": _("You do not have to say it."), "no": _("They may ask for it.")}
        return said.get(service.anonymous or "", "")

    def checked(self, service: Service) -> str:
        """When and by whom it was called or written to; empty when nobody did yet."""
        _ = self._gettext
        if service.checked is None:
            return ""
        day = format_date(service.checked.date, "long", self._locale)
        return _("Checked on %(day)s by %(person)s", day=day, person=service.checked.by)

    def doubts(self, service: Service, today: dt.date) -> str:
        """What no source says, and how sure the rest is."""
        _ = self._gettext
        unknown = [
            (service.hours is None, _("when they answer")),
            (not service.languages and not service.more_languages, _("in which languages")),
            (service.cost is None, _("what it costs")),
            (service.anonymous is None, _("if they ask your name")),
        ]
        things = self._listed(words for is_unknown, words in unknown if is_unknown)
        said = [_("We do not know: %(things)s.", things=things)] if things else []
        if service.checked is None:
            month = format_skeleton("yMMMM", service.last_seen, locale=self._locale)
            said.append(
                _(
                    "Seen in a public source in %(month)s. None of us has checked it yet.",
                    month=month,
                )
            )
        if service.is_flagged(today):
            said.append(_("This entry is old: it may have changed."))
        return " ".join(said)

    def _groups(self) -> dict[str, str]:
        _ = self._gettext
        return {
            "children": _("children"),
            "young_people": _("young people"),
            "lgbtq_young_people": _("LGBTQ+ young people"),
            "adults": _("adults"),
            "women": _("women"),
            "survivors": _("people who went through abuse"),
            "anyone": _("anyone"),
            "parents": _("parents"),
            "families": _("families"),
            "worried_adults": _("adults who are worried about a child"),
            "workers": _("people who work with children"),
        }

    def _channels(self) -> dict[str, str]:
        _ = self._gettext
        return {
            "chat": _("chat"),
            "messages": _("messages"),
            "sms": _("text messages"),
            "whatsapp": "WhatsApp",
            "messenger": "Messenger",
            "email": _("email"),
            "app": _("an app"),
            "form": _("a form"),
        }

    def _language(self, tag: str) -> tuple[str, str]:
        """The language's own name for itself, with its tag; else its name in this language."""
        try:
            own = Locale.parse(tag, sep="-").get_display_name()
        except (ValueError, UnknownLocaleError):
            own = None
        if own:
            return tag, own[0].upper() + own[1:]
        return "", str(self._locale.languages.get(tag, tag))

    def _days(self, days: str) -> str:
        _ = self._gettext
        if days == "mon-sun":
            return _("every day")
        names = get_day_names("wide", "stand-alone", self._locale)
        return " – ".join(names[DAYS.index(day)] for day in days.split("-"))  # noqa: RUF001

    def _clock(self, start: str | None, end: str | None) -> str:
        _ = self._gettext
        if not start or not end:
            return _("(hours not known)")
        return _("from %(start)s to %(end)s", start=self._time(start), end=self._time(end))

    def _time(self, clock: str) -> str:
        hours, minutes = (int(part) for part in clock.split(":"))
        return format_time(dt.time(hours % 24, minutes), "short", locale=self._locale)

    def _listed(self, words: Iterable[str]) -> str:
        """Words beside each other, with the comma of the language."""
        _ = self._gettext
        return _(", ").join(words)
