"""The document that is sealed: what a person chose to send, and nothing about the person."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal

from app.consultation import Definition

from .draft import Draft
from .path import Step, find_path

FORMAT = 1


def response_document(
    definition: Definition, draft: Draft, ended: Literal["complete", "stopped"]
) -> bytes:
    """Return the response as UTF-8 JSON: no time, no device, no id.

    `not_shown` names the questions that were never on this person's screen; with `ended`
    "stopped", `reached` names the last page that was (null when none was), so that questions
    after it are told apart from skipped ones.
    """
    path = find_path(definition, draft)
    reached = [
        step.page
        for step in path.steps
        if step.kind == "page" and _was_on_screen(step, draft, path.visible[step.page])
    ]
    last = reached[-1] if reached else None
    seen = {name for page in reached for name in _on_screen(page, draft, path.visible[page])}
    if ended == "complete":
        seen = {name for names in path.visible.values() for name in names}
    asked = [question.name for question in definition.asked]
    order = [page.name for page in definition.pages]
    limit = order.index(last) if last is not None else -1
    within = [
        name
        for name in asked
        if ended == "complete" or order.index(definition.page_of[name].name) <= limit
    ]
    document = {
        "format": FORMAT,
        "consultation": definition.consultation,
        "version": definition.version,
        "definition": definition.digest,
        "language": draft.language,
        "collector": draft.collector,
        "consent": list(draft.consent),
        "answers": {n: path.answers[n] for n in asked if n in path.answers and n in seen},
        "not_shown": [name for name in within if name not in seen],
        "declined": [name for name in asked if name in draft.declined and name in seen],
        "ended": ended,
    }
    if ended == "stopped":
        document["reached"] = last
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _was_on_screen(step: Step, draft: Draft, shown: tuple[str, ...]) -> bool:
    """A page that was gone through, or is on screen, or was left with answers on it."""
    given = {*draft.answers, *draft.declined}
    return step.key in draft.done or step.key == draft.at or not given.isdisjoint(shown)


def _on_screen(page: str, draft: Draft, shown: tuple[str, ...]) -> Iterable[str]:
    """The questions of a page that were on screen; some may have appeared since."""
    key = f"page:{page}"
    if key not in draft.done or key == draft.at:
        return shown
    return {*draft.seen, *draft.answers, *draft.declined}.intersection(shown)
