"""Sending: seal, one insert, draft deleted, "sent". And what a person sees when it cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultation import text_in
from app.journey import Draft, response_document
from app.sealing import DocumentTooLong, public_key_from_text, seal, withdrawal_tag
from app.storage import StoredResponse

from .cards import card_is_done
from .entry import leave_to_front
from .kept_drafts import forget_kept
from .session import keep, person_only
from .shared_device import is_shared
from .site import is_open, site
from .visit import Visit, show_again

sending = Blueprint("sending", __name__)


def deliver(visit: Visit, ended: Literal["complete", "stopped"]) -> ResponseReturnValue:
    """Send the answers, or show kindly why they cannot be sent now; nothing typed is lost.

    The id and the withdrawal code were made when the person began, so that a second press of the
    button finds the first one's row and shows the same code (R35).
    """
    draft = visit.draft
    if not draft.sent:
        problem = _send(visit, ended)
        if problem:
            return show_again(visit, visit.path.steps[visit.number - 1], message=problem)
        card_is_done(draft)
        forget_kept(draft)
    # A shared device goes back to the entry code that the person came in with.
    collector = draft.collector if is_shared(visit.definition) else None
    keep(replace(only_the_code(draft), collector=collector))
    return redirect(url_for("sending.sent"), 303)


def _send(visit: Visit, ended: Literal["complete", "stopped"]) -> str:
    """Seal and store; returns a sentence for the person when that is not possible."""
    consultation = visit.definition.consultation
    current = site().current(consultation)
    if current is None or not is_open(*current):
        return _(
            "These questions are closed at the moment, so your answers were not sent. They stay "
            "here for an hour after your last press. You can try again, or stop and delete them."
        )
    recipients = [public_key_from_text(text) for text in site().storage.recipients(consultation)]
    document = response_document(visit.definition, visit.draft, ended)
    try:
        envelope = seal(document, consultation, recipients)
    except DocumentTooLong:
        return _("Your answers are longer than we can keep. Make one of them shorter, please.")
    site().storage.keep_response(
        consultation,
        StoredResponse(
            id=bytes.fromhex(visit.draft.response_id),
            envelope=envelope,
            withdrawal_tag=withdrawal_tag(consultation, visit.draft.withdrawal_code),
        ),
    )
    return ""


def only_the_code(draft: Draft) -> Draft:
    """What is left of a draft once it is sent, or kept: the code, to be shown once."""
    return Draft(
        consultation=draft.consultation,
        digest=draft.digest,
        language=draft.language,
        response_id="",
        withdrawal_code=draft.withdrawal_code,
        shortcut_off=draft.shortcut_off,
        sent=True,
        kept=draft.kept,
        # Each press of "Send" allows one look: a double click is answered twice, and the
        # browser shows the second answer.
        views_of_code=draft.views_of_code + 1,
    )


@sending.get("/sent")
@person_only
def sent(draft: Draft) -> ResponseReturnValue:
    """Thanks, and the withdrawal code once; afterwards neutral (R91)."""
    if draft.kept:
        return redirect(url_for("keeping.kept"), 303)
    if not draft.sent or draft.views_of_code < 1:
        return leave_to_front() if draft.sent else redirect(url_for("help.back_to_questions"), 303)
    left = {**draft.to_plain(), "views_of_code": draft.views_of_code - 1}
    keep(Draft.from_plain(left))
    definition = Visit.of(draft).definition
    return make_response(
        render_template(
            "sent.html",
            definition=definition,
            title=text_in(definition.public_name, draft.language),
            code=draft.withdrawal_code,
            until=definition.dates.last_withdrawal,
            shortcut=not draft.shortcut_off,
        )
    )
