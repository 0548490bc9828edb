"""The production server: gunicorn, told to be quiet and to leave nothing behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import gunicorn.http.wsgi
import gunicorn.util
from gunicorn.app.base import BaseApplication

import app.factory  # noqa: F401 - before the workers part, so that they share what they import
from app import create_app
from app.web.patient_gunicorn import refuse_broken_bodies
from app.web.quiet_gunicorn import write_kind_error
from config import SHARED_MEMORY, Config

from .database import SWEEP_SECONDS

setattr(gunicorn.http.wsgi, "SERVER", "web")  # noqa: B010 - gunicorn does not export it
"""What the Server header says: gunicorn sends one always, so it says nothing."""
setattr(gunicorn.util, "write_error", write_kind_error)  # noqa: B010 - no setting for it

THREADS = 8
TIMEOUT_SECONDS = 60
KEEP_ALIVE_SECONDS = 5
CONNECTIONS = 500
"""At the same time, of each process: half of the files that a process may open by default."""


class Server(BaseApplication):
    """Gunicorn without a configuration file, an access log or a control socket."""

    def __init__(self, config: Config, host: str, port: int, workers: int) -> None:
        self.config = config
        self.bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.workers = workers
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        """Tell gunicorn how to run."""
        settings: Any = self.cfg
        memory = str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None
        for name, value in {
            "bind": self.bind,
            "workers": self.workers,
            "worker_class": "app.web.patient_gunicorn.PatientWorker",
            "threads": THREADS,
            "timeout": TIMEOUT_SECONDS,
            "worker_connections": CONNECTIONS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "logger_class": "app.web.quiet_gunicorn.QuietLogger",
            "loglevel": "warning",
            "worker_tmp_dir": memory,
            "control_socket_disable": True,
            # Else anybody behind a server on this machine moves the site to an address of their
            # own, with a header SCRIPT_NAME, and every step leads there.
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "when_ready": self._start_sweeping,
        }.items():
            settings.set(name, value)

    def load(self) -> Any:
        """Make the application in each worker, after the fork; one in debug mode serves nobody."""
        app = create_app(self.config)
        if app.debug or app.testing:
            raise RuntimeError("The production server serves nothing in debug mode.")
        refuse_broken_bodies(app)
        return app

    def _start_sweeping(self, _arbiter: Any) -> None:
        """One sweeper beside the workers; it stops when the pipe from the server closes."""
        self.sweeper = subprocess.Popen(  # noqa: S603 - our own program, no word from outside
            [
                *(sys.executable, "-m", "app.commands", "sweep"),
                *("--every", str(SWEEP_SECONDS), "--until-closed"),
                *("--instance", str(self.config.instance)),
            ],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
        )
