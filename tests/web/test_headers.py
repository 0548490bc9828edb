from __future__ import annotations

import pytest
from flask import Flask, Response, abort, redirect

from app.web.headers import KEEP_FOR_A_YEAR, init_headers
from tests.onion import onion_name

ON_EVERY_RESPONSE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def add_pages(app: Flask) -> None:
    def page() -> str:
        return "words"

    def kept() -> Response:
        return Response("style", headers={"Cache-Control": KEEP_FOR_A_YEAR})

    def proud() -> Response:
        return Response("words", headers={"Cache-Control": "public", "Server": "Heard/1"})

    def broken() -> str:
        raise RuntimeError

    app.add_url_rule("/page", view_func=page)
    app.add_url_rule("/kept", view_func=kept)
    app.add_url_rule("/proud", view_func=proud)
    app.add_url_rule("/broken", view_func=broken)
    app.add_url_rule("/refused", view_func=lambda: abort(403), endpoint="refused")


@pytest.mark.parametrize("path", ["/page", "/proud", "/broken", "/refused", "/nowhere"])
@pytest.mark.parametrize(("name", "value"), ON_EVERY_RESPONSE.items())
def test_every_response_has_the_header(app: Flask, path: str, name: str, value: str) -> None:
    init_headers(app)
    add_pages(app)
    assert app.test_client().get(path).headers.get_all(name) == [value]


@pytest.mark.parametrize("feature", ["camera", "geolocation", "microphone", "browsing-topics"])
def test_features_are_switched_off_for_everybody(app: Flask, feature: str) -> None:
    init_headers(app)
    policy = app.test_client().get("/").headers["Permissions-Policy"]
    assert f"{feature}=()" in policy.split(", ")


def test_a_file_named_by_its_content_is_kept(app: Flask) -> None:
    init_headers(app)
    add_pages(app)
    kept = app.test_client().get("/kept").headers
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in kept.get("Vary", "")


def test_a_page_varies_by_what_it_depends_on(app: Flask) -> None:
    init_headers(app)
    add_pages(app)
    vary = app.test_client().get("/page").headers["Vary"]
    assert set(vary.split(", ")) == {"Accept-Encoding", "Accept-Language", "Cookie"}


def test_the_application_does_not_name_itself(app: Flask) -> None:
    init_headers(app)
    add_pages(app)
    assert "Server" not in app.test_client().get("/proud").headers


ONION = f"http://{onion_name(bytes(32))}"


def test_tor_browser_is_told_of_the_onion_service_on_pages_over_https_alone(app: Flask) -> None:
    secure = Flask("secure")
    for each, https in ((app, False), (secure, True)):
        init_headers(each, https=https, onion=ONION)
        add_pages(each)
        each.add_url_rule("/leads-on", view_func=lambda: redirect("/page"), endpoint="leads-on")
    at_onion = secure.test_client().get("/page", base_url=ONION)
    begun = secure.test_client()
    begun.set_cookie("__Host-q", "a")

    assert secure.test_client().get("/page").headers["Onion-Location"] == f"{ONION}/page"
    for headers in (
        app.test_client().get("/page").headers,
        secure.test_client().get("/leads-on").headers,
        begun.get("/page").headers,
        at_onion.headers,
    ):
        assert "Onion-Location" not in headers


def test_https_is_demanded_only_where_there_is_https(app: Flask) -> None:
    secure = Flask("secure")
    init_headers(app)
    init_headers(secure, https=True)
    assert "Strict-Transport-Security" not in app.test_client().get("/").headers
    demanded = secure.test_client().get("/").headers["Strict-Transport-Security"]
    assert demanded == "max-age=63072000; includeSubDomains"
