"""The page where everybody can read what was heard and what changes (R93, R94)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultation import Definition, Outcome, Reply, by_area
from app.consultation.outcomes_wording import OutcomesWording
from app.web.languages import choose_language, current_language, speaking

from .entry import MAX_CODE, entry_of, front_page
from .session import open_to
from .site import languages_of, site, today

results = Blueprint("results", __name__)


@results.get("/results")
@open_to("anyone")
def ask() -> ResponseReturnValue:
    """Ask for the code; it is the only key to what was heard."""
    typed = request.args.get("code", "").strip().lower()[:MAX_CODE]
    found = entry_of(typed) if typed else None
    if found:  # from a card too, its group's code goes on, so that no history lists the card's
        return redirect(url_for("results.show", code=found.code, language=current_language()), 303)
    message = _("We do not know this code. Check it, or ask who gave it to you.") if typed else ""
    return make_response(render_template("results_code.html", code=typed, message=message))


@results.get("/results/<code>")
@open_to("anyone")
def show(code: str) -> ResponseReturnValue:
    """What was heard and what changes; late in public when a day has passed. Needs no session."""
    code = code.strip().lower()[:MAX_CODE]
    found = entry_of(code)
    current = site().current(found.consultation) if found else None
    if found is None or current is None:
        return front_page(status=404)
    definition = current[1]
    offered = languages_of(definition) or definition.languages
    asked = request.args.get("language") or current_language()
    language = choose_language(offered, asked, request.accept_languages)
    with speaking(language):
        body = render_template(
            "results.html",
            languages_offered=offered,
            path=f"/results/{code}",
            **_told(definition, site().reply(definition), today()),
        )
    return make_response(body)


def _told(definition: Definition, reply: Reply, day: dt.date) -> dict[str, Any]:
    """What the template shows, as of a day."""
    dates, doors = definition.dates, definition.participation
    wording = OutcomesWording(_)
    due = [one.by for one in reply.outcomes if one.by and one.state != "done" and one.by >= day]
    return {
        "definition": definition,
        "reply": reply,
        "in_short": [one.child_version for one in reply.outcomes if one.child_version],
        "blocks": by_area(reply, definition.areas) if not reply.is_empty else [],
        "area_words": wording.areas(),
        "empty_words": wording.empty(),
        "change_word": wording.change,
        "stands": lambda outcome: _stands(wording, outcome, day),
        "listener_late": doors is not None and reply.is_late(doors.audience.reply_by, day),
        "results_late": reply.is_empty and day > dates.results_by,
        "next_due": min(due, default=None),
        "still_deleted_by": day <= dates.delete_by,
        "still_taken_back": day <= dates.last_withdrawal,
    }


def _stands(wording: OutcomesWording, outcome: Outcome, day: dt.date) -> dict[str, object]:
    """How one outcome stands, in words; `late` is told before them."""
    return {"late": outcome.is_late(day), "words": wording.stands(outcome)}
