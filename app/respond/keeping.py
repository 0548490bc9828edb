"""Keeping unsent answers under six words, and coming back to them (R33).

Off unless the definition says `resume: true`. What is kept is the draft, encrypted under a key that
comes from the words alone and found by a hash of that key: the server keeps neither, and no row
tells whose it is. See docs/decisions/coming-back.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.consultation import Definition, text_in
from app.journey import Draft
from app.sealing import new_return_words
from app.storage import Opened

from .cards import card_is_done, give_card_back, take_card_again
from .entry import leave_to_front
from .guessing import told_to_wait
from .kept_drafts import read_kept, write_kept
from .sending import only_the_code
from .session import DraftChanged, begin, current_draft, is_gone, keep, open_to, person_only
from .shared_device import is_shared
from .site import is_over, place, site
from .visit import Visit, go_to

keeping = Blueprint("keeping", __name__)

MAX_WORDS = 400
"""Characters that are looked at of what was typed."""


@keeping.get("/keep")
@person_only
def ask(draft: Draft) -> ResponseReturnValue:
    """Explain what keeping means on a device that others use, and ask once more."""
    visit = Visit.of(draft)
    if draft.sent:
        return redirect(url_for("sending.sent"), 303)
    if not _may_keep(visit):
        return go_to(visit.number)
    if not draft.return_words:  # made here, so that pressing twice keeps one draft and not two
        keep(replace(draft, return_words=new_return_words()))
    return _page("keep.html", draft, visit.definition, csrf=generate_csrf())


@keeping.post("/keep")
@person_only
def keep_for_later(draft: Draft) -> ResponseReturnValue:
    """Keep the draft under its words; the session is over, but for showing them."""
    visit = Visit.of(draft)
    if request.form.get("action") != "keep" and not draft.sent:
        return go_to(visit.number)
    if not draft.sent:
        if not (_may_keep(visit) and draft.return_words):
            return go_to(visit.number)
        kept_id = write_kept(draft)
        card_is_done(draft)
        draft = replace(draft, kept=True, withdrawal_code=draft.return_words)
        try:
            keep(only_the_code(draft))
        except DraftChanged:
            if is_gone():  # exit in another tab: nobody will see the words
                site().storage.kept_drafts.delete(kept_id)
            raise
    else:
        keep(only_the_code(draft))
    return redirect(url_for("keeping.kept" if draft.kept else "sending.sent"), 303)


def _may_keep(visit: Visit) -> bool:
    """Whether these answers can wait: asked for by the definition, consented to, not too late."""
    definition = visit.definition
    current = site().current(definition.consultation)
    return (
        definition.resume
        and not is_shared(definition)
        and "consent" in visit.draft.done
        and current is not None
        and not is_over(*current)
    )


@keeping.get("/kept")
@person_only
def kept(draft: Draft) -> ResponseReturnValue:
    """The six words, once for each press; afterwards neutral, as after sending (R91)."""
    if not draft.kept:
        return redirect(url_for("help.back_to_questions"), 303)
    if draft.views_of_code < 1:
        return leave_to_front()
    keep(replace(draft, views_of_code=draft.views_of_code - 1))
    return _page("kept.html", draft, Visit.of(draft).definition, code=draft.withdrawal_code)


def _page(template: str, draft: Draft, definition: Definition, **values: Any) -> Response:
    body = render_template(
        template,
        title=text_in(definition.public_name, draft.language),
        until=definition.dates.closes,
        shortcut=not draft.shortcut_off,
        **values,
    )
    return make_response(body)


@keeping.route("/come-back", methods=["GET", "POST"])
@open_to("anyone")
def come_back() -> ResponseReturnValue:
    """Ask for the six words; open what is kept under them, or delete it."""
    if request.method != "POST":
        return _asking("")
    here = current_draft()
    if here is not None and not here.sent:  # what is open here would be lost
        return redirect(url_for("entry.front"), 303)
    typed = request.form.get("words", "")[:MAX_WORDS]
    if not typed.strip():
        return _asking("empty")
    found = read_kept(typed)
    if found is None:
        if site().words_brake.wrong(place()):
            return told_to_wait(_asking("wait", typed))
        return _asking("unknown", typed)
    return _found(*found, typed)


def _asking(outcome: str, typed: str = "") -> Response:
    return make_response(render_template("come_back.html", outcome=outcome, typed=typed))


def _found(kept_id: bytes, draft: Draft, typed: str) -> ResponseReturnValue:
    current: tuple[Opened, Definition] | None = site().current(draft.consultation)
    if request.form.get("action") == "delete" or current is None or is_over(*current):
        site().storage.kept_drafts.delete(kept_id)
        give_card_back(draft)
        return _asking("deleted" if current and not is_over(*current) else "closed")
    if current[0].state != "open":
        return _asking("paused", typed)
    begin(replace(draft, came_from=kept_id.hex()))
    take_card_again(draft)
    return go_to(Visit.of(draft).number)
