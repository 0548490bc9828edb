"""What two servers in a row might read differently: it gets one answer, and no second request."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlsplit

import pytest

from app.web.patient_gunicorn import LOOKED_AT, arrival
from tests.person import Person
from tests.place import Place

from .hostile import TELLING

NEXT = b"GET /support?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /start HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
MUCH = b"".join(b"C350\r\n" + b"x" * 50_000 + b"\r\n" for _ in range(12))

REFUSED: dict[str, bytes] = {
    "a length and pieces": POST
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "pieces and a length": POST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\ncode=",
    "the same length twice": POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\ncode=",
    "two lengths in one": POST + b"Content-Length: 5, 5\r\n\r\ncode=",
    "a length with a plus": POST + b"Content-Length: +5\r\n\r\ncode=",
    "less than nothing": POST + b"Content-Length: -1\r\n\r\ncode=",
    "a length with a line": POST + b"Content-Length: 1_0\r\n\r\ncode=",
    "a length in Arabic digits": POST + "Content-Length: ٥\r\n\r\ncode=".encode(),
    "pieces twice": POST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "pieces with a vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "pieces in HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"0\r\n\r\n",
    "a name with a space": GET + b"Transfer-Encoding : chunked\r\n\r\n",
    "a line that goes on": GET + b"X-One: a\r\n b\r\n\r\n",
    "a length that goes on": POST + b"Content-Length:\r\n 5\r\n\r\ncode=",
    "line feeds alone": b"GET / HTTP/1.1\nHost: x\n\n",
    "one line feed alone": b"GET / HTTP/1.1\r\nHost: x\nX-One: a\r\n\r\n",
    "one return alone": b"GET / HTTP/1.1\r\nHost: x\rX-One: a\r\n\r\n",
    "a NUL in a header": GET + b"X-One: a\x00b\r\n\r\n",
    "a header without a name": GET + b": a\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: elsewhere.example\r\n\r\n",
    "a host that is none": b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "a piece of no size": CHUNKED + b"zz\r\n",
    "a piece of less than nothing": CHUNKED + b"-5\r\ncode=\r\n0\r\n\r\n",
    "a piece of size 0x5": CHUNKED + b"0x5\r\ncode=\r\n0\r\n\r\n",
    "a piece without an end": CHUNKED + b"FFFFFFFFFFFFFFFFFFFFF\r\ncode=\r\n0\r\n\r\n",
    "pieces with line feeds alone": CHUNKED + b"5\ncode=\n0\n\n",
    "pieces that do not meet": CHUNKED + b"5\r\ncode=XX0\r\n\r\n",
    "20,000 letters beside a size": CHUNKED + b"5;a=" + b"b" * 20_000 + b"\r\ncode=\r\n0\r\n\r\n",
    "a broken trailer": CHUNKED + b"0\r\nno colon\r\n\r\n",
    "endless trailers": CHUNKED + b"0\r\n" + b"X: a\r\n" * 3000 + b"\r\n",
    "too much in broken pieces": CHUNKED + MUCH + b"zz\r\n",
    "parts in broken pieces": CHUNKED.replace(
        b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"
    )
    + b"5\r\n--x\r\n\r\nzz\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "5,000 empty lines": b"\r\n" * 5000 + GET + b"\r\n",
}
"""Each answered once, with a status of 400 to 499; what stands behind it is never answered."""

TAKEN: dict[str, bytes] = {
    "a server's own names": GET + b"SCRIPT_NAME: /x\r\nPATH_INFO: /leave\r\n\r\n",
    "another site as a prefix": b"GET //elsewhere.example/ HTTP/1.1\r\nHost: x\r\n"
    b"SCRIPT_NAME: //elsewhere.example\r\n\r\n",
    "servers that disagree": GET + b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n\r\n",
    "another site, forwarded": GET
    + b"X-Forwarded-Host: elsewhere.example\r\nForwarded: host=elsewhere.example\r\n\r\n",
    "another address, rewritten": GET + b"X-Original-URL: /leave\r\nX-Rewrite-URL: /leave\r\n\r\n",
    "words beside a size": CHUNKED + b"5;a=b\r\ncode=\r\n0\r\n\r\n",
    "trailers": CHUNKED + b"5\r\ncode=\r\n0\r\nX-Bad: 1\r\nCookie: q=a\r\n\r\n",
    "an offer of HTTP/2": GET
    + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "an address for a proxy": b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "a way through": b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "languages without an end": GET + b"Accept-Language: " + b"aa;q=0.1," * 800 + b"\r\n\r\n",
    "a language of dashes": GET + b"Accept-Language: " + b"-" * 8000 + b"\r\n\r\n",
    "languages that are no numbers": GET + b"Accept-Language: fr;q=nan, en;q=inf\r\n\r\n",
    "encodings without an end": GET + b"Accept-Encoding: " + b"zzzz;q=0.1," * 700 + b"\r\n\r\n",
    "2,000 cookies": GET + b"Cookie: " + b"a=b;" * 2000 + b"\r\n\r\n",
    "an endless boundary": POST.replace(
        b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=" + b"a" * 7000
    )
    + b"Content-Length: 5\r\n\r\nhello",
}
"""Answered as if what is odd about it were not there."""


def spoken(place: Place, request: bytes) -> tuple[list[int], str]:
    """The status of each answer to some bytes, and everything that was answered."""
    site = urlsplit(place.demo.base)
    with closing(socket.create_connection((site.hostname or "", site.port or 0), 30)) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while piece := line.recv(65536):
                answer += piece
        except ConnectionResetError:  # a server may close on what it did not read
            assert answer
    text = answer.decode(errors="replace")
    return [int(status) for status in re.findall(r"HTTP/1\.1 (\d{3}) ", text)], text


@pytest.mark.parametrize("request_bytes", REFUSED.values(), ids=REFUSED)
def test_what_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_answered(
    place: Place, request_bytes: bytes
) -> None:
    statuses, text = spoken(place, request_bytes + NEXT)

    assert len(statuses) == 1
    assert 400 <= statuses[0] < 500
    assert 'href="/leave"' in text
    assert not TELLING.search(text.partition("\r\n\r\n")[2])


@pytest.mark.parametrize("request_bytes", TAKEN.values(), ids=TAKEN)
def test_what_is_only_odd_changes_nothing(place: Place, request_bytes: bytes) -> None:
    statuses, text = spoken(place, request_bytes)

    assert len(statuses) == 1
    assert statuses[0] in (200, 404)
    assert 'href="/leave"' in text
    assert "elsewhere" not in text
    assert "X-Bad" not in text


def test_a_header_cannot_move_the_site_to_another_address(place: Place) -> None:
    body = f"code={place.code()}".encode()
    head = (
        b"POST //elsewhere.example/start HTTP/1.1\r\nHost: x\r\nScript_Name: //elsewhere.example"
        b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
    )

    statuses, text = spoken(place, head % len(body) + body)

    assert statuses == [404]
    assert "Location" not in text
    assert "Set-Cookie" not in text


def test_exit_leaves_whatever_stands_behind_it(place: Place) -> None:
    broken = CHUNKED.replace(b"/start", b"/leave") + b"zz\r\n" + NEXT

    statuses, text = spoken(place, broken)

    assert statuses == [303, 400]  # left; then the rest is no request
    assert "smuggled" not in text


# Slow connections

STALLED = {
    "nothing": b"",
    "empty lines": b"\r\n\r\n",
    "half a line": b"GET / HT",
    "half a head": b"GET / HTTP/1.1\r\nHost: x\r\nX-One",
    "line feeds": b"GET / HTTP/1.1\n\nHost: x\n\n",
    "half a form": POST + b"Content-Length: 100\r\n\r\nco",
    "a long form": POST + b"Content-Length: 100000\r\n\r\nco",
    "a form without an end": POST + b"Content-Length: 9999999999\r\n\r\nco",
    "half a piece": CHUNKED + b"10\r\nco",
    "a promise": POST + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
    "half of the next": GET + b"\r\n" + GET,
    "a head without an end": b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 40_000,
}
CONNECTIONS = 40
"""More than twice the threads of all processes."""


@contextmanager
def stalled(place: Place, beginning: bytes) -> Iterator[None]:
    """Many connections that have sent the beginning of something, and nothing more."""
    site = urlsplit(place.demo.base)
    with ExitStack() as lines:
        for _ in range(CONNECTIONS):
            address = (site.hostname or "", site.port or 0)
            line = lines.enter_context(closing(socket.create_connection(address, 30)))
            line.sendall(beginning)
        yield


@pytest.mark.parametrize("beginning", STALLED.values(), ids=STALLED)
def test_slow_connections_hold_up_nobody(place: Place, beginning: bytes) -> None:
    """Each answer would take the twenty seconds that they are waited for, or longer."""
    with stalled(place, beginning):
        person = place.person()
        pages = [person.open(path) for path in ("/page/1", "/support", "/page/1")]

    assert {page.status for page in pages} == {200}


def test_more_connections_than_there_are_places_hold_up_nobody(place: Place) -> None:
    with ExitStack() as lines:
        for _ in range(30):
            lines.enter_context(stalled(place, b"GET / HT"))
        assert Person(place.demo.base).open("/").status == 200


def test_a_request_that_comes_in_pieces_is_answered(place: Place) -> None:
    site = urlsplit(place.demo.base)
    with closing(socket.create_connection((site.hostname or "", site.port or 0), 30)) as line:
        for byte in POST + b"Content-Length: 5\r\n\r\ncode=":
            line.sendall(bytes([byte]))
        assert line.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("arrived", "state"),
    [
        (b"", "arriving"),
        (b"\r\n\r\n", "arriving"),
        (GET, "arriving"),
        (GET + b"\r\n", "whole"),
        (b"\r\n\r\n" + GET + b"\r\n", "whole"),
        (POST + b"Content-Length: 5\r\n\r\ncode", "arriving"),
        (POST + b"content-length:5 \r\n\r\ncode=", "whole"),
        (POST + b"Content-Length: 00000005\r\n\r\ncode=", "whole"),
        (POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", "long"),
        (POST + b"Content-Length: 100000\r\n\r\n", "long"),
        (POST + b"Content-Length: 40000\r\n\r\n", "arriving"),
        ((POST + b"Content-Length: 40000\r\n\r\n" + b"x" * LOOKED_AT)[:LOOKED_AT], "long"),
        (b"X" * LOOKED_AT, "long"),
        (CHUNKED, "long"),
        (POST + b"EXPECT: 100-continue\r\nContent-Length: 5\r\n\r\n", "long"),
        (POST + b"Content-Length: many\r\n\r\n", "whole"),  # will be refused
    ],
)
def test_how_much_of_a_request_is_there(arrived: bytes, state: str) -> None:
    assert arrival(arrived) == state
