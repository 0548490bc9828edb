"""The neutral front page, and beginning."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultation import Definition, text_in
from app.journey import Draft
from app.sealing import new_withdrawal_code
from app.storage import Entry, Opened, StorageUnavailable
from app.web.languages import choose_language, current_language, speaking
from app.web.spoken import LANGUAGES

from .cards import find_card, free_card
from .guessing import many_guesses, told_to_wait
from .late_words import BEGINNING, LateWords, late_words, problem_with, put_in_place
from .pace import many_people
from .session import begin, current_draft, destroy, hold_lost, keep, open_to, was_lost
from .shared_device import code_of_this_device, is_shared, shared
from .site import is_open, languages_of, place, site, today
from .visit import Visit, go_to

entry = Blueprint("entry", __name__)

CODE_PATTERN = r"^[a-z0-9-]{1,64}$"
MAX_CODE = 64
RESPONSE_ID_BYTES = 16


def front_page(code: str = "", message: str = "", status: int = 200) -> Response:
    """The front page: the same for every address when there is no session (R1, R43).

    Args:
        code: an entry code to carry along; whether it exists is not told here.
        message: one kind sentence about what happened.
        status: the HTTP status.
    """
    device, config = shared(), site().config
    late = None if device else _words_to_hold()
    if device:  # nothing is said of whoever was here before (R91); the next person starts at once
        code = code or device.code
    with speaking(_language_of(late)):
        if not message and not device and was_lost():
            message = _(
                "You were away for a while, so what was written here before is deleted. You can "
                "start again."
            )
        body = render_template(
            "front.html",
            code=code or (late.code if late else ""),
            message=message,
            chosen=_chosen_language(),
            samples=_samples() if config.demo and not late and not (config.kiosk and code) else [],
            late=late,
            going_on=not was_lost(),
            ask_code=request.endpoint == BEGINNING,
        )
    if late:
        hold_lost()
    return make_response(body, status)


def _words_to_hold() -> LateWords | None:
    """Words that were just typed and have no draft; never once the cookie has gone (R43)."""
    return late_words() if was_lost() or current_draft() is not None else None


def _language_of(late: LateWords | None) -> str:
    return late.language if late and late.language in LANGUAGES else current_language()


def _chosen_language() -> str:
    """The language that the person chose before there is a session, carried in addresses."""
    asked = request.args.get("language") or request.form.get("language") or ""
    asked = (request.view_args or {}).get("tag", asked)
    return asked if asked in LANGUAGES else ""


@dataclass(frozen=True)
class Sample:
    """A consultation of the demo: its title in a language, and a link for each place, if any."""

    title: str
    language: str
    links: Sequence[tuple[str, str]]


def _samples() -> Sequence[Sample]:
    """In the demo: each consultation, so that a newcomer finds it."""
    samples = []
    for opened in site().storage.all_opened():
        definition = site().definition(opened.digest)
        if definition is None or definition.access == "single_use_code":
            continue
        offered = languages_of(definition) or definition.languages
        language = current_language() if current_language() in offered else offered[0]
        places = {c.name: text_in(c.label, language) for c in definition.collectors}
        found = site().storage.entries(opened.consultation)
        links = sorted((places.get(entry.collector or "", ""), f"/{entry.code}") for entry in found)
        samples.append(Sample(text_in(definition.title, language), language, links))
    return sorted(samples, key=lambda sample: sample.title)


@entry.get("/")
@open_to("anyone")
def front() -> ResponseReturnValue:
    """The front page; with a session, the way back to the questions."""
    return _front_or_go_on("")


@entry.get("/<code>")
@open_to("anyone")
def front_with_code(code: str) -> ResponseReturnValue:
    """The front page, carrying an entry code."""
    code = code.strip().lower()
    if len(code) > MAX_CODE or not code.replace("-", "").isalnum() or not code.isascii():
        return front_page(status=404)
    # "/stop" is no code: typed, or found in a history, it shows the plain front page (R43).
    own = {rule.rule.split("/")[1] for rule in current_app.url_map.iter_rules()}
    return _front_or_go_on("" if code in own else code)


def _front_or_go_on(code: str) -> ResponseReturnValue:
    draft = current_draft()
    if draft is not None and draft.sent and shared():  # nobody after comes to their last page
        destroy()
    if draft is None or draft.sent:
        return front_page(code)
    visit = Visit.of(draft)
    return make_response(
        render_template(
            "go_on.html",
            code=code or code_of_this_device(),
            visit=visit,
            number=visit.number,
            title=text_in(visit.definition.public_name, draft.language),
        )
    )


@entry.post("/start")
@open_to("anyone")
def start() -> ResponseReturnValue:
    """Begin: check the code, set the one cookie, go to the first step.

    Pressed twice, the second press goes on with the first session, so nothing is lost.
    """
    # The form carries the chosen language: what is wrong with a code is said in it too.
    with speaking(_chosen_language() or current_language()):
        return _start()


def _start() -> ResponseReturnValue:
    code = request.form.get("code", "").strip().lower()[:MAX_CODE]
    if not code:
        return front_page(
            message=_("Type the code that you were given. It is on the card or link.")
        )
    found, card = _looked_up(code)
    current = site().current(found.consultation) if found else None
    if found is None or current is None:
        return _unknown(code)
    late = late_words()
    problem = problem_with(late, current[1]) if late else ""
    if problem:
        return front_page(code, message=problem)
    return _go_in(code, found, card, current, late)


def _go_in(
    code: str,
    found: Entry,
    card: bytes | None,
    current: tuple[Opened, Definition],
    late: LateWords | None,
) -> ResponseReturnValue:
    """Go on with the session that there is, or begin one if the questions are open."""
    opened, definition = current
    draft = current_draft()
    again = request.form.get("action") == "again"
    if draft and not draft.sent and draft.consultation == found.consultation and not again:
        other_card = card is not None and draft.card != card.hex()
        if other_card or (draft.done and is_shared(definition)):  # perhaps the next person: ask
            return redirect(url_for("entry.front_with_code", code=code), 303)
        keep(put_in_place(draft, late, definition))
        return go_to(Visit.of(draft).number)
    if not is_open(opened, definition):
        return front_page(code, message=_closed_words(definition, opened.state))
    if card is None and definition.access == "single_use_code":
        message = _("Each person has a code of their own here. It is on your card.")
        return front_page(message=message)
    return _begin(code, card, put_in_place(_new_draft(found, definition), late, definition))


def entry_of(code: str) -> Entry | None:
    """Where a code leads, be it one of a group or of a single card."""
    return _looked_up(code)[0]


def _looked_up(code: str) -> tuple[Entry | None, bytes | None]:
    """Where a code leads, and the tag of the card if it is the code of one."""
    found = site().storage.entry(code)
    if found is not None:
        return found, None
    card = find_card(code)
    return (card[1].entry, card[0]) if card else (None, None)


def _unknown(code: str) -> Response:
    """Say that a code leads nowhere; later, when many did (R8)."""
    if site().codes_brake.wrong(place()):
        return told_to_wait(front_page(code, message=many_guesses()))
    return front_page(
        code, message=_("We do not know this code. Check it, or ask who gave it to you.")
    )


def _begin(code: str, card: bytes | None, draft: Draft) -> ResponseReturnValue:
    """Give the person a session; with the code of a card, only once.

    The card is taken first and the draft written second. Of people who try one code at once, one
    takes it; when the draft cannot be written, the card is given back.
    """
    here = place()
    if here and not site().beginning.take(here):
        return told_to_wait(front_page(code, message=many_people()))
    mine = (current_draft() or draft).card
    if card is None or card.hex() == mine:
        begin(replace(draft, card=mine if card else ""))
        return go_to(1)
    if not site().storage.cards.take(card):
        return front_page(
            code,
            message=_(
                "This code is in use or was used already. Each code works once. If you left before "
                "sending, it works again in about an hour. Or ask for another one where you got it."
            ),
        )
    draft = replace(draft, card=card.hex())
    try:
        begin(draft)
    except StorageUnavailable:
        free_card(draft)
        raise
    return go_to(1)


def _closed_words(definition: Definition, state: str) -> str:
    if state == "open" and today() < definition.dates.opens:
        return _("These questions are not open yet. Please come back later.")
    if state == "paused":
        return _("These questions are not open right now. Please come back later.")
    return _("These questions are closed now. Thank you for wanting to answer.")


def _new_draft(found: Entry, definition: Definition) -> Draft:
    offered = languages_of(definition) or [definition.languages[0]]
    language = choose_language(offered, request.form.get("language"), request.accept_languages)
    return Draft(
        consultation=definition.consultation,
        digest=definition.digest,
        language=language,
        collector=found.collector,
        code="" if definition.access == "single_use_code" else found.code,
        response_id=secrets.token_bytes(RESPONSE_ID_BYTES).hex(),
        withdrawal_code=new_withdrawal_code(),
    )


@entry.get("/healthz")
@open_to("operator")
def healthz() -> ResponseReturnValue:
    """For the operator: whether storage answers; nothing else, and soon, whatever hangs."""
    well = site().pulse.beats()
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    words = "ok\n" if well else "not now\n"
    return Response(words, status, content_type="text/plain; charset=utf-8")


def leave_to_front() -> ResponseReturnValue:
    """Destroy what is left of a session and show the front page."""
    destroy()
    return front_page()


def back_to_front() -> ResponseReturnValue:
    """Answer 303 to the front page."""
    return redirect(url_for("entry.front"), 303)
