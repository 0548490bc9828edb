"""Kinds of values that several parts of a definition share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

ConsultationId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
HttpsAddress = Annotated[str, StringConstraints(pattern=r"^https://[^\s\"'<>]+$", max_length=300)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


def _written_out(value: Any) -> Any:
    """Only year-month-day is a date: pydantic alone would take 86400 for 2 January 1970."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("A date belongs here, written as year-month-day: 2027-05-01.")
    return value


Day = Annotated[dt.date, BeforeValidator(_written_out)]
