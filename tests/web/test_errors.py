from __future__ import annotations

import io
import logging
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask, abort, request
from flask_babel import gettext
from markupsafe import escape
from werkzeug.serving import make_server

from app.web.assets import init_assets
from app.web.errors import DRAIN_AT_MOST, init_errors, kind_page
from app.web.languages import init_languages
from app.web.quiet_logging import QuietRecord
from app.web.references import forget_reference, give_reference
from app.web.spoken import LANGUAGES

from .conftest import STATIC, TEMPLATES

SENTENCE = (
    "Only if you want to tell somebody what went wrong: these letters help to find it. They say "
    "nothing about you."
)

BLAME = ("invalid", "failed", "you must", "required", "forbidden", "error")
CODES = (400, 403, 404, 405, 409, 413, 429, 500, 503)


@pytest.fixture
def kind(app: Flask, tmp_path: Path) -> Flask:
    init_languages(app, tmp_path)
    init_assets(app, STATIC)
    init_errors(app)
    app.add_url_rule("/abort/<int:code>", view_func=abort, endpoint="abort")
    return app


@pytest.mark.parametrize("code", CODES)
def test_each_error_has_a_kind_page_with_a_way_out(kind: Flask, code: int) -> None:
    response = kind.test_client().get(f"/abort/{code}")
    assert response.status_code == code
    assert 'href="/leave"' in response.text
    assert 'href="/"' in response.text
    assert str(code) not in re.sub(r'"/static/[^"]*"', "", response.text)  # named by content
    assert not [word for word in BLAME if word in response.text.lower()]


def test_an_error_of_ours_is_told_without_its_words(kind: Flask) -> None:
    def broken() -> str:
        raise ValueError("marked value")

    kind.add_url_rule("/broken", view_func=broken)
    response = kind.test_client().get("/broken")
    assert response.status_code == 500
    assert "It was not because of you" in response.text
    assert "marked value" not in response.text


REFERENCE = re.compile(r"\b[bcdfghjkmnpqrstvwxz]{4}-[bcdfghjkmnpqrstvwxz]{4}\b")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.requirement("R84", "R86")
def test_an_error_has_a_reference_on_the_page_and_in_the_log(
    app: Flask, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    init_languages(app, TEMPLATES.parents[1] / "translations", lambda: language)
    init_assets(app, STATIC)
    init_errors(app)
    app.add_url_rule("/broken", view_func=lambda: str(1 // 0), endpoint="broken")
    app.add_url_rule("/abort/<int:code>", view_func=abort, endpoint="abort")
    pages = []
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(QuietRecord)
    try:
        client = app.test_client()
        for address in ("/broken", "/broken", "/abort/404", "/abort/500"):
            pages.append(client.get(address).text)
    finally:
        logging.setLogRecordFactory(before)

    first, second, *without = [REFERENCE.findall(page) for page in pages]
    (one,), (two,) = first, second
    assert one != two
    assert [line.rpartition("reference ")[2] for line in caplog.messages] == [f"{one})", f"{two})"]
    # Nothing was logged, so there is nothing to find; and nothing of the error before is left.
    assert without == [[], []]
    with app.test_request_context():
        assert (gettext(SENTENCE) != SENTENCE) == (language != "en")
        assert escape(gettext(SENTENCE)) in pages[0]


def test_a_browser_is_told_which_methods_there_are(kind: Flask) -> None:
    response = kind.test_client().post("/abort/400")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("POST", "/only-read")])
def test_an_address_that_leads_nowhere_shows_what_the_application_chose(
    app: Flask, method: str, path: str
) -> None:
    init_errors(app, not_found=lambda: ("the front page", 200))
    app.add_url_rule("/only-read", view_func=lambda: "words", endpoint="read")
    response = app.test_client().open(path, method=method)
    assert (response.status_code, response.text) == (200, "the front page")


def test_a_broken_template_still_gives_a_kind_page(tmp_path: Path) -> None:
    (tmp_path / "error.html").write_text("{{ 1 / 0 }}")
    app = Flask("broken", template_folder=str(tmp_path))
    init_errors(app)
    with app.test_request_context():
        reference = give_reference()
        response = kind_page(503)
        forget_reference()
    page = response.get_data(as_text=True)
    assert response.status_code == 503
    assert "We cannot save anything right now" in page
    assert reference in page
    assert 'href="/leave"' in page


class Counted(io.BufferedIOBase):
    """A body of zeros that counts how much of it is read."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.read_so_far = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        taken = self.left if size is None or size < 0 else min(size, self.left)
        self.left -= taken
        self.read_so_far += taken
        return b"0" * taken


def add_small_form(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000

    def form() -> str:
        return ", ".join(request.form)

    app.add_url_rule("/form", view_func=form, methods=["POST"])


@pytest.mark.parametrize(
    ("size", "read"),
    [(200_000, 200_000), (DRAIN_AT_MOST + 1_000_000, DRAIN_AT_MOST)],
)
@pytest.mark.parametrize("terminated", [True, False])
def test_what_is_too_long_is_read_to_its_end_but_not_for_ever(
    kind: Flask, size: int, read: int, terminated: bool
) -> None:
    add_small_form(kind)
    body = Counted(size)
    environ = {"wsgi.input": body, "CONTENT_LENGTH": str(size), "REQUEST_METHOD": "POST"}
    if terminated:
        environ["wsgi.input_terminated"] = True
    response = kind.test_client().open("/form", environ_overrides=environ)
    assert response.status_code == 413
    assert "That was too long for us" in response.text
    assert body.read_so_far == read


@pytest.fixture
def port(kind: Flask) -> Iterator[int]:
    add_small_form(kind)
    # A multipart body is given up half-way, when one field grows too large.
    kind.config["MAX_FORM_MEMORY_SIZE"] = 5000
    kind.config["MAX_CONTENT_LENGTH"] = 3_000_000
    server = make_server("127.0.0.1", 0, kind, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()


PLAIN_FORM = ("application/x-www-form-urlencoded", b"a=")
PARTS = (
    "multipart/form-data; boundary=part",
    b'--part\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
)


@pytest.mark.parametrize(("form", "size"), [(PLAIN_FORM, 4_000_000), (PARTS, 2_000_000)])
def test_a_browser_that_sends_too_much_can_read_the_answer(
    port: int, form: tuple[str, bytes], size: int
) -> None:
    content_type, start = form
    head = (
        f"POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n"
        f"Content-Type: {content_type}\r\nConnection: close\r\n\r\n"
    )
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        line.sendall(head.encode() + start.ljust(size, b"x"))
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"That was too long for us" in answer
