"""What the server tells `static/posting.js`, which sends a page and stays on it when that fails.

The script cannot see where a redirect leads without following it, so it is told.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request

ASKED_BY_SCRIPT = "X-Step"
GO_TO = "X-Go"


def asked_by_script() -> bool:
    """Whether the page's own script asks; another site's cannot send this header."""
    return ASKED_BY_SCRIPT in request.headers


def tell_the_script(response: Response) -> Response:
    """Answer the script with the place to go to, in place of a redirect."""
    if asked_by_script() and response.status_code == HTTPStatus.SEE_OTHER:
        response.headers[GO_TO] = response.headers.pop("Location")
        response.status_code = HTTPStatus.NO_CONTENT
        response.set_data(b"")
    return response
