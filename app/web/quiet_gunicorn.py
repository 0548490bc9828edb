"""What gunicorn is told to log, and to answer to what is no request at all.

`logger_class = "app.web.quiet_gunicorn.QuietLogger"`. A module of its own, because gunicorn's
modules load on Unix only.
"""

from __future__ import annotations

import logging
import socket
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.util import write_nonblock

from app.web.errors import plain_page
from app.web.headers import NO_STORE, PAGE_HEADERS
from app.web.quiet_logging import log_sentence, quiet
from app.web.references import forget_reference, give_reference

OUTSIDE = log_sentence("The server answered for the application with a page of our own.")


class QuietLogger(Logger):
    """Gunicorn's logger without an access log, a time, or anything of a request.

    Whatever the configuration says of log files, formats and system logs is not followed:
    lines go to the standard error stream, for the machine's own journal.
    """

    def setup(self, cfg: Any) -> None:
        """Set up once, and again when the configuration is read anew.

        Args:
            cfg: gunicorn's configuration; only the level of logging is taken from it.
        """
        self.cfg = cfg
        self._access_log_enabled = False
        quiet()
        self.error_log.setLevel(self.LOG_LEVELS.get(cfg.loglevel.lower(), self.loglevel))
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: Any, request_time: timedelta) -> None:
        """Tell nothing of a request.

        Args:
            resp, req, environ, request_time: what gunicorn would tell.
        """

    def reopen_files(self) -> None:
        """Do nothing: there are no files."""

    def close_on_exec(self) -> None:
        """Do nothing: there are no files."""


def write_kind_error(sock: socket.socket, status_int: int, reason: str, _message: str) -> None:
    """Answer what never reached the application with a kind page, the exit on it too (R40).

    An address or a cookie that is too long is what people may really meet. Gunicorn's own page
    has no way out, none of our headers, and repeats what was sent.

    Args:
        sock: the connection.
        status_int, reason: the HTTP status, as gunicorn decided.
    """
    ours = status_int >= HTTPStatus.INTERNAL_SERVER_ERROR
    if ours:
        give_reference()
        logging.getLogger(__name__).error(OUTSIDE)
    body = plain_page(500 if ours else 400).encode()
    forget_reference()
    headers = {
        **PAGE_HEADERS,
        "Cache-Control": NO_STORE,
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": "text/html; charset=utf-8",
    }
    lines = [f"HTTP/1.1 {status_int} {reason}", *(f"{n}: {v}" for n, v in headers.items())]
    write_nonblock(sock, "\r\n".join([*lines, "", ""]).encode("latin-1") + body)
