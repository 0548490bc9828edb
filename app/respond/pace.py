"""A limit on how much one place may ask, so that others find room; with it nobody loses a word.

Exit and support are never limited, and nothing is where places cannot be told apart: behind Tor or
a server in front that tells nothing, one place is everybody (docs/decisions/rate-limits.md).
"""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.web.errors import kind_page

from .guessing import told_to_wait
from .site import place, site

ALWAYS = frozenset(
    {
        *("leaving.leave", "help.support", "entry.healthz"),
        *("static_file", "favicon", "robots"),
    }
)
"""What is answered however much was asked: the way out, help, and what a page needs."""


def wait_a_little() -> Response | None:
    """Tell a place that asked far more than a class does to wait; None for everybody else."""
    if request.endpoint in ALWAYS:
        return None
    here = place()
    if here is None or site().asking.take(here):
        return None
    return told_to_wait(
        once_more(
            429,
            _("Please wait a little"),
            _(
                "Many people are here right now. Your words are still here, in this page. Wait a "
                "minute, then try again."
            ),
        )
    )


def many_people() -> str:
    """What a person reads who cannot begin because very many began from the same place."""
    return _(
        "Many people are starting here right now. Please wait a minute, and press Start again."
    )


def once_more(status: int, heading: str, advice: str) -> Response:
    """A page that holds everything of the posted form, to be sent once more; else a kind page.

    Args:
        status: the HTTP status.
        heading: what happened.
        advice: that the words are still there, and what to do.
    """
    if request.method != "POST":
        return kind_page(status)
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:
        return kind_page(status)
    body = render_template(
        "try_again.html", fields=fields, address=request.path, heading=heading, advice=advice
    )
    return make_response(body, status)
