"""Requests that no person on this site made: posts from other sites, and guesses of a browser."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Request

from app.web.errors import kind_page

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# "none": the person typed the address or opened it from outside the web.
OWN_SITES = frozenset({"same-origin", "none"})
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
PREFETCH_WORDS = ("prefetch", "prerender", "preview")


def is_cross_site(asked: Request) -> bool:
    """Say whether another site's page made a request.

    Args:
        asked: the request.

    A sibling domain ("same-site") is another site too. Browsers before 2023, and any browser on
    plain HTTP, send no `Sec-Fetch-Site`; there `Origin` decides. An `Origin` of `null` says
    nothing: under `Referrer-Policy: no-referrer` a browser sends it with our own forms (Fetch
    standard, "append a request `Origin` header"). The token in each form and the SameSite
    cookie guard that case.
    """
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in OWN_SITES
    origin = asked.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != asked.host


def is_prefetch(asked: Request) -> bool:
    """Say whether a browser or a scanner asks ahead, before any person does (R57).

    Args:
        asked: the request.
    """
    purposes = " ".join(asked.headers.get(name, "") for name in PREFETCH_HEADERS).lower()
    return any(word in purposes for word in PREFETCH_WORDS)


def reads_only(asked: Request) -> bool:
    """Say whether a request may change nothing: a HEAD, or a GET that asks ahead of any person.

    Args:
        asked: the request.

    Source: RFC 9110 §9.2.1, R57.
    """
    return asked.method == "HEAD" or (asked.method == "GET" and is_prefetch(asked))


def init_cross_site(app: Flask) -> None:
    """Refuse every cross-site request that would change something, with a kind page.

    Args:
        app: the application.
    """
    # Flask-WTF would demand a Referer on HTTPS, and this site's browsers send none.
    app.config["WTF_CSRF_SSL_STRICT"] = False

    def refuse() -> ResponseReturnValue | None:
        if request.method in SAFE_METHODS or not is_cross_site(request):
            return None
        return kind_page(HTTPStatus.FORBIDDEN)

    app.before_request(refuse)
