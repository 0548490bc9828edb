"""What the buttons do that stand on every step."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.journey import Step

from .site import languages_of
from .visit import CHOICES, Visit, go_back, go_to, go_to_choice

PLACES = {"pause": "help.pause", "support": "help.support", "keep": "keeping.ask"}


def go_elsewhere(visit: Visit, step: Step, action: str) -> ResponseReturnValue | None:
    """Do what a button of every step says; None for the step's own buttons.

    Args:
        visit: with whatever the posted form holds.
        step: the step that was posted.
        action: the value of the pressed button.
    """
    if action.startswith("language:"):
        tag = action.partition(":")[2]
        if tag in languages_of(visit.definition):
            visit = visit.with_draft(replace(visit.draft, language=tag))
    elif action.startswith("show:"):
        asked_for = dict.fromkeys((*visit.draft.media, action.partition(":")[2]))
        known = tuple(name for name in asked_for if name in visit.definition.questions)
        visit = visit.with_draft(replace(visit.draft, media=known))
    elif action == "back":
        return go_back(visit, step.key)
    elif action in CHOICES:
        return go_to_choice(visit, action)
    elif action in PLACES:
        visit.keep()
        return redirect(url_for(PLACES[action]), 303)
    elif action != "stay":
        return None
    visit.keep()
    return go_to(visit.path.number_of(step.key))
