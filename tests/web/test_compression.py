from __future__ import annotations

import pytest
from flask import Flask, Response

from app.web.compression import init_compression
from app.web.headers import init_headers


def add_pages(app: Flask) -> None:
    app.add_url_rule("/long", view_func=lambda: "words " * 500, endpoint="long")
    app.add_url_rule("/short", view_func=lambda: "words", endpoint="short")
    app.add_url_rule(
        "/picture",
        view_func=lambda: Response(b"\0" * 5000, mimetype="image/png"),
        endpoint="picture",
    )


@pytest.mark.parametrize(
    ("path", "accepted", "encoding"),
    [
        ("/long", "gzip, deflate, br, zstd", "br"),
        ("/long", "gzip", "gzip"),
        ("/long", "identity", None),
        ("/short", "gzip", None),
        ("/picture", "gzip", None),
    ],
)
def test_what_is_compressed(app: Flask, path: str, accepted: str, encoding: str | None) -> None:
    init_compression(app)
    init_headers(app)
    add_pages(app)
    response = app.test_client().get(path, headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers.get_all("Vary") == ["Accept-Encoding, Accept-Language, Cookie"]
