"""What the checker has to be told about the world outside the file, as plain data."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Listing:
    """One support service as the directory lists it.

    `ages` are the spans of years, both ends included, of the people it is for. `dialled` pairs
    each number as people read it with the address that their phone follows. `unknown` names what
    the entry does not say, of: hours, languages, cost, if a name is asked.
    """

    name: str
    ages: tuple[tuple[float, float], ...] = ((0, math.inf),)
    checked_on: dt.date | None = None
    hidden: bool = False
    unknown: tuple[str, ...] = ()
    dialled: tuple[tuple[str, str], ...] = ()

    def is_for(self, low: float, high: float) -> bool:
        """Whether it is for some people from `low` to `high` years; infinity: for all from `low`.

        A line for people up to 25 is no answer where adults of every age are invited.
        """
        return any(
            first <= high and low <= last and (high != math.inf or last == math.inf)
            for first, last in self.ages
        )


@dataclass(frozen=True)
class CountrySupport:
    """The support services of one country, and the file they stand in."""

    file: str
    listings: tuple[Listing, ...]
    none_known: bool = False


@dataclass(frozen=True)
class Surroundings:
    """The day, and what stands beside the definition; None where it is not known.

    Args:
        today: the day of the check.
        support: support services by ISO 3166 country code.
        interface: tags of the languages in which Heard's own sentences are complete.
        unreviewed: tags of those that no native speaker has reviewed yet.
        consultations: ids of the consultations in the same folder.
        media: files in the folder of pictures and sounds, from that folder on.
    """

    today: dt.date
    support: Mapping[str, CountrySupport] | None = None
    interface: frozenset[str] | None = None
    unreviewed: frozenset[str] = field(default_factory=frozenset)
    consultations: frozenset[str] | None = None
    media: frozenset[str] | None = None
