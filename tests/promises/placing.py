"""Marked values in every part of a request that a program may keep, well-formed or not."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.person import Person

FORM = "application/x-www-form-urlencoded"
MIXED = "multipart/form-data; boundary=x"
PATHS = ("/start", "/page/3", "/nowhere")


@dataclass(frozen=True)
class Placed:
    """One request: what a mark stands in, ready to be sent."""

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""
    cookies: dict[str, str] = field(default_factory=dict)


def typed(body: bytes, kind: str = FORM, **headers: str) -> Placed:
    """A body of a type."""
    return Placed(body, {"Content-Type": kind, **headers})


def part(disposition: str, content: str, more: str = "") -> Placed:
    """One part of a multipart body."""
    text = f"--x\r\nContent-Disposition: {disposition}\r\n{more}\r\n{content}\r\n--x--\r\n"
    return typed(text.encode(), MIXED)


KINDS: dict[str, Callable[[str], Placed]] = {
    # headers
    "a header": lambda mark: Placed(headers={"X-Real-Ip": mark}),
    "the name of a header": lambda mark: Placed(headers={f"X-{mark}": "1"}),
    "a header above ASCII": lambda mark: Placed(headers={"X-Odd": f"\xff\xfe{mark}\xe9"}),
    "an encoded header": lambda mark: Placed(
        headers={"X-Odd": f"=?utf-8?b?{base64.b64encode(mark.encode()).decode()}?="}
    ),
    "a language tag": lambda mark: Placed(headers={"Accept-Language": f"en-x-{mark[:8]}-{mark}"}),
    "a language in the query": lambda mark: Placed(query=f"language=en-x-{mark}"),
    "credentials": lambda mark: Placed(headers={"Authorization": f"Bearer {mark}"}),
    "a forwarded host": lambda mark: Placed(headers={"X-Forwarded-Host": f"{mark}.example"}),
    "a traced request": lambda mark: Placed(headers={"Traceparent": f"00-{mark}-{mark}-01"}),
    # cookies
    "a cookie": lambda mark: Placed(cookies={"seen": mark}),
    "the name of a cookie": lambda mark: Placed(cookies={mark: "1"}),
    "the session's cookie": lambda mark: Placed(cookies={"q": mark, "__Host-q": mark}),
    "a broken cookie": lambda mark: Placed(headers={"Cookie": f'q="{mark}; =;;{mark}=\xff\xfe"'}),
    # query strings
    "a query": lambda mark: Placed(query=f"country={mark}&code={mark}"),
    "a name in a query": lambda mark: Placed(query=f"{mark}=1&{mark}"),
    "a query that is no UTF-8": lambda mark: Placed(query=f"country=%ff%fe{mark}%c3"),
    # forms
    "a field": lambda mark: typed(f"code={mark}&words={mark}&action={mark}".encode()),
    "the name of a field": lambda mark: typed(f"{mark}=1".encode()),
    "a field that is no UTF-8": lambda mark: typed(b"code=%ff%fe" + mark.encode() + b"%ed%a0%80"),
    "raw bytes in a form": lambda mark: typed(b"code=\xff\xfe" + mark.encode() + b"\xc0\xaf\x00"),
    "a form in UTF-16": lambda mark: typed(
        f"code={mark}".encode("utf-16"), f"{FORM}; charset=utf-16"
    ),
    "an alphabet of nobody": lambda mark: typed(b"code=1", f"{FORM}; charset={mark}"),
    "a broken escape": lambda mark: typed(f"code=%{mark}%z%".encode()),
    # parts
    "the name of a part": lambda mark: part(f'form-data; name="{mark}"', "1"),
    "a part": lambda mark: part('form-data; name="code"', mark),
    "the name of a file": lambda mark: part(f'form-data; name="f"; filename="../{mark}.jpg"', "1"),
    "an encoded name of a file": lambda mark: part(
        f"form-data; name=\"f\"; filename*=UTF-8''%ff{mark}.jpg", "1"
    ),
    "a file": lambda mark: part('form-data; name="f"; filename="a.jpg"', mark * 50_000),
    "the type of a part": lambda mark: part(
        'form-data; name="f"; filename="a"', "1", f"Content-Type: image/{mark}\r\n"
    ),
    "a boundary": lambda mark: typed(
        f"--{mark}\r\n\r\n".encode(), f"multipart/form-data; boundary={mark}"
    ),
    # other bodies
    "a JSON body": lambda mark: typed(json.dumps({"code": mark}).encode(), "application/json"),
    "a name in a JSON body": lambda mark: typed(json.dumps({mark: 1}).encode(), "application/json"),
    "a broken JSON body": lambda mark: typed(f'{{"code": "{mark}'.encode(), "application/json"),
    "an XML body": lambda mark: typed(f"<a b='{mark}'>&{mark};</a>".encode(), "text/xml"),
    "the type of a body": lambda mark: typed(b"1", f"application/{mark}"),
    "a report of a browser": lambda mark: typed(
        json.dumps({"csp-report": {"document-uri": mark}}).encode(), "application/csp-report"
    ),
}
"""Where a mark stands, and how it is put there."""

RAW = ("an extension of a chunk", "a trailer", "a second request")


def place_everywhere(mark: Callable[[str], str], base: str, code: str) -> None:
    """Send a mark in every kind of place to several addresses, with a session and without.

    Args:
        mark: makes a mark that is searched for, of what it is put into.
        base: where the server is.
        code: an entry code.
    """
    somebody = Person(base)
    somebody.start(code)
    session = dict(somebody.cookies)
    for kind, make in KINDS.items():
        for number, path in enumerate(PATHS):
            placed = make(mark(f"placed: {kind}"))
            person = Person(base)
            person.cookies = {**(session if number % 2 else {}), **placed.cookies}
            method = "POST" if placed.body else "GET"
            address = f"{path}?{placed.query}" if placed.query else path
            person.request(method, address, placed.body or None, placed.headers)
    for raw in pieces(mark):
        speak(base, raw)


def pieces(mark: Callable[[str], str]) -> Iterator[bytes]:
    """Requests that a library for HTTP does not send."""
    chunk, trailer, second = (mark(f"placed: {kind}") for kind in RAW)
    head = f"POST /start HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
    chunked = f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n"
    yield f"{chunked}\r\n4;note={chunk}\r\ncode\r\n0\r\n\r\n".encode()
    yield f"{chunked}Trailer: X-T\r\n\r\n4\r\ncode\r\n0\r\nX-T: {trailer}\r\n\r\n".encode()
    yield f"{head}Content-Length: 4\r\n\r\ncodeGET /{second} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def speak(base: str, raw: bytes) -> None:
    """Send bytes as they are, and read until the other side closes."""
    place = urlsplit(base)
    with closing(socket.create_connection((place.hostname or "", place.port or 0), 10)) as there:
        there.sendall(raw)
        there.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while there.recv(65536):
                pass
