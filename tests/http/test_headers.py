"""The headers of every kind of answer, from the server as people reach it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.person import Page, Person
from tests.place import Place
from tests.walks import walk

from .hostile import FORM

ON_EVERY_ANSWER = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
SWITCHED_OFF = ("camera", "microphone", "geolocation", "browsing-topics", "clipboard-read")


def someone(place: Place, until: str) -> Person:
    person = place.person()
    walk(person, until=until)
    return person


def posted(person: Person, path: str, body: bytes, **headers: str) -> Page:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return person.request("POST", path, body, {**FORM, **given})


ANSWERS: dict[str, Callable[[Place], Page]] = {
    "the front page": lambda place: Person(place.demo.base).request("GET", "/"),
    "a link": lambda place: Person(place.demo.base).request("GET", f"/{place.code()}"),
    "beginning": lambda place: posted(
        Person(place.demo.base), "/start", f"code={place.code()}".encode()
    ),
    "a step": lambda place: place.person().request("GET", "/page/1"),
    "questions": lambda place: someone(place, "page:report_barriers").request("GET", "/page/9"),
    "a step to the next": lambda place: place.person().request("GET", "/page/7"),
    "a refused form": lambda place: posted(place.person(), "/page/1", b"csrf_token=x"),
    "a form of another site": lambda place: posted(
        place.person(), "/page/1", b"", Sec_Fetch_Site="cross-site"
    ),
    "too much": lambda place: posted(place.person(), "/page/1", b"x" * 600_000),
    "leaving": lambda place: place.person().request("GET", "/leave"),
    "asked ahead": lambda place: place.person().request(
        "GET", "/leave", headers={"Sec-Purpose": "prefetch"}
    ),
    "support": lambda place: Person(place.demo.base).request("GET", "/support?country=GB"),
    "a pause": lambda place: place.person().request("GET", "/pause"),
    "withdrawal": lambda place: Person(place.demo.base).request("GET", "/withdraw"),
    "results": lambda place: Person(place.demo.base).request("GET", f"/results/{place.code()}"),
    "nothing there": lambda place: Person(place.demo.base).request("GET", "/no/where"),
    "a wrong method": lambda place: Person(place.demo.base).request("DELETE", "/page/1"),
    "a head": lambda place: Person(place.demo.base).request("HEAD", "/"),
    "options": lambda place: Person(place.demo.base).request("OPTIONS", "/page/1"),
    "robots": lambda place: Person(place.demo.base).request("GET", "/robots.txt"),
    "for the operator": lambda place: Person(place.demo.base).request("GET", "/healthz"),
}


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.requirement("R10", "R42", "R54")
def test_every_answer_has_every_header(place: Place, ask: Callable[[Place], Page]) -> None:
    headers = ask(place).headers

    assert {name: headers.get_all(name) for name in ON_EVERY_ANSWER} == {
        name: [value] for name, value in ON_EVERY_ANSWER.items()
    }
    assert headers.get_all("Cache-Control") == ["no-store"]
    if headers.get_content_type() == "text/html" and "Location" not in headers:
        policy = headers["Permissions-Policy"].split(", ")
        assert {f"{feature}=()" for feature in SWITCHED_OFF} <= set(policy)
    assert "Strict-Transport-Security" not in headers, "only over HTTPS"


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.requirement("R86")
def test_no_answer_says_what_runs_here_when_or_for_whom(
    place: Place, ask: Callable[[Place], Page]
) -> None:
    headers = ask(place).headers

    assert headers["Server"] == "web"
    for name in ("X-Powered-By", "ETag", "Last-Modified", "X-Request-Id", "Via", "Expires"):
        assert name not in headers


@pytest.mark.parametrize("ask", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.requirement("R7")
def test_the_one_cookie_is_set_at_the_beginning_and_is_for_this_site_alone(
    place: Place, ask: Callable[[Place], Page]
) -> None:  # R7
    page = ask(place)
    cookies = page.headers.get_all("Set-Cookie") or []

    begins = page.headers.get("Location") == "/page/1" and cookies
    leaves = page.headers.get("Location", "").startswith("http")
    assert len(cookies) == (1 if begins or leaves else 0)
    for cookie in cookies:
        name, *attributes = [part.strip() for part in cookie.split(";")]
        assert name.startswith("q=")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(attributes)
        assert not [part for part in attributes if part.startswith("Domain")]
        if begins:
            assert not [part for part in attributes if part.startswith(("Max-Age", "Expires"))]


@pytest.mark.parametrize("suffix", ["css", "js", "svg"])
def test_a_file_named_by_its_content_is_the_only_thing_a_browser_may_keep(
    place: Place, suffix: str
) -> None:
    page = Person(place.demo.base).open("/")
    (address,) = {
        part.partition('"')[0] for part in page.body.split('"') if part.endswith(f".{suffix}")
    }

    found = Person(place.demo.base).request("GET", address)

    assert found.status == 200
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for name, value in ON_EVERY_ANSWER.items():
        assert found.headers.get_all(name) == [value]


# What never reaches the application

RAW = {
    "no request": (b"hello\r\n\r\n", 400),
    "an odd version": (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
    "no colon": (b"GET / HTTP/1.1\r\nHost: x\r\nno colon here\r\n\r\n", 400),
    "a length in words": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n", 400),
    "two lengths": (
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        400,
    ),
    "small letters": (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "a NUL in the address": (b"GET /a\x00b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "an endless address": (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "an endless cookie": (
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: q=" + b"a" * 9000 + b"\r\n\r\n",
        431,
    ),
    "endless headers": (
        b"GET / HTTP/1.1\r\nHost: x\r\n"
        + b"".join(b"X-%d: a\r\n" % n for n in range(200))
        + b"\r\n",
        431,
    ),
}


def spoken(place: Place, request: bytes) -> tuple[str, str]:
    """What the server answers to bytes: head and body."""
    site = urlsplit(place.demo.base)
    with closing(socket.create_connection((site.hostname or "", site.port or 0), 20)) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head, body


@pytest.mark.parametrize(("request_bytes", "status"), RAW.values(), ids=RAW)
def test_what_is_no_request_gets_a_kind_page_too(
    place: Place, request_bytes: bytes, status: int
) -> None:  # R40
    head, body = spoken(place, request_bytes)

    assert head.startswith(f"HTTP/1.1 {status} ")
    for name, value in {**ON_EVERY_ANSWER, "Cache-Control": "no-store"}.items():
        assert f"\r\n{name}: {value}" in head
    assert '<a href="/leave"' in body
    assert '<a href="/">' in body
    assert "gunicorn" not in (head + body).lower()
    assert "aaaa" not in body


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET http://elsewhere.example/page/3 HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n\r\n",
        b"POST /page/3 HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nbroken off",
    ],
    ids=["old", "without a host", "as to a proxy", "as from a proxy", "broken off"],
)
def test_an_odd_request_of_nobody_shows_the_front_page(place: Place, request_bytes: bytes) -> None:
    _head, body = spoken(place, request_bytes)

    assert body == Person(place.demo.base).open("/").body
