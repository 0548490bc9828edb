from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from flask import Flask, render_template_string

from app.web.assets import init_assets
from app.web.headers import KEEP_FOR_A_YEAR, init_headers

STYLE = "p { margin: 0 }\n" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "style.css").write_text(STYLE)
    (tmp_path / "script.js").write_text("'use strict';\n")
    (tmp_path / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "notes.txt").write_text("not for anybody")
    return tmp_path


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return render_template_string("{{ asset(name) }}", name=name)


def test_the_address_changes_with_the_content_and_names_nothing(app: Flask, folder: Path) -> None:
    init_assets(app, folder)
    before = address(app, "style.css")
    (folder / "style.css").write_text(STYLE + "a { color: red }")
    changed = Flask("changed", static_folder=None)
    init_assets(changed, folder)
    assert before != address(changed, "style.css")
    assert "style" not in before
    assert before.endswith(".css")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None), ("br;q=0, gzip", "gzip")],
)
def test_each_browser_gets_the_smallest_form_it_reads(
    app: Flask, folder: Path, accepted: str, encoding: str | None
) -> None:
    init_assets(app, folder)
    response = app.test_client().get(
        address(app, "style.css"), headers={"Accept-Encoding": accepted}
    )
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert response.headers.get("Content-Encoding") == encoding
    assert unpack(response.data).decode() == STYLE
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"


def test_a_file_too_small_to_gain_is_sent_plain(app: Flask, folder: Path) -> None:
    init_assets(app, folder)
    response = app.test_client().get(address(app, "script.js"), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


def test_only_named_by_content_files_are_kept(app: Flask, folder: Path) -> None:
    init_headers(app)
    init_assets(app, folder)
    client = app.test_client()
    kept = client.get(address(app, "style.css"))
    assert kept.headers["Cache-Control"] == KEEP_FOR_A_YEAR
    assert client.get("/favicon.ico").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["style.css", "notes.txt", "../conftest.py", "0000.css"])
def test_no_other_address_leads_to_a_file(app: Flask, folder: Path, name: str) -> None:
    init_assets(app, folder)
    assert app.test_client().get(f"/static/{name}").status_code == 404


def test_browsers_find_an_icon_and_search_engines_a_closed_door(app: Flask, folder: Path) -> None:
    init_assets(app, folder)
    client = app.test_client()
    assert client.get("/favicon.ico").mimetype == "image/svg+xml"
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
