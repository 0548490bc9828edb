"""What must never be on screen after exit: words of the definition, and words that were typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.consultation import Definition

MARKED = "vermilionquokka"
"""Stands in everything that is typed before exit; no page has this word by itself."""

SHORTEST = 12
"""Characters: shorter texts, such as "No", stand on neutral pages too."""


def secret_words(definition: Definition) -> list[str]:
    """Every text of a consultation's title, introduction, topics, pages and questions.

    Whatever the public results page tells, who listens and by when, is no secret.
    """
    plain = definition.model_dump(
        mode="json",
        include={"title", "about", "consent", "topics", "pages", "thanks", "choice_lists"},
    )
    found = {line.strip(" -*") for text in _texts(plain) for line in text.splitlines()}
    return sorted(line for line in found if len(line) >= SHORTEST)


def _texts(value: Any) -> Iterator[str]:
    """The translations anywhere inside: dictionaries whose keys are language tags."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str) and len(key) == len("en"):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def found_in(source: str, secrets: list[str]) -> list[str]:
    """The secrets that a page holds; HTML entities and emphasis are read as a person would."""
    plain = source.replace("&nbsp;", " ").replace("&amp;", "&").lower()
    return [secret for secret in [MARKED, *secrets] if secret.lower() in plain]
