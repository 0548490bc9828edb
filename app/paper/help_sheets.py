"""The sheets with people to talk to, by country; their numbers are printed large."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.support import Listing, Service, Way, Wording

from .spans import Block, heading, paragraph, spans
from .words import Words


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
        self._say = Wording(words.gettext, words.language)

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
        say = self._say
        facts = [
            ("", say.for_whom(service)),
            (_("When"), say.hours(service)),
            (_("Languages"), say.languages(service)),
            (_("Your name"), say.anonymous(service)),
        ]
        doubts = (say.checked(service), say.doubts(service, self._today))
        return {
            "kind": "service",
            "spans": spans(service.name),
            "ways": [_way(way) for way in say.ways(service)],
            "facts": [
                [*(spans(f"{name}: ", bold=True) if name else []), *spans(said)]
                for name, said in facts
                if said
            ],
            "doubts": spans(" ".join(said for said in doubts if said)),
        }


def _way(way: Way) -> dict[str, Any]:
    """A way to reach a service; what is dialled is printed large."""
    large = way.kind not in ("mail", "web")
    return {"spans": spans(way.label), "shown": way.link.shown, "large": large}
