"""What `heard doctor` says about the sites that exit leads to (R54)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from app.commands import neutral_sites as looked
from app.commands.neutral_sites import neutral_sites
from app.commands.notes import Note
from config import Config, read_config
from tests.certificate import certificate
from tests.definitions import SMALLEST, load
from tests.server import free_port

pytestmark = pytest.mark.requirement("R54")

ANSWERS: dict[str, tuple[int, str]] = {
    "/": (200, ""),
    "/gone": (404, ""),
    "/elsewhere": (302, "/"),
    "/plain": (301, "http://localhost/"),
}


@pytest.fixture
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return read_config({}, instance=tmp_path_factory.mktemp("instance"))


@pytest.fixture
def weather(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site over HTTPS, with a certificate that this process trusts."""
    released = Event()

    class Weather(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/silent":
                released.wait()
            status, location = ANSWERS.get(self.path, (500, ""))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Weather)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate().certificate, certificate().key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate().certificate))
    monkeypatch.setenv("no_proxy", "localhost")
    yield f"https://localhost:{server.server_port}"
    released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def notes(config: Config, exit_to: str) -> list[Note]:
    """What is said of the one address for everybody."""
    return list(neutral_sites(Config(**{**vars(config), "exit_to": exit_to}), []))


@pytest.mark.parametrize(
    ("path", "state", "words"),
    [
        ("/", "well", "which answers."),
        ("/?lang=ne", "waits", "which answers 500."),
        ("/gone", "waits", "which answers 404."),
        ("/elsewhere", "waits", "which leads on to https://localhost"),
        ("/plain", "wrong", "which leads on without https"),
    ],
)
def test_each_answer_is_told(
    config: Config, weather: str, path: str, state: str, words: str
) -> None:
    (note,) = notes(config, weather + path)

    assert note.state == state
    assert note.message.startswith(f"Exit leads to {weather}{path}")
    assert words in note.message


def test_a_site_that_does_not_answer_is_told_and_never_wrong(
    config: Config, weather: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "SECONDS", 0.2)

    (note,) = notes(config, f"{weather}/silent")

    assert note.state == "waits"
    assert "could not be tried from here (no answer within" in note.message


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"https://localhost:{free_port()}/", "there is no network, or it refuses"),
        ("https://weather.invalid/", "the name was not found, or there is no network"),
        ("", "its certificate is not trusted"),
    ],
    ids=["nobody listens", "no such name", "an unknown certificate"],
)
def test_what_cannot_be_tried_is_never_wrong(
    config: Config, weather: str, monkeypatch: pytest.MonkeyPatch, address: str, reason: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    (note,) = notes(config, address or weather)

    assert note.state == "waits"
    assert f"could not be tried from here ({reason})" in note.message


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://weather.example/", "starts with https://"),
        ("weather.example", "starts with https://"),
        ("https://", "starts with https://"),
        ("https://[::", "starts with https://"),
        ("https://weather.example/?utm_source=heard", "carries more than a page"),
        ("https://weather.example/?id", "carries more than a page"),
        ("https://me@weather.example/", "carries more than a page"),
        ("https://stop-abuse.example/", "The address says “abuse”"),
    ],
)
def test_an_address_that_gives_something_away_is_wrong_without_being_tried(
    config: Config, address: str, words: str
) -> None:
    (note,) = notes(config, address)

    assert note.state == "wrong"
    assert words in note.message


def test_every_address_of_every_consultation_is_looked_at_once(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "DEFAULT_EXIT", "http://three.example/")
    ones = {"en": "http://one.example/", "all": "http://two.example/"}
    by_language = load(SMALLEST).model_copy(update={"exit_to": ones})
    for_all = load(SMALLEST).model_copy(update={"exit_to": {"all": "http://two.example/"}})

    found = list(neutral_sites(config, [by_language, for_all, for_all]))

    told = [note.message.split()[3].rstrip(".,") for note in found]
    assert told == ["http://one.example/", "http://two.example/", "http://three.example/"]


def test_without_a_consultation_there_is_nothing_to_look_at(config: Config) -> None:
    assert list(neutral_sites(config, [])) == []
