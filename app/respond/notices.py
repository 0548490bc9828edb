"""Words that could show who somebody is (R72): asked about once, and kept nowhere but in the draft.

See docs/decisions/identifying-text.md.
"""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue

from app.consultation.identifying import Piece, find_identifying, take_out
from app.consultation.questions import TextQuestion
from app.journey import Step

from .reading import Reading
from .site import site
from .visit import Visit, show_again

ASKED_BY = "asked_by"
"""The field by which the page says that its own script asks, whatever is typed."""
ASKING = "asking"
"""The field that names each text which the page on screen asks about."""


def pieces_of(visit: Visit, name: str) -> list[Piece]:
    """Return the text that answers a question, cut into plain and marked pieces."""
    listed = site().directory.public_contacts
    return find_identifying(_text(visit, name), visit.definition.support.countries, listed)


def ask_once(visit: Visit, step: Step, reading: Reading) -> ResponseReturnValue | None:
    """Ask about marked words, once a question and never as a block; None when there is nothing.

    Where the page's own script runs, it has asked already, and nothing is looked at here.
    """
    if request.form.get(ASKED_BY) == "page":
        return None
    found = [
        name
        for name in _texts(visit, step)
        if name in reading.answers and name not in visit.draft.noticed and pieces_of(visit, name)
    ]
    if not found:
        return None
    visit = visit.with_draft(replace(visit.draft, noticed=(*visit.draft.noticed, *found)))
    return show_again(visit, step, notices=found)


def follow_choice(
    visit: Visit, step: Step, reading: Reading, action: str
) -> ResponseReturnValue | None:
    """Take marked words out or leave them, as the pressed button says; None when to go on."""
    choice, _colon, name = action.partition(":")
    texts = _texts(visit, step)
    waiting = [other for other in request.form.getlist(ASKING) if other in texts and other != name]
    if choice == "take_out" and name in texts and not reading.far_too_long:
        text = take_out(
            _text(visit, name),
            visit.definition.support.countries,
            site().directory.public_contacts,
        )
        answers = {**visit.draft.answers, name: text}
        visit = visit.with_draft(replace(visit.draft, answers=answers))
        errors = {key: said for key, said in reading.errors.items() if key != name}
        return show_again(
            visit, step, notices=waiting, taken=[name], errors=errors, typed=reading.places
        )
    if choice == "leave_in" and waiting and not reading.errors:
        return show_again(visit, step, notices=waiting)
    return None


def _texts(visit: Visit, step: Step) -> list[str]:
    """The questions of a page that are answered in one's own words."""
    return [
        question.name
        for question in visit.page(step).asked
        if isinstance(question, TextQuestion) and question.name in visit.draft.answers
    ]


def _text(visit: Visit, name: str) -> str:
    return str(visit.draft.answers.get(name, ""))
