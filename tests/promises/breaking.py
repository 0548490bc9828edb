"""A server in which anything can go wrong, and in which all that can be logged is logged.

`running_demo(first=FIRST)` runs it. What a request's own header names raises a mistake that nobody
foresaw, with everything of that request in it: in its words, in its notes, and in its cause.
"""

from __future__ import annotations

import functools
import logging
import os
import resource
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, before_render_template, has_request_context, request
from sqlalchemy import event
from sqlalchemy.engine import Engine

import app.factory
import app.respond.leaving
import app.respond.sending
import app.respond.session
from app.commands.server import Server
from app.respond.session import DraftSessions
from app.storage import Storage
from app.storage.cards import Cards
from app.storage.kept import KeptDrafts
from app.web.quiet_gunicorn import QuietLogger
from tests.server import ROOT

FIRST = "from tests.promises.breaking import break_on_demand; break_on_demand()"
HEADER = "X-Break"
PLACES = (
    *("view", "after the view", "storage", "driver", "template", "before", "afterwards"),
    *("reading the session", "closing the session", "inside leaving", "sealing", "outside"),
)


class Unforeseen(Exception):
    """A mistake in the program."""


def mistake(place: str, environ: dict[str, Any]) -> Unforeseen:
    """A mistake that carries all that it could have met."""
    everything = f"{environ}"
    if has_request_context():
        everything += f" {request.form} {request.files} {request.view_args}"
    cause = ValueError(everything)
    cause.add_note(everything)
    error = Unforeseen(place, everything)
    error.__cause__ = cause
    error.add_note(everything)
    for name in ("app", "gunicorn.error", "a.library"):
        logger = logging.getLogger(name)
        logger.debug(everything)
        logger.warning("typed: %s", everything, extra={"typed": everything})
        logger.critical(error, exc_info=error, stack_info=True)
    warnings.warn(everything, stacklevel=2)
    return error


def break_if_asked(place: str) -> None:
    """Raise where the request of this moment says so."""
    if has_request_context() and request.headers.get(HEADER) == place:
        raise mistake(place, request.environ)


def breaking(place: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which breaks before it does anything."""

    @functools.wraps(call)
    def broken(*arguments: Any, **named: Any) -> Any:
        break_if_asked(place)
        return call(*arguments, **named)

    return broken


def breaking_view(call: Callable[..., Any]) -> Callable[..., Any]:
    """A view that breaks before it begins, or once it has done everything."""

    @functools.wraps(call)
    def broken(*arguments: Any, **named: Any) -> Any:
        break_if_asked("view")
        answer = call(*arguments, **named)
        break_if_asked("after the view")
        return answer

    return broken


def breaking_app(make: Callable[..., Flask]) -> Callable[..., Flask]:
    """An application whose every view, and everything around them, can break."""

    def made(*arguments: Any, **named: Any) -> Flask:
        application = make(*arguments, **named)
        for name, view in application.view_functions.items():
            application.view_functions[name] = breaking_view(view)
        application.before_request(lambda: break_if_asked("before"))
        application.after_request(breaking("afterwards", lambda answer: answer))
        inner = application.wsgi_app

        def outside(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            if environ.get("HTTP_X_BREAK") == "outside":
                raise mistake("outside", environ)
            return inner(environ, start)

        setattr(application, "wsgi_app", outside)  # noqa: B010
        return application

    return made


def everything_loud(
    setup: Callable[[QuietLogger, Any], None],
) -> Callable[[QuietLogger, Any], None]:
    """Set gunicorn's logging up, then every logger there is to DEBUG."""

    def loud(self: QuietLogger, settings: Any) -> None:
        setup(self, settings)
        logging.disable(logging.NOTSET)
        for name in (
            "",
            "sqlalchemy",
            "werkzeug",
            "gunicorn",
            "app",
            *logging.root.manager.loggerDict,
        ):
            logging.getLogger(name).setLevel(logging.DEBUG)

    return loud


def at_debug(load: Callable[[Server], None]) -> Callable[[Server], None]:
    """Configure gunicorn as somebody does who looks for a mistake."""

    def loaded(self: Server) -> None:
        load(self)
        settings: Any = self.cfg
        for name, value in {
            **{"loglevel": "debug", "accesslog": "-", "errorlog": "-"},
            **{"capture_output": True, "access_log_format": "%(h)s %(r)s %({cookie}i)s"},
        }.items():
            settings.set(name, value)

    return loaded


def break_on_demand() -> None:
    """Make the server of this process breakable and loud; a crash may dump its memory here."""
    sys.path.insert(0, str(ROOT))
    os.chdir(os.environ["TMPDIR"])
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    for room in (Storage, Cards, KeptDrafts):
        for name, method in list(vars(room).items()):
            if callable(method) and not name.startswith("_"):
                setattr(room, name, breaking("storage", method))
    event.listen(Engine, "before_cursor_execute", lambda *_: break_if_asked("driver"))
    before_render_template.connect(lambda *_, **__: break_if_asked("template"), weak=False)
    for module, name, place in (
        (app.respond.session, "_read", "reading the session"),
        (app.respond.leaving, "current_draft", "inside leaving"),
        (app.respond.sending, "seal", "sealing"),
    ):
        setattr(module, name, breaking(place, getattr(module, name)))
    app.factory.make_app = breaking_app(app.factory.make_app)
    setattr(
        *(DraftSessions, "save_session"),
        breaking("closing the session", DraftSessions.save_session),
    )
    setattr(QuietLogger, "setup", everything_loud(QuietLogger.setup))  # noqa: B010
    setattr(Server, "load_config", at_debug(Server.load_config))  # noqa: B010
