"""The neutral site that exit leads to in tests, and what it is told of where people come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Weather</title>
<link rel="icon" href="data:,"></head>
<body><h1>Weather</h1><p>Sun, then rain.</p></body></html>"""


@dataclass
class NeutralSite:
    """A running neutral site: its address, and each page request with its `Referer`.

    It answers while `answering` is set.
    """

    address: str
    visits: list[tuple[str, str | None]] = field(default_factory=list)
    answering: Event = field(default_factory=Event)


@contextmanager
def neutral_site() -> Iterator[NeutralSite]:
    """Run a site that says "Weather" to everybody, on a port of its own.

    It is reached as `localhost`, which to a browser is another site than 127.0.0.1, as the real
    neutral site is.
    """

    class Weather(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.visits.append((self.path, self.headers.get("Referer")))
            site.answering.wait()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the tests read `visits`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Weather)
    site = NeutralSite(f"http://localhost:{server.server_port}/")
    site.answering.set()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.answering.set()
        server.shutdown()
        server.server_close()
        thread.join()
