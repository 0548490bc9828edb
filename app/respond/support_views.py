"""What the support page shows: services of one country, in words of the person's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.support import Emergency, Link, Service
from app.web.languages import language_name

from .countries import country_name, named
from .site import site, today
from .visit import Visit

GROUPS = {
    "children": _l("children"),
    "young_people": _l("young people"),
    "lgbtq_young_people": _l("LGBTQ+ young people"),
    "adults": _l("adults"),
    "women": _l("women"),
    "survivors": _l("people who went through abuse"),
    "anyone": _l("anyone"),
    "parents": _l("parents"),
    "families": _l("families"),
    "worried_adults": _l("adults who are worried about a child"),
    "workers": _l("people who work with children"),
}
CHANNELS = {
    "chat": _l("chat"),
    "messages": _l("messages"),
    "sms": _l("text messages"),
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "email": _l("email"),
    "app": _l("an app"),
    "form": _l("a form"),
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class SupportView:
    """The support page: a choice of countries, and what is known for the chosen one."""

    countries: list[tuple[str, str]]
    near: list[tuple[str, str]] = field(default_factory=list)
    chosen: str = ""
    chosen_name: str = ""
    emergency: Emergency | None = None
    services: list[dict[str, Any]] = field(default_factory=list)
    none_known: bool = False
    everywhere: list[dict[str, Any]] = field(default_factory=list)


def support_view(visit: Visit | None, country: str, language: str) -> SupportView:
    """Return the page for a country that the person chose; "" when none was chosen (R64)."""
    directory = site().directory
    day = today()
    view = SupportView(
        countries=named(directory.countries, language),
        everywhere=[_service(s, language, day) for s in directory.global_entries(day)],
    )
    ages: tuple[int, int | None] = (0, None)
    if visit:
        audience = visit.definition.audience
        ages = (audience.from_age, audience.to_age)
        known = [c for c in visit.definition.support.countries if c in directory.countries]
        view.near = named(known, language)
    if country in directory.countries:
        listing = directory.for_country(country, day, *ages)
        view.chosen, view.chosen_name = country, country_name(country, language)
        view.emergency, view.none_known = listing.emergency, listing.none_known
        view.services = [_service(service, language, day) for service in listing.services]
    return view


def _service(service: Service, language: str, day: dt.date) -> dict[str, Any]:
    """One service as the macro `support_entry` takes it; what is not known is said (R60)."""
    return {
        "name": service.name,
        "for_whom": _for_whom(service),
        "ways": list(_ways(service)),
        "hours": _hours(service, language),
        "languages": _languages(service, language),
        "anonymous": _known(
            service.anonymous,
            {"yes": _("You do not have to say it."), "no": _("They may ask for it.")},
        ),
        "unknown": _unknown(service),
        "checked_on": _day(service.checked.date, language) if service.checked else "",
        "checked_by": service.checked.by if service.checked else "",
        "seen": _seen(service, language),
        "old": service.is_flagged(day),
    }


def _known(value: str | None, words: dict[str, str]) -> str:
    return words[value] if value else ""


def _unknown(service: Service) -> str:
    """What a person may want to know and no source says, as one list (R60)."""
    missing = [
        (service.hours is None, _("when they answer")),
        (not service.languages and not service.more_languages, _("in which languages")),
        (service.cost is None, _("what it costs")),
        (service.anonymous is None, _("if they ask your name")),
    ]
    return _listed(words for is_missing, words in missing if is_missing)


def _for_whom(service: Service) -> str:
    groups = _listed(str(GROUPS[group]) for group in service.for_)
    if service.ages and service.ages.to is not None:
        ages = _("age %(low)d to %(high)d", low=service.ages.from_, high=service.ages.to)
        return f"{groups} ({ages})" if groups else ages
    return groups


def _ways(service: Service) -> Iterator[dict[str, str]]:
    call = {"free": _("Call (free)"), "charged": _("Call (costs money)")}
    for link in service.tel_links:
        yield _way("call", call.get(service.cost or "", _("Call")), link)
    for link, sms in zip(service.sms_links, service.sms, strict=True):
        label = _("Text the word %(word)s to", word=sms.keyword) if sms.keyword else _("Text")
        yield _way("sms", label, link)
    for link in service.whatsapp_links:
        yield _way("chat", "WhatsApp", link)
    for address in service.emails:
        yield _way("mail", _("Email"), Link(address, f"mailto:{address}"))
    if service.url:
        shown = service.url.split("//", 1)[1].removeprefix("www.").rstrip("/")
        also = _listed(str(CHANNELS[channel]) for channel in service.also)
        label = _("Website (%(ways)s)", ways=also) if also else _("Website")
        yield _way("web", label, Link(shown, service.url))


def _way(kind: str, label: str, link: Link) -> dict[str, str]:
    return {"kind": kind, "label": label, "text": link.shown, "address": link.href}


def _hours(service: Service, language: str) -> str:
    if service.hours is None:
        return ""
    if service.always_open:
        return _("every day, day and night")
    return _("; ").join(
        f"{_days(opening.days, language)} {_clock(opening.from_, opening.to, language)}".strip()
        for opening in service.hours
    )


def _days(days: str, language: str) -> str:
    if days == "mon-sun":
        return _("every day")
    names = get_day_names("wide", context="stand-alone", locale=language.replace("-", "_"))
    return " – ".join(names[DAYS.index(day)] for day in days.split("-"))  # noqa: RUF001


def _clock(start: str | None, end: str | None, language: str) -> str:
    if not start or not end:
        return _("(hours not known)")
    return _("from %(start)s to %(end)s", start=_time(start, language), end=_time(end, language))


def _time(clock: str, language: str) -> str:
    hours, minutes = (int(part) for part in clock.split(":"))
    return format_time(
        dt.time(hours % 24, minutes), format="short", locale=language.replace("-", "_")
    )


def _languages(service: Service, language: str) -> str:
    names = [_language_name(tag, language) for tag in service.languages]
    if service.more_languages:
        names.append(_("several languages") if not names else _("and others"))
    return _listed(names)


def _language_name(tag: str, language: str) -> str:
    """The language's own name for itself; where none is known, its name in this language."""
    own = language_name(tag)
    known = Locale.parse(language, sep="-").languages
    return own if own != tag else str(known.get(tag, tag))


def _listed(words: Iterable[str]) -> str:
    """Words beside each other, with the comma of the language."""
    return _(", ").join(words)


def _day(day: dt.date, language: str) -> str:
    return format_date(day, format="long", locale=language.replace("-", "_"))


def _seen(service: Service, language: str) -> str:
    return format_skeleton("yMMMM", service.last_seen, locale=language.replace("-", "_"))
