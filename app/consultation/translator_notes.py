"""What a translator has to know about a text: where it stands, what it is for, what has to stay."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from .findings import Path
from .model import Definition, Page
from .questions import Question
from .references import PIPED

SHOWN = 160
"""Letters of a question that the note of each of its choices repeats."""
_SOURCES = re.compile(r"(?<!\s)\s*\(R\d[^)]*\)")


def notes_for(definition: Definition, path: Path) -> Iterator[str]:
    """Yield the notes, a line each, for the text at `path`."""
    thing: Any = definition
    owner: BaseModel = definition
    field: str | int = ""
    page: Page | None = None
    question: Question | None = None
    for key in path:
        if isinstance(thing, BaseModel):
            owner, field = thing, key
            thing = getattr(thing, _attribute(type(thing), str(key)))
        else:
            thing = thing[key]
        page = thing if isinstance(thing, Page) else page
        question = thing if isinstance(thing, Question) else question
    first = definition.languages[0]
    if page is not None:
        yield _said(f"Page “{page.name}”", page.title if page is not owner else None, first)
    if question is not None:
        about = f"Question “{question.name}”, {_what(type(question), 'type').rstrip('.').lower()}"
        is_label = owner is question and field == "label"
        yield _said(about, None if is_label else question.label, first)
    if path[0] == "choice_lists":
        yield f"Choice list “{path[1]}”, written once for all questions that use it."
    yield _purpose(owner, str(field), str(path[-1]))
    for name in dict.fromkeys(PIPED.findall(thing.get(first, ""))):
        asked = definition.questions.get(name)
        label = asked.label if asked else None
        yield _said(f"Keep ${{{name}}}: the chosen answer is put there", label, first)


def _said(what: str, text: dict[str, str] | None, language: str) -> str:
    words = " ".join((text or {}).get(language, "").split())
    return f"{what}: {textwrap.shorten(words, SHOWN, placeholder='…')}" if words else f"{what}."


def _purpose(owner: BaseModel, field: str, last: str) -> str:
    """What the model itself says of the key, and of the thing that has it."""
    said = _what(type(owner), field)
    if field != last:
        said = f"{said} This one is for {last}."
    if isinstance(owner, (Definition, Page, Question)):
        return said
    whole = _SOURCES.sub("", " ".join((type(owner).__doc__ or "").split("\n\n")[0].split()))
    return f"{whole} {said}"


def _what(model: type[BaseModel], key: str) -> str:
    description = model.model_fields[_attribute(model, key)].description or ""
    return _SOURCES.sub("", " ".join(description.split()))


def _attribute(model: type[BaseModel], key: str) -> str:
    return next(name for name, field in model.model_fields.items() if key in (name, field.alias))
