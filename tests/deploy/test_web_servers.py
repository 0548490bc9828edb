"""`deploy/nginx.conf` and `deploy/Caddyfile`, run by Debian's programs in front of a server."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from app.commands import main
from app.web.headers import HEADERS, NO_STORE, TWO_YEARS
from app.web.spoken import LANGUAGES
from config import DEFAULT_EXIT
from tests.certificate import certificate
from tests.person import Person
from tests.place import Place
from tests.promises.scan import Marked, Search
from tests.promises.story import new_mark
from tests.server import Demo, free_port
from tests.short import port_of
from tests.walks import step_of, walk

from .conftest import AT_ONCE
from .front import DEPLOY, Front, caddy, nginx

FLOODED, OTHER = "127.0.0.66", "127.0.0.9"
FORM = "application/x-www-form-urlencoded"
LARGE = 500_000
"""Bytes of a form: more than any page holds, and as much as Heard takes."""
BOTH = ("nginx", "caddy")


@contextmanager
def in_front(name: str, folder: Path, behind: str) -> Iterator[Front]:
    """One of both web servers, in front of an address."""
    running = nginx(folder, [behind]) if name == "nginx" else caddy(folder, behind)
    with running as here:
        yield here


@pytest.fixture(scope="module", params=BOTH)
def front(
    request: pytest.FixtureRequest, demo: Demo, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    behind = f"127.0.0.1:{port_of(demo)}"
    with in_front(request.param, tmp_path_factory.mktemp("front"), behind) as here:
        yield here


@pytest.fixture(scope="module", params=BOTH)
def alone(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """A web server with nothing behind it."""
    nobody = f"127.0.0.1:{free_port()}"
    with in_front(request.param, tmp_path_factory.mktemp("alone"), nobody) as here:
        yield here


def sent(front: Front, request: bytes) -> HTTPResponse:
    """The answer to bytes that were sent over HTTPS."""
    trusted = ssl.create_default_context(cafile=str(certificate().certificate))
    plain = socket.create_connection(("localhost", front.port), 60)
    with trusted.wrap_socket(plain, server_hostname="localhost") as line:
        line.sendall(request)
        answer = HTTPResponse(line)
        answer.begin()
        answer.read()
        return answer


def test_a_person_walks_through_and_nothing_of_them_is_written(front: Front, demo: Demo) -> None:
    code, words, agent = demo.codes("small")[0], new_mark(), new_mark()
    marks = [Marked("the code", code), Marked("the words", words), Marked("the browser", agent)]
    marks.append(Marked("the address", "127.0.0.33"))
    before = Place(demo).rows("small")
    person = Person(front.base, {"User-Agent": agent, "X-Forwarded-For": agent}, "127.0.0.33")

    person.start(code)
    assert set(person.cookies) == {"__Host-q"}
    walk(person, lambda name: words if name == "words" else "3", until="page:second")
    looking = Search(marks)
    for number in front.processes:
        looking.process(number)
    walk(person)

    assert person.seen.path == "/sent"
    assert len(Place(demo).rows("small")) == len(before) + 1
    looking.folder(front.folder)
    assert not looking.found


def test_every_header_is_as_heard_sends_it_and_the_cookie_is_secure(
    front: Front, demo: Demo
) -> None:
    person = Person(front.base)
    page = person.open("/")
    for name, value in HEADERS.items():
        assert page.headers.get_all(name) == [value]
    assert page.headers.get_all("Strict-Transport-Security") == [TWO_YEARS]
    assert page.headers.get_all("Server") in (None, ["web"])
    assert not {"Via", "Alt-Svc", "ETag", "X-Powered-By"} & set(page.headers)
    begun = person.request(
        *("POST", "/start", urlencode({"code": demo.codes("small")[0]}).encode()),
        {"Content-Type": FORM},
    )
    (cookie,) = begun.headers.get_all("Set-Cookie") or []
    assert cookie.startswith("__Host-q=")
    assert "; Secure; HttpOnly; Path=/; SameSite=Strict" in cookie


def test_the_doctor_finds_nothing_wrong_with_the_file_and_the_site(
    front: Front, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate().certificate))
    url = f"{front.base}/{demo.codes('small')[0]}"
    words = ["doctor", "--url", url, "--plain-port", str(front.plain_port)]

    result = CliRunner().invoke(main, [*words, "--in-front", str(front.configuration)])

    unwell = [line for line in result.output.splitlines() if not line.startswith("well")]
    # The certificate of these tests is good for a day, and nobody renews it.
    assert [line.partition(".")[0] for line in unwell] == ["wrong The certificate ends in 1 days"]


def test_exit_leaves_through_it(front: Front, demo: Demo) -> None:
    person = Person(front.base)
    person.start(demo.codes("small")[0])
    left = person.request("GET", "/leave")

    assert (left.status, left.headers["Location"]) == (303, "http://127.0.0.1:9/")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert person.cookies == {}


def test_a_large_form_is_held_in_memory_alone(front: Front, demo: Demo) -> None:
    """While it comes, no file of the web server holds a word of it."""
    person, first, last = Person(front.base), new_mark(), new_mark()
    person.start(demo.codes("small")[0])
    walk(person, until="page:first")
    fields = [(name, value) for name, value in person.seen.form.fields if name != "words"]
    fixed = urlencode([*fields, ("action", "continue")])
    filling = "y" * (LARGE - len(fixed) - len(first) - len(last) - len("&words="))
    body = f"{fixed}&words={first}{filling}{last}".encode()
    head = (
        f"POST {person.seen.path} HTTP/1.1\r\nHost: localhost:{front.port}\r\n"
        f"Cookie: __Host-q={person.cookies['__Host-q']}\r\nContent-Type: {FORM}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    looking = Search([Marked("the beginning", first), Marked("the end", last)])

    answer = sent(front, head + body)

    for number in front.processes:
        looking.process(number)
    looking.folder(front.folder)
    assert not looking.found
    assert answer.status == 200  # too long for one question: the page asks for less
    assert answer.getheader("Content-Security-Policy") == HEADERS["Content-Security-Policy"]


def test_more_than_any_page_holds_gets_a_kind_page(front: Front) -> None:
    body = b"words=" + b"y" * 650_000
    page = Person(front.base).request("POST", "/page/1", body, {"Content-Type": FORM})

    assert page.status == 413
    assert "nginx" not in page.body
    assert "/leave" in page.links


def test_a_flood_from_one_place_waits_and_no_other_does(front: Front, demo: Demo) -> None:
    """Whoever floods invents another address each time; whoever does not, invents that one."""
    statuses = []
    for number in range(8 * AT_ONCE):
        said = {"X-Forwarded-For": f"198.51.100.{number % 250}"}
        statuses.append(Person(front.base, said, FLOODED).open("/page/1").status)
        if statuses[-1] == 429:
            break
    other = Person(front.base, {"X-Forwarded-For": FLOODED}, OTHER)
    other.start(demo.codes("small")[0])

    assert statuses[-1] == 429
    assert step_of(other.seen) == "about"


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script-Name", "PATH_INFO", "X-Script-Name"])
def test_no_header_moves_the_site(front: Front, demo: Demo, name: str) -> None:
    person = Person(front.base, {name: "/elsewhere", "X-Forwarded-Prefix": "/elsewhere"})
    begun = person.request(
        *("POST", "/start", urlencode({"code": demo.codes("small")[0]}).encode()),
        {"Content-Type": FORM},
    )

    assert (begun.status, begun.headers["Location"]) == (303, "/page/1")


def test_without_https_there_is_nothing_but_the_way_to_it(front: Front) -> None:
    page = Person(f"http://localhost:{front.plain_port}").request("GET", "/bc2df3")

    assert page.status in (301, 308)
    place = urlsplit(page.headers["Location"])
    assert (place.scheme, place.hostname, place.path) == ("https", "localhost", "/bc2df3")


def test_when_heard_is_away_there_is_a_kind_page_and_no_log(alone: Front) -> None:
    marks = [new_mark() for _ in range(3)]
    person = Person(alone.base, {"User-Agent": marks[0]})
    body = urlencode({"words": marks[1]}).encode()

    pages = [person.request("GET", f"/{marks[2]}"), person.request("POST", "/page/1", body)]

    for page in pages:
        assert page.status == 502
        assert page.body == (DEPLOY / "away.html").read_text(encoding="utf-8")
        assert page.headers["Cache-Control"] == NO_STORE
        for name in ("Referrer-Policy", "X-Content-Type-Options", "X-Robots-Tag"):
            assert page.headers.get_all(name) == [HEADERS[name]]
        assert not {"ETag", "Last-Modified"} & set(page.headers)
    looking = Search([Marked(f"mark {number}", mark) for number, mark in enumerate(marks)])
    looking.folder(alone.folder)
    assert not looking.found


@pytest.mark.requirement("R40", "R41")
def test_whoever_leaves_while_heard_is_away_leaves(alone: Front) -> None:
    person = Person(alone.base)
    person.cookies["__Host-q"] = "the-only-key"
    ahead = [
        person.request("HEAD", "/leave"),
        person.request("GET", "/leave", headers={"Sec-Purpose": "prefetch"}),
    ]
    assert not any({"Set-Cookie", "Clear-Site-Data"} & set(page.headers) for page in ahead)

    left = person.request("GET", "/leave")

    assert (left.status, left.headers["Location"]) == (303, DEFAULT_EXIT)
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert left.headers["Cache-Control"] == NO_STORE
    assert person.cookies == {}


def test_the_page_for_when_heard_is_away_says_what_the_catalogues_say() -> None:
    page = (DEPLOY / "away.html").read_text(encoding="utf-8")
    translations = Path(__file__).parents[2] / "app" / "translations"
    for tag in LANGUAGES:
        part = re.search(rf'<section lang="{tag}".*?</section>', page, re.DOTALL)
        assert part
        catalogue = translations / tag / "LC_MESSAGES" / "messages.po"
        found = read_po(catalogue.open("rb")) if tag != "en" else None
        for sentence in (
            "Something went wrong on our side",
            "It is not because of you. Wait a few minutes, then try again.",
        ):
            message = found.get(sentence) if found else None
            assert f">{message.string if message else sentence}<" in part[0]
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    for name in ("nginx-away.conf", "Caddyfile"):
        assert f"'sha256-{digest}'" in (DEPLOY / name).read_text(encoding="utf-8")
