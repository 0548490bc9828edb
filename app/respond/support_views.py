"""What the support page shows: services of one country, in words of the person's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from app.consultation.ages import ADULT_AGE
from app.support import Emergency, Service, Wording

from .countries import country_name, named
from .site import site, today
from .visit import Visit


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
    none_for: tuple[str, ...] = ()
    everywhere: list[dict[str, Any]] = field(default_factory=list)


def support_view(visit: Visit | None, country: str, language: str) -> SupportView:
    """Return the page for a country that the person chose; "" when none was chosen (R64)."""
    directory = site().directory
    day, say = today(), Wording(gettext, language)
    view = SupportView(
        countries=named(directory.countries, language),
        everywhere=[_service(s, say, day) for s in directory.global_entries(day)],
    )
    ages: tuple[int, int | None] = (0, None)
    if visit:
        audience = visit.definition.audience
        ages = (audience.from_age, audience.to_age)
        view.near = named(visit.definition.support.countries, language)
    if country in directory.countries or country in dict(view.near):
        listing = directory.for_country(country, day, *ages)
        view.chosen, view.chosen_name = country, country_name(country, language)
        view.emergency, view.none_known = listing.emergency, listing.none_known
        view.none_for = _none_for(visit, country) if visit and not view.none_known else ()
        view.services = [_service(service, say, day) for service in listing.services]
    return view


def _none_for(visit: Visit, country: str) -> tuple[str, ...]:
    """For whom of the people asked somebody looked for a service here and found none (R63)."""
    audience, looked = visit.definition.audience, visit.definition.support.none_known
    children = audience.from_age < ADULT_AGE
    adults = audience.to_age is None or audience.to_age >= ADULT_AGE
    found = []
    if children and country in looked.children:
        found.append(gettext("We do not know a checked service here for people under 18."))
    if adults and country in looked.adults:
        found.append(gettext("We do not know a checked service here for adults."))
    return tuple(found)


def _service(service: Service, say: Wording, day: dt.date) -> dict[str, Any]:
    """One service as the macro `support_entry` takes it; what is not known is said (R60)."""
    return {
        "name": service.name,
        "for_whom": say.for_whom(service),
        "ways": [
            {"kind": way.kind, "label": way.label, "text": way.link.shown, "address": way.link.href}
            for way in say.ways(service)
        ],
        "hours": say.hours(service),
        "languages": say.languages_marked(service),
        "anonymous": say.anonymous(service),
        "checked": say.checked(service),
        "doubts": say.doubts(service, day),
    }
