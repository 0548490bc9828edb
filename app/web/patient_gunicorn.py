"""A gunicorn worker that no slow connection holds up.

Gunicorn gives a thread to each connection that has sent one byte, and the thread waits for the
rest: twenty half requests, sent by anybody, would stop the site for everybody. Here a request gets
a thread when all of it is there. Long bodies get one before, but never more than half of them.
See docs/decisions/rate-limits.md. A module of its own, as gunicorn's modules load on Unix only.
"""

from __future__ import annotations

import re
import signal
import socket
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any, Final, Literal

from flask import Flask
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

LOOKED_AT: Final = 32 * 1024
"""Bytes of a request that are waited for without a thread: more than a page full of words, and less
than a connection takes in while nobody reads."""
ARRIVAL_SECONDS: Final = 20.0
"""How long that much may take to arrive."""
THREAD_SECONDS: Final = 60.0
"""How long a thread waits for the rest of a long body."""
STOP_SECONDS: Final = 10.0
"""How long a server that stops waits for requests that are on their way."""
ROOM: Final = 20
"""Connections that are free for somebody new: the one that is silent longest goes for it."""
JUST_COME_SECONDS: Final = 1.0
"""How long a request may take to arrive however many there are."""

ENOUGH: Final = 2
"""Connections with something to do, of which Python serves one at a time."""
REST_SECONDS: Final = 0.002
"""How long a process that has so many takes nobody new, so that others can."""

_LENGTH: Final = re.compile(rb"\ncontent-length:[ \t]*([0-9]+)[ \t]*\r\n", re.IGNORECASE)
_WITHOUT_LENGTH: Final = re.compile(rb"\n(?:transfer-encoding|expect):", re.IGNORECASE)
_DIGITS: Final = len(str(LOOKED_AT))

Arrival = Literal["whole", "arriving", "long"]


def arrival(arrived: bytes) -> Arrival:
    """Say how much of a request is there: all, not yet, or so much as is waited for.

    Args:
        arrived: its first bytes, at most `LOOKED_AT` of them.

    What gunicorn will refuse counts as whole: it needs nothing more for that.
    """
    # Empty lines may come before a request (RFC 9112 §2.2).
    head, end, body = arrived.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not end:
        return "long" if len(arrived) >= LOOKED_AT else "arriving"
    head += b"\r\n"
    if _WITHOUT_LENGTH.search(head):
        return "long"
    length = _LENGTH.search(head)
    if length is None:
        return "whole"
    digits = length[1].lstrip(b"0") or b"0"
    if len(digits) <= _DIGITS and len(body) >= int(digits):
        return "whole"
    return "long" if len(arrived) >= LOOKED_AT or len(digits) > _DIGITS else "arriving"


class PatientWorker(ThreadWorker):
    """Waits for requests in one place, and gives threads to those that are there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._most_long = max(1, self.cfg.threads // 2)
        self._arriving: dict[TConn, tuple[float, int]] = {}
        self._served: dict[TConn, tuple[float, bool]] = {}
        self._long_waiting: deque[TConn] = deque()
        self._stops_at: float | None = None
        self._rests_until: float | None = None
        self.poller: Any

    def init_signals(self) -> None:
        """Hear signals from here on, also those that came while this process began."""
        super().init_signals()  # type: ignore[no-untyped-call]
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection; with enough to do, leave the next to others for a moment.

        Args:
            listener: the socket that people reach.

        All processes are told of a new connection, and the first one has it: without this, one
        takes all of a crowd, which stay with it as long as they are kept, and the others rest.
        """
        super().accept(listener)  # type: ignore[no-untyped-call]
        at_work = self.nr_conns - len(self.keepalived_conns)
        if self.alive and at_work >= ENOUGH:
            self._rests_until = time.monotonic() + REST_SECONDS
            self.set_accept_enabled(enabled=False)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for what comes, at most until others were let first.

        Args:
            timeout: seconds, at most.
        """
        if self._rests_until is not None:
            timeout = max(0.0, self._rests_until - time.monotonic())
        super().wait_for_and_dispatch_events(timeout)  # type: ignore[no-untyped-call]
        if self._rests_until is not None and time.monotonic() >= self._rests_until:
            self._rests_until = None

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take new connections or not; before it stops, take those that already wait.

        Args:
            enabled: whether to take them.

        The system answers for a socket as long as it is open, so it is closed at once after that:
        who comes later goes to another worker, or is told by the web server in front.
        """
        enabled = enabled and self._rests_until is None
        super().set_accept_enabled(enabled)  # type: ignore[no-untyped-call]
        if enabled or self.alive:
            return
        for listener in self.sockets:
            before = None
            while before != self.nr_conns:
                before = self.nr_conns
                self.accept(listener)
            listener.close()

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection a thread if its request is there; else wait for the rest.

        Args:
            conn: a connection that is new, or has something to read.
        """
        if conn.parser is not None and conn.parser.unreader.buf.getvalue():
            self._serve(conn, is_long=True)  # gunicorn has read the beginning: it cannot be seen
            return
        deadline, seen = self._arriving.pop(conn, (time.monotonic() + ARRIVAL_SECONDS, -1))
        try:
            arrived = conn.sock.recv(LOOKED_AT, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            self._wait(conn, deadline, 0)
            return
        except OSError:
            arrived = b""
        state = arrival(arrived)
        # Woken without anything new: the other side has closed, and nothing more will come.
        if state == "arriving" and arrived and len(arrived) > seen:
            self._wait(conn, deadline, len(arrived))
        else:
            self._serve(conn, is_long=state == "long")

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Go on with a connection whose answer was given, and with one that waited for this.

        Args:
            conn: the connection.
            fs: what became of it.
        """
        self._served.pop(conn, None)
        super().finish_request(conn, fs)  # type: ignore[no-untyped-call]
        if self._long_waiting:
            self._serve(self._long_waiting.popleft(), is_long=True)

    def murder_pending(self) -> None:
        """Let go of what did not arrive in time, and of bodies that never end."""
        now = time.monotonic()
        if not self.alive and self._stops_at is None:
            self._stops_at = now + STOP_SECONDS
        for conn in list(self.pending_conns):
            if self._is_late(conn, now):
                self.pending_conns.remove(conn)
                self._let_go(conn)
        self._make_room()
        for conn in list(self._long_waiting):
            if self._is_late(conn, now):
                self._long_waiting.remove(conn)
                self._let_go(conn)
        for conn, (deadline, _is_long) in self._served.items():
            if deadline <= now:
                with suppress(OSError):  # the thread reads the end of it, and is free
                    conn.sock.shutdown(socket.SHUT_RD)

    def _make_room(self) -> None:
        """When very many are here, let go of who is silent longest, not of who has only just come.

        Connections that were answered go first: a browser opens another one by itself. If nobody
        can go, gunicorn takes no more at its limit, and the system has them wait. Never to be done
        while events are handed out: one of them may be of a connection that has gone by then.
        """
        while self.nr_conns > self.worker_connections - ROOM:
            if self.keepalived_conns:
                self._let_go(self.keepalived_conns.popleft())
            elif self.pending_conns and self._waits_long(self.pending_conns[0]):
                self._let_go(self.pending_conns.popleft())
            else:
                return

    def _waits_long(self, conn: TConn) -> bool:
        deadline, _seen = self._arriving.get(conn, (0.0, 0))
        return deadline - time.monotonic() < ARRIVAL_SECONDS - JUST_COME_SECONDS

    def _is_late(self, conn: TConn, now: float) -> bool:
        deadlines = [each for each in (conn.timeout, self._stops_at) if each is not None]
        return min(deadlines, default=now + 1) <= now

    def _wait(self, conn: TConn, deadline: float, seen: int) -> None:
        """Be woken when there is more than was seen, or when the other side closes."""
        self._arriving[conn] = (deadline, seen)
        conn.timeout = deadline
        with suppress(OSError):
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, seen + 1)
        conn.sock.setblocking(False)
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _serve(self, conn: TConn, *, is_long: bool) -> None:
        """Give a thread to a connection; to a long one when fewer than half are with long ones."""
        long_now = sum(is_long for _deadline, is_long in self._served.values())
        if is_long and long_now >= self._most_long:
            conn.timeout = time.monotonic() + THREAD_SECONDS
            self._long_waiting.append(conn)
            return
        with suppress(OSError):
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        conn.data_ready = True
        self._served[conn] = (time.monotonic() + THREAD_SECONDS, is_long)
        super().enqueue_req(conn)  # type: ignore[no-untyped-call]

    def _let_go(self, conn: TConn) -> None:
        """Close a connection that has no thread."""
        self._arriving.pop(conn, None)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()


class _Body:
    """A body of gunicorn's, whose errors are those of a connection that broke."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int | None = None) -> bytes:
        """Return so many bytes, or all; raises `ConnectionError` for what is no body."""
        try:
            return bytes(self._body.read(size))
        except ParseException as error:
            raise ConnectionError from error

    def readline(self, size: int | None = None) -> bytes:
        """Return one line, of at most so many bytes; raises as `read` does."""
        try:
            return bytes(self._body.readline(size))
        except ParseException as error:
            raise ConnectionError from error


def refuse_broken_bodies(app: Flask) -> None:
    """Have a body in pieces that do not fit answered as one that broke off: it is no error of ours.

    Args:
        app: the application; Werkzeug answers 400 when a connection breaks.
    """
    inner = app.wsgi_app

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return inner({**environ, "wsgi.input": _Body(environ["wsgi.input"])}, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]
