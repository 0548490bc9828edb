"""A web server in front of Heard that does one thing wrong."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.certificate import Certificate

Pairs = list[tuple[str, str]]
OF_THE_CONNECTION = ("connection", "transfer-encoding", "content-length", "host")


class Fault:
    """What a bad web server does; this one does nothing wrong."""

    def asked(self, method: str, path: str, headers: Pairs) -> tuple[str, str, Pairs]:
        """Change what is passed on to Heard."""
        return method, path, headers

    def answered(self, path: str, status: int, headers: Pairs) -> tuple[int, Pairs]:
        """Change what is passed back to the browser."""
        return status, headers

    def encrypted(self, context: ssl.SSLContext) -> None:
        """Change how it encrypts."""


def _handler(port: int, fault: Fault) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            sent = [(n, v) for n, v in self.headers.items() if n.lower() not in OF_THE_CONNECTION]
            method, path, sent = fault.asked(self.command, self.path, sent)
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request(method, path, body, dict(sent))
            answer = line.getresponse()
            content = answer.read()
            line.close()
            pairs = [(n, v) for n, v in answer.getheaders() if n.lower() not in OF_THE_CONNECTION]
            status, pairs = fault.answered(self.path, answer.status, pairs)
            self.send_response_only(status)
            for name, value in (*pairs, ("Content-Length", str(len(content)))):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = _pass_on

        def log_message(self, format: str, *words: Any) -> None:
            del format, words

    return Handler


@contextmanager
def web_server(port: int, fault: Fault, made: Certificate | None) -> Iterator[int]:
    """Run a web server in front of another one; yields its port.

    Args:
        port: where Heard listens.
        fault: what it does wrong.
        made: its certificate; without one it speaks plain HTTP.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(port, fault))
    if made:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate, made.key)
        fault.encrypted(context)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
