"""The respond room as one thing to register: blueprints, session, forms, errors, templates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from babel.dates import format_date
from flask import Flask, Response, abort, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect

from app.consultation import text_in
from app.sealing import DocumentTooLong
from app.storage import StorageUnavailable
from app.web.errors import kind_page, tell_operator
from app.web.languages import current_language, direction, language_name
from app.web.quiet_logging import log_sentence
from app.web.spoken import LANGUAGES

from .entry import entry, front_page
from .help import help as help_blueprint
from .keeping import keeping
from .late_words import copy_words, late_words
from .leaving import leaving
from .pace import once_more, wait_a_little
from .posting import tell_the_script
from .results import results
from .sending import sending
from .session import DraftChanged, DraftSessions, current_draft, destroy
from .shared_device import exit_address, shared, shared_device
from .site import languages_of, site
from .steps import steps
from .visit import DefinitionGone
from .withdrawal import withdrawal

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

MAX_BODY = 512 * 1024
"""Bytes of one posted page: more than any page can hold, less than a nuisance."""


def init_respond(app: Flask) -> None:
    """Add the journey of a person answering to an application that has a `Site`."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # R30: no time limit on answering
        WTF_CSRF_SSL_STRICT=False,  # it wants a referrer, and Heard sends none (R54)
    )
    app.session_interface = DraftSessions()
    app.before_request(wait_a_little)
    app.before_request(_storage_first)
    app.before_request(_only_whole_forms)
    csrf = CSRFProtect(app)
    blueprints = (entry, steps, sending, leaving, help_blueprint, withdrawal, results)
    for blueprint in (*blueprints, shared_device, keeping):
        app.register_blueprint(blueprint)
    # Without a session there is no token to check, and nothing of a person to protect: starting
    # and taking back need what only the person has. Cross-site posts are refused before this.
    exempt = ("entry.start", "withdrawal.withdraw", "leaving.leave", "shared_device.more_time")
    for view in (*exempt, "keeping.come_back"):
        csrf.exempt(app.view_functions[view])
    app.after_request(tell_the_script)
    app.register_error_handler(CSRFError, _on_stale_form)
    app.register_error_handler(StorageUnavailable, _on_storage)
    app.register_error_handler(DraftChanged, _on_storage)
    app.register_error_handler(DefinitionGone, _on_gone)
    app.register_error_handler(DocumentTooLong, _on_too_long)
    app.add_template_filter(_day, "day")
    app.add_template_global(text_in, "text_in")
    app.add_template_global(_language_list, "language_list")
    app.add_template_global(exit_address, "exit_address")
    app.context_processor(_languages_offered)
    app.context_processor(lambda: {"shared": shared()})


def session_language() -> str | None:
    """The language that the person chose on the way; None without a session."""
    plain = session.get("draft")
    return str(plain["language"]) if plain else None


def not_found() -> ResponseReturnValue:
    """An address that leads nowhere shows the neutral front page (R43)."""
    return front_page(status=404)


def _on_stale_form(_error: CSRFError) -> ResponseReturnValue:
    """A form of an earlier session: what was typed in it stays, and is kept if the person says."""
    draft, late = current_draft(), late_words()
    if draft is None:
        return front_page()
    if late is None:
        return kind_page(403)
    message = _("This page is from before you started again.")
    if late.code and late.code == draft.code and not draft.sent:
        return front_page(message=message, status=403)
    return copy_words(late, message, _("Your words are still here, if you want to copy them."), 403)


def _storage_first() -> None:
    """Say that storage cannot be read before a form is called old; leaving and help always work."""
    problem = getattr(session, "unavailable", None)
    if problem is not None and request.endpoint not in ("leaving.leave", "help.support"):
        raise problem


def _only_whole_forms() -> None:
    """Refuse a form over which Flask-WTF stumbles, and one that Werkzeug silently cuts short."""
    if request.method != "POST" or request.endpoint == "leaving.leave":
        return
    if None in request.form:  # a part of a multipart form without a name
        abort(400)
    # Without a length the limit is found only by reading up to it.
    if request.content_length is None and getattr(request.stream, "is_exhausted", False):
        abort(413)


def _on_storage(error: StorageUnavailable | DraftChanged) -> Response:
    """A kind page; what was just typed stays in it, and can be sent once more."""
    if isinstance(error, StorageUnavailable):
        tell_operator(error, log_sentence(str(error)))
    return once_more(
        503,
        _("We cannot save anything right now"),
        _(
            "It is not because of you. Your words are still here, in this page. Wait a minute, "
            "then try again."
        ),
    )


def _on_too_long(_error: DocumentTooLong) -> Response:
    return kind_page(413)


def _on_gone(_error: DefinitionGone) -> ResponseReturnValue:
    destroy()
    return front_page()


def _day(day: dt.date) -> str:
    return format_date(day, format="long", locale=current_language().replace("-", "_"))


def _language_list(tags: list[str]) -> list[dict[str, str]]:
    return [{"tag": tag, "name": language_name(tag), "direction": direction(tag)} for tag in tags]


def _languages_offered() -> dict[str, object]:
    """Languages to choose from: those of the consultation in a session, else all of Heard's."""
    plain = session.get("draft")
    definition = site().definition(plain["digest"]) if plain else None
    offered = languages_of(definition) if definition else list(LANGUAGES)
    return {"languages_offered": offered, "path": request.path}
