"""The sheets with people to talk to, by country; their numbers are printed large."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_time, get_day_names

from app.support import Listing, Service

from .spans import Block, heading, paragraph, spans
from .words import Words

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Help:
    """Who people can talk to: one listing a country, and the lists that cover many countries."""

    listings: Sequence[Listing]
    everywhere: Sequence[Service]


class HelpSheets:
    """Makes the blocks of the help sheets, in one language.

    The sentences are those of the support page on the screen.
    """

    def __init__(self, words: Words, today: dt.date) -> None:
        self._words, self._today = words, today

    def blocks(self, help_: Help) -> Iterator[Block]:
        """Yield the sheets for some countries, and the lists that cover many countries."""
        _ = self._words.gettext
        yield from self._before()
        if not any(listing.emergency for listing in help_.listings):
            yield paragraph(
                _(
                    "If you are in danger now, call the emergency number of your country, "
                    "or go to someone near you."
                ),
                "lead",
            )
        for listing in self._in_order(help_.listings):
            yield from self._country(listing)
        if any(listing.services for listing in help_.listings):
            yield paragraph(
                _("Numbers can change. If one does not work, try the next one or the lists below."),
                "hint",
            )
        yield heading(_("In any country"), 2)
        for service in help_.everywhere:
            yield self._service(service)

    def _before(self) -> Iterator[Block]:
        _ = self._words.gettext
        yield heading(_("Find someone to talk to"), 1)
        yield paragraph(
            _(
                "You can take these sheets with you. If someone might look through your things, "
                "it is fine to leave them here."
            )
        )
        yield paragraph(
            _(
                "A call can show on a phone bill or in the list of calls. You can delete it from "
                "the list, or use another phone."
            )
        )

    def _in_order(self, listings: Sequence[Listing]) -> list[Listing]:
        return sorted(listings, key=lambda listing: self._name(listing.country))

    def _name(self, country: str) -> str:
        return str(self._words.locale.territories.get(country, country))

    def _country(self, listing: Listing) -> Iterator[Block]:
        _ = self._words.gettext
        yield heading(self._name(listing.country), 2)
        if listing.emergency:
            numbers = [link.shown for link in listing.emergency.tel_links]
            words = spans(_("If you are in danger now:"))
            yield {"kind": "emergency", "spans": words, "numbers": numbers}
        if listing.none_known:
            yield paragraph(
                _(
                    "We do not know a checked service here for people your age. "
                    "The lists below may help."
                )
            )
        for service in listing.services:
            yield self._service(service)

    def _service(self, service: Service) -> Block:
        _ = self._words.gettext
        facts = [
            ("", self._for_whom(service)),
            (_("When"), self._hours(service)),
            (_("Languages"), self._languages(service)),
            (_("Your name"), self._anonymous(service)),
        ]
        return {
            "kind": "service",
            "spans": spans(service.name),
            "ways": list(self._ways(service)),
            "facts": [
                [*(spans(f"{name}: ", bold=True) if name else []), *spans(said)]
                for name, said in facts
                if said
            ],
            "doubts": spans(self._doubts(service)),
        }

    def _ways(self, service: Service) -> Iterator[dict[str, Any]]:
        """What to dial, to write to or to open; the same shown numbers as on the screen (R62)."""
        _ = self._words.gettext
        call = {"free": _("Call (free)"), "charged": _("Call (costs money)")}
        for link in service.tel_links:
            yield _way(call.get(service.cost or "", _("Call")), link.shown)
        for sms in service.sms:
            word = sms.keyword
            label = _("Text the word %(word)s to", word=word) if word else _("Text")
            yield _way(label, sms.number)
        for link in service.whatsapp_links:
            yield _way("WhatsApp", link.shown)
        for address in service.emails:
            yield _way(_("Email"), address, large=False)
        if service.url:
            shown = service.url.split("//", 1)[1].removeprefix("www.").rstrip("/")
            also = self._listed([self._channels()[channel] for channel in service.also])
            label = _("Website (%(ways)s)", ways=also) if also else _("Website")
            yield _way(label, shown, large=False)

    def _channels(self) -> dict[str, str]:
        _ = self._words.gettext
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

    def _groups(self) -> dict[str, str]:
        _ = self._words.gettext
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

    def _listed(self, items: Sequence[str]) -> str:
        return self._words.gettext(", ").join(items)

    def _for_whom(self, service: Service) -> str:
        _ = self._words.gettext
        names = self._groups()
        groups = self._listed([names[group] for group in service.for_])
        if service.ages and service.ages.to is not None:
            ages = _("age %(low)d to %(high)d", low=service.ages.from_, high=service.ages.to)
            return f"{groups} ({ages})" if groups else ages
        return groups

    def _anonymous(self, service: Service) -> str:
        _ = self._words.gettext
        said = {"yes": _("You do not have to say it."), "no": _("They may ask for it.")}
        return said.get(service.anonymous or "", "")

    def _languages(self, service: Service) -> str:
        _ = self._words.gettext
        names = [self._language(tag) for tag in service.languages]
        if service.more_languages:
            names.append(_("and others") if names else _("several languages"))
        return self._listed(names)

    def _language(self, tag: str) -> str:
        """The language's own name for itself; where none is known, its name in this language."""
        try:
            own = Locale.parse(tag, sep="-").get_display_name()
        except (ValueError, UnknownLocaleError):
            own = None
        if own:
            return own[0].upper() + own[1:]
        return str(self._words.locale.languages.get(tag, tag))

    def _hours(self, service: Service) -> str:
        _ = self._words.gettext
        if service.hours is None:
            return ""
        if service.always_open:
            return _("every day, day and night")
        openings = (
            f"{self._days(opening.days)} {self._clock(opening.from_, opening.to)}".strip()
            for opening in service.hours
        )
        return _("; ").join(openings)

    def _days(self, days: str) -> str:
        _ = self._words.gettext
        if days == "mon-sun":
            return _("every day")
        names = get_day_names("wide", "stand-alone", self._words.locale)
        return " – ".join(names[DAYS.index(day)] for day in days.split("-"))  # noqa: RUF001

    def _clock(self, start: str | None, end: str | None) -> str:
        _ = self._words.gettext
        if not start or not end:
            return _("(hours not known)")
        return _("from %(start)s to %(end)s", start=self._time(start), end=self._time(end))

    def _time(self, clock: str) -> str:
        hours, minutes = (int(part) for part in clock.split(":"))
        return format_time(dt.time(hours % 24, minutes), "short", locale=self._words.locale)

    def _doubts(self, service: Service) -> str:
        """What no source says, and when somebody last looked (R60, R61)."""
        _ = self._words.gettext
        unknown = [
            (service.hours is None, _("when they answer")),
            (not service.languages and not service.more_languages, _("in which languages")),
            (service.cost is None, _("what it costs")),
            (service.anonymous is None, _("if they ask your name")),
        ]
        things = self._listed([words for is_unknown, words in unknown if is_unknown])
        said = [_("We do not know: %(things)s.", things=things)] if things else []
        if service.checked:
            day = self._words.day(service.checked.date)
            said.append(
                _("Checked on %(day)s by %(person)s", day=day, person=service.checked.by) + "."
            )
        else:
            month = self._words.month(service.last_seen)
            said.append(
                _("Seen in a public source in %(month)s. Not yet called by us.", month=month)
            )
        if service.is_flagged(self._today):
            said.append(_("This entry is old: it may have changed."))
        return " ".join(said)


def _way(label: str, shown: str, *, large: bool = True) -> dict[str, Any]:
    return {"spans": spans(label), "shown": shown, "large": large}
