"""Kind pages for what goes wrong, and room for a browser to show them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import IO

from flask import (
    Flask,
    Response,
    current_app,
    got_request_exception,
    make_response,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from .references import forget_reference, give_reference, present_reference

DRAIN_AT_MOST = 16 * 1024 * 1024
"""Bytes of an unread body that are read and thrown away before the answer is sent."""
DRAIN_AT_ONCE = 64 * 1024


def N_(sentence: str) -> str:  # the name that pybabel looks for
    """Mark a sentence for translation where it is shown."""
    return sentence


# What happened, and what the person can do now. No code, no blame, no promise (R84).
SENTENCES: dict[int, tuple[str, str]] = {
    400: (
        N_("That did not work"),
        N_("We could not read what was sent. Please go back and try again."),
    ),
    403: (
        N_("That did not work"),
        N_("This page was open for a long time or in another place. Go back and try again."),
    ),
    404: (
        N_("There is nothing here"),
        N_("Check the address or the code, or start again."),
    ),
    405: (
        N_("There is nothing here"),
        N_("Check the address or the code, or start again."),
    ),
    413: (
        N_("That was too long for us"),
        N_("It was not saved. Please go back and make it shorter, or skip the question."),
    ),
    429: (
        N_("Please wait a little"),
        N_("Many people are here right now. Wait a minute, then try again."),
    ),
    500: (
        N_("Something went wrong on our side"),
        N_("It was not because of you. Go back and try again, or come back later."),
    ),
    503: (
        N_("We cannot save anything right now"),
        N_("It is not because of you. Wait a few minutes, then try again."),
    ),
}
ANY_OTHER = SENTENCES[500]

# Headers of an error that a browser needs, beside the page itself (RFC 9110 §15.5.6, §10.2.3).
KEPT_HEADERS = ("Allow", "Retry-After")

PLAIN_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Questions</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><header><p><a href="/leave" rel="nofollow noreferrer">Exit this page</a></p></header>
<main><h1>{heading}</h1><p>{advice}</p>{reference}<p><a href="/">Start page</a></p>
<p><a href="/support">Find someone to talk to</a></p></main></body></html>
"""


def kind_page(code: int) -> Response:
    """Make the page for one kind of error.

    Args:
        code: the HTTP status; one without sentences of its own gets those of 500.

    The page is the template `error.html`; if even that fails, a page without any template.
    """
    heading, advice = SENTENCES.get(code, ANY_OTHER)
    try:
        body = render_template("error.html", heading=gettext(heading), advice=gettext(advice))
    except Exception:
        current_app.logger.exception("The error page could not be rendered")
        body = plain_page(code)
    return make_response(body, code)


def plain_page(code: int) -> str:
    """Write the page for one kind of error without any template, in English.

    Args:
        code: as for `kind_page`.
    """
    heading, advice = SENTENCES.get(code, ANY_OTHER)
    told = f"<p>{reference}</p>" if (reference := present_reference()) else ""
    return PLAIN_PAGE.format(heading=escape(heading), advice=escape(advice), reference=told)


def tell_operator(error: Exception, sentence: str = "") -> None:
    """Log an error that was answered with a kind page, and give it a reference.

    Args:
        error: what happened; nothing of its words is logged.
        sentence: what happened and what to do, written down with `log_sentence`.

    `kind_page` and every other template can then show `reference()`.
    """
    give_reference()
    current_app.logger.error(sentence, exc_info=error)


def drain_request() -> None:
    """Read and throw away what is left of the request's body, up to `DRAIN_AT_MOST` bytes.

    A server that closes while a browser still sends makes the browser show "connection reset"
    in place of the answer.
    """
    stream = _unread_body()
    left = DRAIN_AT_MOST
    try:
        while left > 0:
            piece = stream.read(min(left, DRAIN_AT_ONCE))
            if not piece:
                return
            left -= len(piece)
    except (OSError, HTTPException):
        # The browser is gone, or Werkzeug's own limit is reached: nothing is left to drain.
        return


def _unread_body() -> IO[bytes]:
    if "wsgi.input_terminated" in request.environ:
        # The server knows where the body ends; Werkzeug's limit would only stop us again.
        raw: IO[bytes] = request.environ["wsgi.input"]
        return raw
    # Once Werkzeug has begun to read, only its own stream knows how much is left. Reading
    # past the end of a body would wait for ever.
    begun: IO[bytes] | None = request.__dict__.get("stream")
    return begun if begun is not None else get_input_stream(request.environ)


def init_errors(app: Flask, not_found: Callable[[], ResponseReturnValue] | None = None) -> None:
    """Answer every error of an application with a kind page.

    Args:
        app: the application.
        not_found: makes the answer to an address that leads nowhere: the neutral front page,
            with the status of its choice (R1, R43). Without it, a kind page.
    """

    def on_error(error: HTTPException) -> ResponseReturnValue:
        code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            drain_request()
        nowhere = code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
        if nowhere and not_found is not None:
            try:
                return not_found()
            except HTTPException as worse:  # what was sent there cannot even be read
                return on_error(worse)
        response = kind_page(code)
        for name, value in error.get_headers(request.environ):
            if name in KEPT_HEADERS:
                response.headers[name] = value
        return response

    app.register_error_handler(HTTPException, on_error)
    app.add_template_global(present_reference, "reference")
    got_request_exception.connect(_on_crash, app)
    app.teardown_request(lambda _error: forget_reference())


def _on_crash(_app: Flask, **_details: object) -> None:
    """Before Flask logs what no view expected."""
    give_reference()
