"""Reading the texts of the ready-made consultations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.consultation import Definition
from app.consultation.questions import AnyQuestion

SURVEYS = Path(__file__).parents[2] / "surveys"
NAMES = sorted(path.stem for path in SURVEYS.glob("*.yaml"))


def texts(definition: Definition, language: str) -> list[str]:
    """Every text in `language`, found by walking the definition's own JSON."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, list):
            for item in node:
                yield from walk(item)
        elif isinstance(node, dict):
            if isinstance(node.get(language), str):
                yield node[language]
            for item in node.values():
                yield from walk(item)

    return list(walk(json.loads(definition.canonical_json())))


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text."""
    return [part for part in re.split(r"[.?!:।؟]\s+|\n", text) if part.strip()]


def demographics(definition: Definition) -> list[AnyQuestion]:
    """The questions about who a person is: those that say why they are asked."""
    return [question for question in definition.asked if question.why]
