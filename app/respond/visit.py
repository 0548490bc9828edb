"""One request of a person answering: the draft, the definition it began with, and the path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.consultation import Definition, Page
from app.journey import Draft, Path, Step, find_path

from .session import keep
from .site import site

CHOICES = ("consent", "leave_out")
"""Steps that a person can come back to from every page (R16, R25)."""


class DefinitionGone(Exception):
    """The draft's version is not in storage; can only happen after a restore of an old backup."""


@dataclass(frozen=True)
class Visit:
    """A draft, together with what follows from it."""

    draft: Draft
    definition: Definition

    @cached_property
    def path(self) -> Path:
        """The steps that follow from the draft; found when they are first asked for."""
        return find_path(self.definition, self.draft)

    @classmethod
    def of(cls, draft: Draft) -> Visit:
        """The visit of this draft, with the very version the person began with."""
        definition = site().definition(draft.digest)
        if definition is None:
            raise DefinitionGone
        return cls(draft, definition)

    def with_draft(self, draft: Draft) -> Visit:
        """The same visit after an act of the person."""
        return Visit(draft, self.definition)

    def noting(self, *, at: str, return_to: str | None = None, again: Any = None) -> Visit:
        """The same visit with what no path depends on, which therefore is not found anew.

        Args:
            at: the key of the step on screen.
            return_to: the step from which somebody went to an earlier choice; None keeps it.
            again: what the step has to say when it is shown once more; None keeps it.
        """
        changes: dict[str, Any] = {"at": at}
        changes |= {} if return_to is None else {"return_to": return_to}
        changes |= {} if again is None else {"again": again}
        noted = Visit(replace(self.draft, **changes), self.definition)
        noted.__dict__["path"] = self.path
        return noted

    def page(self, step: Step) -> Page:
        """The page of a warning step or a page step."""
        return self.definition.pages_by_name[step.page]

    @property
    def number(self) -> int:
        """The number of the step that was last on screen."""
        return self.path.number_of(self.draft.at)

    def keep(self) -> Visit:
        """Store the draft."""
        keep(self.draft)
        return self


def at_step(visit: Visit, number: int) -> Visit:
    """The visit with a step on screen; the same one when there is no step with this number."""
    step = visit.path.step(number)
    if step is None:
        return visit
    return_to = "" if step.key == visit.draft.return_to else visit.draft.return_to
    return visit.noting(at=step.key, return_to=return_to)


def keep_and_go_to(visit: Visit, number: int) -> Response:
    """Store the draft as it is at a step, so that showing it has nothing to store; answer 303."""
    at_step(visit, number).keep()
    return go_to(number)


def go_to(number: int) -> Response:
    """Answer 303 to a step."""
    return redirect(url_for("steps.show", number=number), 303)


def show_again(visit: Visit, step: Step, **said: Any) -> Response:
    """Answer 303 to a step that was just posted; keeps what it has to say (see `said_again`).

    A page that answers a POST stays in the browser's history as one that Back cannot show: it
    asks to send the form again, or says that the document has expired.
    """
    visit.with_draft(replace(visit.draft, again={"step": step.key, **said})).keep()
    return go_to(visit.path.number_of(step.key))


def said_again(draft: Draft, step: Step) -> Mapping[str, Any]:
    """What this step has to say about the form that was just posted; empty most of the time."""
    return draft.again if draft.again.get("step") == step.key else {}


def go_on(visit: Visit, key: str) -> Response:
    """Answer 303 to the step after the one with this key; keeps the draft.

    Whoever came to look at an earlier choice goes back to where they were, past what they have
    gone through already, but not past a page that has come in between.
    """
    path, draft = visit.path, visit.draft
    index = path.index(key)
    number = path.reachable + 1 if index is None else index + 2
    if draft.return_to and number - 1 < path.reachable:
        left = path.index(draft.return_to)
        if left is None or left > number - 1:
            number = (path.reachable if left is None else left) + 1
        if left is None:
            visit = visit.with_draft(replace(draft, return_to=""))
    return keep_and_go_to(visit, max(1, min(number, path.reachable + 1)))


def go_back(visit: Visit, key: str) -> Response:
    """Answer 303 to the step before the one with this key; keeps the draft.

    From an earlier choice that was looked at by the way, it leads back to where the person was.
    """
    if visit.draft.return_to and key in CHOICES:
        return keep_and_go_to(visit, visit.path.number_of(visit.draft.return_to))
    return keep_and_go_to(visit, max(1, visit.path.number_of(key) - 1))


def go_to_choice(visit: Visit, kind: str) -> Response:
    """Answer 303 to an earlier choice, and remember where the person was; keeps the draft."""
    if kind in visit.draft.done and visit.draft.at not in CHOICES:
        visit = visit.with_draft(replace(visit.draft, return_to=visit.draft.at))
    visit.keep()
    return go_to(visit.path.number_of(kind if kind in visit.draft.done else visit.draft.at))
