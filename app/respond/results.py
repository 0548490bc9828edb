"""The page where everybody can read what was heard and what changes (R93)."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from .entry import front_page
from .session import open_to
from .site import site, today

results = Blueprint("results", __name__)


@results.get("/results/<code>")
@open_to("anyone")
def show(code: str) -> ResponseReturnValue:
    """What will be told, by when; late in public when the day has passed. Needs no session."""
    found = site().storage.entry(code.strip().lower())
    current = site().current(found.consultation) if found else None
    if current is None:
        return front_page(status=404)
    definition = current[1]
    return make_response(
        render_template(
            "results.html",
            definition=definition,
            late=not definition.outcomes and today() > definition.dates.results_by,
        )
    )
