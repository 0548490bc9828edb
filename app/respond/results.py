"""The page where everybody can read what was heard and what changes (R93, R94)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.consultation import Definition, Outcome, Reply, by_area
from app.web.languages import choose_language, current_language

from .entry import MAX_CODE, entry_of, front_page
from .session import open_to
from .site import languages_of, site, today

results = Blueprint("results", __name__)

AREAS = {
    "reporting": _l("Telling when something is wrong"),
    "support": _l("Getting help"),
    "information": _l("Information and advice"),
    "training": _l("People whose job is to help"),
}
EMPTY = {
    "not asked": _l("We did not ask about this."),
    "nobody answered": _l("Nobody answered about this."),
    "nothing yet": _l("There is nothing to tell about this yet."),
}


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
    with force_locale(language.replace("-", "_")):
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
    due = [one.by for one in reply.outcomes if one.by and one.state != "done" and one.by >= day]
    return {
        "definition": definition,
        "reply": reply,
        "in_short": [one.child_version for one in reply.outcomes if one.child_version],
        "blocks": by_area(reply, definition.areas) if not reply.is_empty else [],
        "area_words": AREAS,
        "empty_words": EMPTY,
        "stands": lambda outcome: _stands(outcome, day),
        "listener_late": doors is not None and reply.is_late(doors.audience.reply_by, day),
        "results_late": reply.is_empty and day > dates.results_by,
        "next_due": min(due, default=None),
        "still_deleted_by": day <= dates.delete_by,
        "still_taken_back": day <= dates.last_withdrawal,
    }


def _stands(outcome: Outcome, day: dt.date) -> dict[str, object]:
    """How one outcome stands, in words; `late` is told before them."""
    late = outcome.is_late(day)
    if outcome.state == "done":
        words = _("This is done.")
    elif outcome.state == "answered" and outcome.change is None:
        words = _("They answered.")
    elif outcome.state == "answered":
        words = _("They answered. It is not done yet.")
    elif outcome.state == "sent":
        words = _("We asked for this. There is no answer yet.")
    else:
        words = _("We will ask for this. It is not sent yet.")
    return {"late": late, "words": words}
