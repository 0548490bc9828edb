"""What the views of one running site share: configuration, storage, support, definitions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import cast

from flask import current_app, request

from app.consultation import Definition, Reply, definition_from_json, reply_from_json
from app.storage import Opened, Storage
from app.support import Directory
from app.web.places import Allowance, Places, address_of
from app.web.pulse import Pulse
from app.web.spoken import LANGUAGES
from config import DEFAULT_EXIT, Config

from .guessing import Brake

EXTENSION = "heard"

ASKED_AT_ONCE = 1500
"""Pages and forms that one place may ask for at once, of each process. Thirty people who begin
within a minute need about 300 (docs/decisions/rate-limits.md)."""
ASKED_AGAIN_SECONDS = 0.04
BEGUN_AT_ONCE = 120
"""Sessions that one place may begin at once: a class of thirty, each of them four times."""
BEGUN_AGAIN_SECONDS = 2.0


@dataclass
class Site:
    """One running site; made by `create_app`, found again with `site()`."""

    config: Config
    storage: Storage
    directory: Directory
    codes_brake: Brake = field(default_factory=Brake)
    words_brake: Brake = field(default_factory=Brake)
    places: Places = field(default_factory=Places)
    asking: Allowance = field(default_factory=lambda: Allowance(ASKED_AT_ONCE, ASKED_AGAIN_SECONDS))
    beginning: Allowance = field(
        default_factory=lambda: Allowance(BEGUN_AT_ONCE, BEGUN_AGAIN_SECONDS)
    )
    pulse: Pulse = field(init=False)
    _definitions: dict[str, Definition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pulse = Pulse(self.storage.prove_usable)

    def definition(self, digest: str) -> Definition | None:
        """The definition with this digest, compiled once; None when it was never published."""
        found = self._definitions.get(digest)
        if found is None:
            stored = self.storage.definition(digest)
            if stored is None:
                return None
            found = definition_from_json(stored.document)
            self._definitions[digest] = found
        return found

    def current(self, consultation: str) -> tuple[Opened, Definition] | None:
        """A consultation's state and its newest definition; None when it was never opened."""
        opened = self.storage.opened(consultation)
        definition = self.definition(opened.digest) if opened else None
        return (opened, definition) if opened and definition else None

    def reply(self, definition: Definition) -> Reply:
        """What was told so far of what came of the answers."""
        document = self.storage.reply(definition.consultation)
        return reply_from_json(document, definition.languages) if document else Reply()

    def exit_for(self, definition: Definition | None, language: str) -> str:
        """The neutral address that exit leads to, for people who read one language (R54)."""
        own = definition.exit_in(language) if definition else DEFAULT_EXIT
        return self.config.exit_to or own


def place() -> bytes | None:
    """From where the present request comes; None when that tells nobody apart."""
    return site().places.place(address_of(request, site().config.proxies))


def languages_of(definition: Definition) -> list[str]:
    """The languages in which both the consultation and Heard itself are complete (R75)."""
    return [tag for tag in definition.complete_languages if tag in LANGUAGES]


def is_open(opened: Opened, definition: Definition) -> bool:
    """Whether a person can begin or send today; the demo's samples have no closing day."""
    dates = definition.dates
    in_time = site().config.demo or dates.opens <= today() <= dates.closes
    return opened.state == "open" and in_time


def is_over(opened: Opened, definition: Definition) -> bool:
    """Whether nobody will begin or send any more, as opposed to a pause."""
    return opened.state == "ended" or (not site().config.demo and today() > definition.dates.closes)


def today() -> dt.date:
    """The server's date: for opening and closing days only, never stored with an answer.

    The demo can be told another day, to show what people will see on it.
    """
    return site().config.today or dt.datetime.now(dt.UTC).date()


def site() -> Site:
    """The site of the present request."""
    return cast(Site, current_app.extensions[EXTENSION])
