"""Help that is one step away on every page: support, a pause, another language."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.consultation import text_in
from app.journey import Draft
from app.storage import StorageUnavailable
from app.web.languages import current_language, speaking
from app.web.spoken import LANGUAGES

from .entry import front_page
from .late_words import HELD
from .session import current_draft, hold_lost, keep, open_to, person_only
from .site import languages_of, site
from .support_views import support_view
from .visit import CHOICES, Visit, go_to, go_to_choice

help = Blueprint("help", __name__)

RETURN_TO = {
    "start": "entry.front",
    "support": "help.support",
    "pause": "help.pause",
    "sent": "sending.sent",
    "keep": "keeping.ask",
    "kept": "keeping.kept",
}


@help.get("/support")
@open_to("anyone")
def support() -> ResponseReturnValue:
    """People to talk to, by country; with or without a session (R6, R64)."""
    draft = None
    if HELD in request.args:  # the page before still holds words
        hold_lost()
    with suppress(StorageUnavailable):  # help is there even when nothing can be read
        draft = current_draft()
    visit = Visit.of(draft) if draft else None
    return make_response(
        render_template(
            "support.html",
            support=support_view(visit, request.args.get("country", ""), current_language()),
            visit=visit,
            title=text_in(visit.definition.public_name, current_language()) if visit else "",
            shortcut=not draft.shortcut_off if draft else True,
        )
    )


@help.get("/pause")
@person_only
def pause(draft: Draft) -> ResponseReturnValue:
    """A page with nothing to do (R31)."""
    visit = Visit.of(draft)
    return make_response(
        render_template(
            "pause.html",
            visit=visit,
            title=text_in(visit.definition.public_name, draft.language),
            shortcut=not draft.shortcut_off,
        )
    )


@help.get("/back-to-questions")
@person_only
def back_to_questions(draft: Draft) -> ResponseReturnValue:
    """Back to the step that was last on screen, or to an earlier choice (R16)."""
    if draft.sent:
        return redirect(url_for("sending.sent"), 303)
    visit = Visit.of(draft)
    kind = request.args.get("to", "")
    return go_to_choice(visit, kind) if kind in CHOICES else go_to(visit.number)


@help.get("/media/<path:name>")
@person_only
def media(draft: Draft, name: str) -> ResponseReturnValue:
    """A picture or a sound that a question names, for whoever is answering it (R24)."""
    if name not in Visit.of(draft).definition.media:
        abort(404)
    return send_from_directory(site().config.surveys / "media", name)


@help.get("/language/<tag>")
@open_to("anyone")
def language(tag: str) -> ResponseReturnValue:
    """Another language, and back to the same place (R80)."""
    draft = current_draft()
    if draft is None:
        with speaking(tag if tag in LANGUAGES else current_language()):
            return front_page(request.args.get("code", ""))
    visit = Visit.of(draft)
    if tag in languages_of(visit.definition):
        once_more = draft.views_of_code + 1 if draft.sent else 0
        keep(replace(draft, language=tag, views_of_code=once_more))
    place = RETURN_TO.get(request.args.get("from", ""), "help.back_to_questions")
    return redirect(url_for(place), 303)
