"""Names that the consultation language admits, made from any that a form has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_LENGTH = 40


def name_from(written: str, otherwise: str) -> str:
    """`Q1.Näme-of person` as `q1_name_of_person`; `otherwise` when no letter is left."""
    name = choice_name_from(written, "").strip("_")
    if not name:
        return otherwise
    return name if name[0].isalpha() else f"q_{name}"[:MAX_LENGTH].rstrip("_")


def choice_name_from(written: str, otherwise: str) -> str:
    """`-888` as `minus_888`, `Very good` as `very_good`; `otherwise` when nothing is left."""
    if re.fullmatch(r"-\d+(\.\d+)?", written):
        written = f"minus {written[1:]}"
    plain = unicodedata.normalize("NFKD", written.strip().casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    name = re.sub(r"_+", "_", re.sub(r"[^a-z0-9]+", "_", kept))
    return name.strip("_")[:MAX_LENGTH].rstrip("_") or otherwise


def id_from(written: str) -> str:
    """An id of a consultation, with small letters, digits and -; empty when nothing is left."""
    return choice_name_from(written, "").replace("_", "-").lstrip("0123456789-")


class Names:
    """Names of one kind, each given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}

    def give(self, name: str) -> str:
        """`name`, or `name_2` and so on when it is taken."""
        given = name
        while given in self._taken:
            number = self._numbers[name] = self._numbers.get(name, 1) + 1
            ending = f"_{number}"
            given = name[: MAX_LENGTH - len(ending)].rstrip("_") + ending
        self._taken.add(given)
        return given
