"""The line between a browser and the server, which a test can cut at any moment."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Literal

Trouble = Literal["before", "after"]
"""Cut before the request reaches the server, or after the server did what it asks for."""

LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
CONNECTION = re.compile(rb"^connection:.*\r\n", re.IGNORECASE | re.MULTILINE)
WAIT_SECONDS = 60
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that closes without a goodbye, as a lost network does."""


@dataclass
class Line:
    """Passes requests on to a server on this machine, but for those that are cut.

    Args:
        port: where browsers find it.
        to: the port of the server; a server that is started again may have another one.
        trouble: how a request is cut, by method and path; None when it goes through.
        asked: the requests that came, as `POST /page/4`.
    """

    port: int
    to: int = 0
    trouble: Callable[[str, str], Trouble | None] = lambda _method, _path: None
    asked: list[str] = field(default_factory=list)
    busy: int = 0
    _open: Event = field(default_factory=Event)
    _holds: str = ""

    @property
    def base(self) -> str:
        """The address that stays the same whatever happens to the server."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def cut(self, when: Trouble, method: str = "POST") -> Iterator[None]:
        """Cut every request with this method."""
        self.trouble = lambda given, _path: when if given == method else None
        try:
            yield
        finally:
            self.trouble = lambda _method, _path: None

    @contextmanager
    def held(self, method: str) -> Iterator[None]:
        """Let requests with this method wait on the way until the end."""
        self._open.clear()
        self._holds = method
        try:
            yield
        finally:
            self._holds = ""
            self._open.set()

    def carry(self, browser: socket.socket) -> None:
        """Carry one request over, and its answer back."""
        request = _whole_request(browser)
        if not request:
            return
        method, path = request.split(b" ", 2)[:2]
        self.asked.append(f"{method.decode()} {path.decode()}")
        trouble = self.trouble(method.decode(), path.decode())
        if trouble == "before":
            _drop(browser)
            return
        self.busy += 1
        if method.decode() == self._holds:
            self._open.wait(WAIT_SECONDS)
        answer = self._answer(request)
        self.busy -= 1
        if trouble == "after" or not answer:
            _drop(browser)
        else:
            browser.sendall(answer)

    def _answer(self, request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        head = CONNECTION.sub(b"", head + b"\r\n") + b"Connection: close\r\n\r\n"
        answer = b""
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.to), timeout=60) as server,
        ):
            server.sendall(head + body)
            while piece := server.recv(65536):
                answer += piece
        return answer


def _whole_request(browser: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        piece = browser.recv(65536)
        if not piece:
            return b""
        request += piece
    head, _, body = request.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        piece = browser.recv(min(missing, 65536))
        if not piece:
            return b""
        request += piece
        missing -= len(piece)
    return request


def _drop(browser: socket.socket) -> None:
    browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """Lay a line to the server at this port of 127.0.0.1."""

    class Carrier(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                line.carry(self.request)

    class Carriers(ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 64

    with Carriers(("127.0.0.1", 0), Carrier) as carriers:
        line = Line(carriers.server_address[1], port)
        thread = Thread(target=carriers.serve_forever, daemon=True)
        thread.start()
        try:
            yield line
        finally:
            carriers.shutdown()
            thread.join()
