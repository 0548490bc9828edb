"""The logger that gunicorn is told to use: `logger_class = "app.web.quiet_gunicorn.QuietLogger"`.

A module of its own, because gunicorn's modules load on Unix only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from app.web.quiet_logging import quiet


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
