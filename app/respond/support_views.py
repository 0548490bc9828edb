"""What the support page shows: services of one country, in words of the person's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

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
        known = [c for c in visit.definition.support.countries if c in directory.countries]
        view.near = named(known, language)
    if country in directory.countries:
        listing = directory.for_country(country, day, *ages)
        view.chosen, view.chosen_name = country, country_name(country, language)
        view.emergency, view.none_known = listing.emergency, listing.none_known
        view.services = [_service(service, say, day) for service in listing.services]
    return view


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
        "languages": say.languages(service),
        "anonymous": say.anonymous(service),
        "checked": say.checked(service),
        "doubts": say.doubts(service, day),
    }
