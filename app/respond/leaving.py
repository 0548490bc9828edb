"""Leaving: exit at once, or stop and delete, or stop and send."""

from __future__ import annotations

from contextlib import suppress

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from app.journey import Draft
from app.storage import StorageUnavailable
from app.web.cross_site import reads_only
from app.web.languages import speaking
from app.web.quiet_logging import log_sentence
from config import DEFAULT_EXIT

from .cards import free_card
from .kept_drafts import forget_kept
from .late_words import say_it_was_sent
from .sending import deliver
from .session import current_draft, destroy, open_to, person_only
from .shared_device import shared
from .site import site
from .steps import keep_for_later, keep_typed, posted_step
from .visit import Visit, go_to

leaving = Blueprint("leaving", __name__)

NOT_TIDY = log_sentence("Somebody left, and what they wrote may wait for a sweep")

CLEAR = '"cache", "storage"'
"""Not "cookies": browsers would remove those of the organisation's other sites as well; the one
cookie of this site is removed by name."""


@leaving.route("/leave", methods=["GET", "POST"])
@open_to("anyone")
def leave() -> ResponseReturnValue:
    """Exit now: session and draft destroyed, cookie removed, then the neutral site (R41).

    Leaving works even when storage, or this program, does not: the cookie goes, and with it the
    only key.
    """
    if reads_only(request):
        return Response(status=204)
    neutral = site().config.exit_to or DEFAULT_EXIT
    try:
        neutral = _end_session()
    except Exception:  # whatever it is: nobody is held here by a mistake of ours
        current_app.logger.exception(NOT_TIDY)
        with suppress(Exception):
            destroy()
    response = redirect(neutral, 303)
    response.headers["Clear-Site-Data"] = CLEAR
    return response


def _end_session() -> str:
    """Destroy the session and the draft; the address to go to."""
    draft, definition, device = None, None, shared()
    with suppress(StorageUnavailable):
        draft = current_draft()
        definition = site().definition(draft.digest) if draft else None
    destroy()
    # On a shared device the neutral page is the front page: the next person starts there.
    return device.front if device else site().exit_for(definition, draft.language if draft else "")


@leaving.post("/stop")
@person_only
def stop(draft: Draft) -> ResponseReturnValue:
    """Stop and delete, or stop and send what there is (R39)."""
    visit = Visit.of(draft)
    if draft.sent:  # a form of an earlier page: say what is true now
        return say_it_was_sent(draft) or deliver(visit, "stopped")
    if request.form.get("action") == "send":
        if "consent" not in draft.done:
            return go_to(visit.number)
        step = posted_step(visit, visit.number)
        visit = keep_typed(visit, step) if step else keep_for_later(visit)
        return deliver(visit, "stopped")
    if request.form.get("action") != "delete":
        return go_to(visit.number)
    forget_kept(draft)
    free_card(draft)
    destroy(page_follows=True)
    with speaking(draft.language):
        page = "stopped.html" if "consent" in draft.done else "declined.html"
        return make_response(render_template(page, definition=visit.definition))
