"""`heard doctor --url`: a site that is well, and each thing that a web server can spoil."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import ssl
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from socketserver import BaseRequestHandler, TCPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from app.commands import main
from app.web.headers import HEADERS
from tests.certificate import certificate
from tests.place import SAMPLES, sample_surveys
from tests.relay import https_relay
from tests.server import Demo, free_port, running_demo

from .proxy import Fault, Pairs, web_server

GOOD = 60
"""Days of a certificate that nobody has to look at."""


@dataclass(frozen=True)
class Said:
    """What the doctor said, by state, and its exit status."""

    status: int
    well: str
    waits: str
    wrong: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("site")
    env = {"HEARD_HTTPS": "on"}
    surveys = sample_surveys(folder)
    with running_demo(folder, surveys=surveys, env=env, exit_to="https://a.example/") as running:
        yield running


@pytest.fixture(autouse=True)
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(GOOD).certificate))


def port_of(demo: Demo) -> int:
    port = urlsplit(demo.base).port
    assert port
    return port


def looked(url: str, plain_port: int | None = None) -> Said:
    """What the doctor says of a site; nothing answers on plain HTTP unless a port is given."""
    plain = str(plain_port or free_port())
    words = ["doctor", "--json", "--url", url, "--plain-port", plain]
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    notes = json.loads(result.output)
    by_state = {
        state: "\n".join(note["message"] for note in notes if note["state"] == state)
        for state in ("well", "waits", "wrong")
    }
    return Said(result.exit_code, **by_state)


def behind(demo: Demo, fault: Fault, days: int = GOOD) -> Said:
    """What the doctor says of Heard behind a web server with one fault."""
    with web_server(port_of(demo), fault, certificate(days)) as port:
        return looked(f"https://localhost:{port}/{demo.codes(SAMPLES[0])[0]}")


@pytest.mark.requirement("R10", "R41", "R42", "R57")
def test_a_site_that_is_well_is_told_to_be_well(demo: Demo) -> None:
    class Leads(Fault):
        def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
            return 301, [("Location", "https://localhost/")]

    with (
        https_relay(port_of(demo), certificate(GOOD)) as port,
        web_server(port_of(demo), Leads(), None) as plain,
    ):
        said = looked(f"https://localhost:{port}/{demo.codes(SAMPLES[0])[0]}", plain)

    assert (said.status, said.wrong, said.waits) == (0, "", "")
    for words in (
        *("trusted for another 60 days", "TLS 1.3", "nothing but the way to HTTPS"),
        *("clock and the one here agree", "header that Heard promises", "Server says nothing"),
        *("Looking ahead at /leave", "Exit leads to https://a.example/", "one cookie is as it"),
        *("outlasts a browser that looks ahead", "Exit ends the session on the server"),
    ):
        assert words in said.well


def test_the_web_server_of_these_tests_spoils_nothing_by_itself(demo: Demo) -> None:
    said = behind(demo, Fault())

    assert (said.status, said.wrong, said.waits) == (0, "", "")


def kept(demo: Demo) -> list[int]:
    """How many responses and how many drafts there are."""
    found = []
    for path, table in (
        (demo.instance / "heard.sqlite3", "response"),
        (demo.drafts / "drafts.sqlite3", "draft"),
    ):
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            found.append(int(rows[0]))
    return found


def test_nothing_is_made_and_no_instance_is_looked_at(
    demo: Demo, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv("HEARD_INSTANCE", str(folder / "instance"))
    before = kept(demo)

    said = behind(demo, Fault())

    assert list(folder.iterdir()) == []
    assert "database" not in said.well
    assert kept(demo) == before


# Headers


class Without(Fault):
    def __init__(self, *names: str) -> None:
        self.names = names

    def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
        return status, [(n, v) for n, v in headers if n not in self.names]


class With(Fault):
    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs

    def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
        return status, [*headers, *self.pairs]


class Other(With):
    """Instead of Heard's own."""

    def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
        replaced = {name for name, _ in self.pairs}
        return status, [*((n, v) for n, v in headers if n not in replaced), *self.pairs]


PROMISED = (*HEADERS, "Cache-Control", "Permissions-Policy")


@pytest.mark.parametrize(
    "fault",
    [
        Without(*PROMISED),
        With(*((name, "x") for name in PROMISED)),
        Other(*((n, "x") for n in PROMISED)),
    ],
    ids=["missing", "twice", "changed"],
)
def test_each_header_that_is_not_as_heard_sends_it_is_named(demo: Demo, fault: Fault) -> None:
    said = behind(demo, fault)

    assert said.status == 1
    lines = [line for line in said.wrong.splitlines() if "is not as Heard sends it" in line]
    assert {line.split()[0] for line in lines} == set(PROMISED)
    for line in lines:
        assert " on GET /, " in line
        assert "pass it on, once and unchanged" in line


def test_one_header_that_is_missing_is_the_one_finding(demo: Demo) -> None:
    said = behind(demo, Without("Referrer-Policy"))

    assert said.wrong.startswith("Referrer-Policy is not as Heard sends it on GET /, HEAD /, ")
    assert "/static/" in said.wrong
    assert "\n" not in said.wrong


TOO_MUCH = {
    "Via": ("1.1 cache", "reads along"),
    "CF-Ray": ("8a", "reads along"),
    "NEL": ('{"report_to":"x"}', "tell somebody else of people's visits"),
    "ETag": ('"8a"', "marks people or tells what runs here"),
    "X-Request-Id": ("8", "marks people or tells what runs here"),
    "Access-Control-Allow-Origin": ("*", "other sites may read"),
}


def test_what_a_web_server_adds_is_named_with_what_to_do(demo: Demo) -> None:
    added = With(*((name, value) for name, (value, _) in TOO_MUCH.items()))
    for fault, version in ((added, ""), (Other(("Server", "nginx/1.22.1")), "nginx/1.22.1")):
        said = behind(demo, fault)

        assert said.status == 1
        for name, (_, words) in TOO_MUCH.items():
            (line,) = [ln for ln in said.wrong.splitlines() if name in ln] or [""]
            assert bool(line) == (not version)
            assert words in line or version
        assert ("proxy_pass_header Server" in said.wrong) == bool(version)


HSTS = "Strict-Transport-Security"


@pytest.mark.parametrize("fault", [Without(HSTS), Other((HSTS, "max-age=86400"))])
def test_https_that_is_not_demanded_for_long_is_named(demo: Demo, fault: Fault) -> None:
    said = behind(demo, fault)

    assert said.wrong.startswith("Strict-Transport-Security is missing or short on GET /, HEAD /")
    assert "Set HEARD_HTTPS=on" in said.wrong


def test_a_server_without_a_version_is_told_and_nothing_worse(demo: Demo) -> None:
    said = behind(demo, Other(("Server", "nginx")))

    assert said.status == 0
    assert "The header Server says “nginx”" in said.waits


# Cookie, exit, clock


class Cookie(Fault):
    """Changes the cookie; each pair is what stands there and what it becomes."""

    def __init__(self, *changes: tuple[str, str]) -> None:
        self.changes = changes

    def _changed(self, cookie: str) -> str:
        for old, new in self.changes:
            cookie = cookie.replace(old, new)
        return cookie

    def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
        return status, [(n, self._changed(v) if n == "Set-Cookie" else v) for n, v in headers]


def test_each_attribute_of_the_cookie_is_looked_at(demo: Demo) -> None:
    missing = Cookie(("Secure; ", ""), ("HttpOnly; ", ""), ("Path=/", "Path=/page"))
    other = Cookie(
        ("SameSite=Strict", "SameSite=Lax"), ("Path=/", "Path=/; Domain=localhost; Max-Age=9")
    )
    name = Cookie(("__Host-q", "q"))

    said = "\n".join(behind(demo, fault).wrong for fault in (missing, other, name))

    for words in (
        *("secure is missing", "httponly is missing", "path is /page", "samesite is Lax"),
        *("domain is localhost", "max-age is 9"),
    ):
        assert f"The cookie's {words}." in said
    assert "The cookie is q and not __Host-q alone. Set HEARD_HTTPS" in said


class Passing(Fault):
    """Passes HEAD on as GET, and no header that it does not know."""

    def asked(self, method: str, path: str, headers: Pairs) -> tuple[str, str, Pairs]:
        known = [(n, v) for n, v in headers if n in ("Cookie", "Content-Type")]
        return "GET" if method == "HEAD" else method, path, known


class KeptExit(Fault):
    """Answers /leave from a copy."""

    def asked(self, method: str, path: str, headers: Pairs) -> tuple[str, str, Pairs]:
        return method, "/support" if path == "/leave" else path, headers


class Balanced(Fault):
    """Marks everybody with a cookie of its own."""

    def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
        return status, [*headers, ("Set-Cookie", "route=3; Path=/")]


class Clock(Fault):
    def __init__(self, minutes: float) -> None:
        self.apart = dt.timedelta(minutes=minutes)

    def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
        there = format_datetime(dt.datetime.now(dt.UTC) + self.apart, usegmt=True)
        return status, [*((n, v) for n, v in headers if n != "Date"), ("Date", there)]


SPOILT = {
    "looking ahead": (Passing(), "A session does not go on"),
    "a copy of the exit": (KeptExit(), "Exit does not answer as Heard does"),
    "a cookie too many": (Balanced(), "a cookie comes before anybody begins"),
    "ahead": (Clock(61), "Its clock is 61 minutes ahead of the one here"),
    "behind": (Clock(-10), "Its clock is 10 minutes behind the one here"),
}


@pytest.mark.parametrize(("fault", "words"), SPOILT.values(), ids=SPOILT)
@pytest.mark.requirement("R41", "R57")
def test_what_a_web_server_spoils_is_named(demo: Demo, fault: Fault, words: str) -> None:
    said = behind(demo, fault)

    assert said.status == 1
    assert words in said.wrong
    if isinstance(fault, Passing):
        assert "A browser that only looks ahead at /leave ends a session" in said.wrong
    if isinstance(fault, KeptExit):
        assert "Exit does not end the session" in said.wrong


def test_without_a_code_the_cookie_waits(demo: Demo) -> None:
    with https_relay(port_of(demo), certificate(GOOD)) as port:
        said = looked(f"https://localhost:{port}/")
        unknown = looked(f"https://localhost:{port}/zzzzzz")

    assert (said.status, said.wrong) == (0, "")
    assert "Give a link with an entry code" in said.waits
    assert "Nobody can begin with zzzzzz" in unknown.wrong


# Encryption


class Old(Fault):
    def encrypted(self, context: ssl.SSLContext) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1


class NotNew(Fault):
    def encrypted(self, context: ssl.SSLContext) -> None:
        context.maximum_version = ssl.TLSVersion.TLSv1_2


def test_old_and_older_encryption_is_named(demo: Demo) -> None:
    assert "takes TLS 1.0 or 1.1 too" in behind(demo, Old()).wrong
    said = behind(demo, NotNew())
    assert (said.status, said.wrong) == (0, "")
    assert "speaks TLSv1.2 at best" in said.waits


@pytest.mark.parametrize(
    ("days", "case"),
    [
        (-2, (True, "wrong", "do not trust the certificate: certificate has expired")),
        (GOOD, (False, "wrong", "do not trust the certificate: self-signed certificate")),
        (3, (True, "wrong", "ends in 3 days")),
        (15, (True, "waits", "ends in 15 days")),
    ],
)
def test_a_certificate_that_ends_is_named(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, days: int, case: tuple[bool, str, str]
) -> None:
    trusted, state, words = case
    chosen = certificate(days if trusted else 1)
    monkeypatch.setenv("SSL_CERT_FILE", str(chosen.certificate))

    said = behind(demo, Fault(), days)

    assert words in getattr(said, state)
    assert "Every header that Heard promises" in said.well


class Elsewhere(Fault):
    def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
        return 302, [("Location", "https://elsewhere.example/")]


def test_what_answers_without_https_is_looked_at(demo: Demo) -> None:
    with https_relay(port_of(demo), certificate(GOOD)) as port:
        url = f"https://localhost:{port}/"
        both = looked(url, port_of(demo))
        with web_server(port_of(demo), Elsewhere(), None) as plain:
            elsewhere = looked(url, plain)

    assert "answers without HTTPS too" in both.wrong
    assert "leads to https://elsewhere.example/" in elsewhere.wrong
    assert "People come without HTTPS" in looked(demo.base).wrong


@contextmanager
def speaking_first() -> Iterator[int]:
    """Something that says what it is at once, and not in TLS."""

    class Speaks(BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"220 ready\r\n" * 10)

    with TCPServer(("127.0.0.1", 0), Speaks) as server:
        thread = Thread(target=server.serve_forever, args=[0.02], daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_what_is_not_heard_or_not_there_is_said(demo: Demo) -> None:
    class Page(Fault):
        def asked(self, method: str, path: str, headers: Pairs) -> tuple[str, str, Pairs]:
            return method, "/healthz", headers

    assert "is not Heard's front page" in behind(demo, Page()).wrong
    assert "nothing listens there" in looked(f"https://localhost:{free_port()}/").wrong
    with speaking_first() as port:
        assert "does not speak HTTPS" in looked(f"https://localhost:{port}/").wrong
    refused = CliRunner().invoke(main, ["doctor", "--url", "example.org"])
    assert refused.exit_code == 2
    assert "such as https://example.org/" in refused.output
