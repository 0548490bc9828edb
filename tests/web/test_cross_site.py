from __future__ import annotations

import pytest
from flask import Flask, Request
from werkzeug.test import EnvironBuilder

from app.web.cross_site import init_cross_site, is_prefetch


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({}, 200),
        ({"Origin": "null"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://localhost"}, 200),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "http://localhost.elsewhere.example"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(
    app: Flask, headers: dict[str, str], status: int
) -> None:
    init_cross_site(app)
    app.add_url_rule("/", view_func=lambda: "kept", methods=["GET", "POST"], endpoint="page")
    response = app.test_client().post("/", headers=headers)
    assert response.status_code == status
    assert (response.text == "kept") == (status == 200)


def test_a_link_on_another_site_still_opens_a_page(app: Flask) -> None:
    init_cross_site(app)
    app.add_url_rule("/", view_func=lambda: "words", endpoint="page")
    response = app.test_client().get("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("headers", "ahead"),
    [
        ({}, False),
        ({"Sec-Purpose": "prefetch"}, True),
        ({"Sec-Purpose": "prefetch;prerender"}, True),
        ({"Purpose": "Prefetch"}, True),
        ({"X-Purpose": "preview"}, True),
        ({"X-Moz": "prefetch"}, True),
        ({"User-Agent": "prefetch"}, False),
    ],
)
def test_asking_ahead_is_told_from_a_person(headers: dict[str, str], ahead: bool) -> None:
    assert (
        is_prefetch(Request(EnvironBuilder(headers=list(headers.items())).get_environ())) is ahead
    )
