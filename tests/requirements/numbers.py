"""The numbers that a test carries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LIST = Path(__file__).parents[2] / "docs" / "requirements.tsv"
MARKER = "requirement"
_IN_NAME = re.compile(r"(?<![a-z0-9])r([1-9][0-9]?)(?![a-z0-9])")


def known_requirements() -> dict[str, str]:
    """Every requirement, such as `R41`, with what it asks in a few words, in order."""
    lines = LIST.read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)


def numbers_of(item: pytest.Item) -> list[str]:
    """The requirements that a test proves, by its marker and its name.

    Raises `pytest.UsageError` for one that is not in the list, which would prove nothing.
    """
    name = getattr(item, "originalname", None) or item.name
    found = [f"R{number}" for number in _IN_NAME.findall(name.replace("_", " "))]
    for marker in item.iter_markers(MARKER):
        found.extend(str(number) for number in marker.args)
    known = known_requirements()
    for number in found:
        if number not in known:
            raise pytest.UsageError(f"{item.nodeid}: {number} is not in {LIST.name}")
    return list(dict.fromkeys(found))
