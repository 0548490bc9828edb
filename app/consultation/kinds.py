"""Kinds of values that several parts of a definition share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, StringConstraints

ConsultationId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
HttpsAddress = Annotated[str, StringConstraints(pattern=r"^https://[^\s\"'<>]+$", max_length=300)]
EVERYWHERE = "all"
"""The key for all that have no entry of their own: countries in a law, languages in an exit."""


def for_all(value: Any) -> Any:
    """A plain text where one text for each country or language could stand: it is for all."""
    return {EVERYWHERE: value} if isinstance(value, str) else value


def _plainly(value: dict[str, str]) -> Any:
    """One address for all stays a plain text, so that no version changes its identity."""
    return value[EVERYWHERE] if list(value) == [EVERYWHERE] else value


NeutralSites = Annotated[
    dict[str, HttpsAddress], BeforeValidator(for_all), PlainSerializer(_plainly)
]
"""One address for everybody, or addresses by language."""
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


def _written_out(value: Any) -> Any:
    """Only year-month-day is a date: pydantic alone would take 86400 for 2 January 1970."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("A date belongs here, written as year-month-day: 2027-05-01.")
    return value


Day = Annotated[dt.date, BeforeValidator(_written_out)]
