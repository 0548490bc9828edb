"""The production server: gunicorn, told to be quiet and to leave nothing behind."""

from __future__ import annotations

import ctypes
import logging
import os
import select
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from typing import Any, NoReturn

import click
import gunicorn.http.wsgi
import gunicorn.util
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from app import create_app
from app.storage import open_storage
from app.support import DirectoryErrors
from app.web.counting import is_running
from app.web.patient_gunicorn import refuse_broken_bodies
from app.web.quiet_gunicorn import write_kind_error
from app.web.quiet_logging import log_sentence
from config import SHARED_MEMORY, Config

from .database import SWEEP_SECONDS, sweep_on
from .support_directory import support_directory_needed

setattr(gunicorn.http.wsgi, "SERVER", "web")  # noqa: B010 - gunicorn does not export it
"""What the Server header says: gunicorn sends one always, so it says nothing."""
setattr(gunicorn.util, "write_error", write_kind_error)  # noqa: B010 - no setting for it

THREADS = 8
TIMEOUT_SECONDS = 60
KEEP_ALIVE_SECONDS = 5
SWEEPER = "heard sweeper"
"""What `ps -o comm` and `top` call the process that sweeps: at most 15 letters."""
SWEEPS_AT_LEAST = 5.0
"""Seconds that a sweeper has run before another takes its place, so that none comes each moment."""
SWEEPER_ENDED = log_sentence(
    "The process that deletes old drafts was ended by somebody, or had no memory left. Another one "
    "does it from now on."
)
M_ARENA_MAX = -8
"""malloc.h of glibc."""
ARENAS = 2
PR_SET_NAME = 15
"""linux/prctl.h."""
CONNECTIONS = 500
"""At the same time, of each process: half of the files that a process may open by default."""


class _Arbiter(Arbiter):
    """Gunicorn's first process, which looks after the sweeper as it does after the workers."""

    def spawn_worker(self) -> Any:
        """Start a worker; what it is told before it can hear waits until then.

        A new process has this one's way to hear signals, and what it heard with that was lost: a
        server that was stopped as it began waited half a minute for workers that did not know.
        `PatientWorker.init_signals` ends it there.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, self.SIGNALS)
        try:
            return super().spawn_worker()  # type: ignore[no-untyped-call]
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self.SIGNALS)

    def manage_workers(self) -> None:
        super().manage_workers()  # type: ignore[no-untyped-call]
        self.app.sweep_again(self)


class Server(BaseApplication):
    """Gunicorn without a configuration file, an access log or a control socket.

    Args:
        config: where things are.
        bind: where it listens, as gunicorn writes it: `127.0.0.1:8000`, `[::1]:8000` or
            `unix:/run/heard/socket`.
        workers: how many processes answer.

    SIGHUP has the support directory and the translations read again, without a lost answer.
    """

    def __init__(self, config: Config, bind: str, workers: int) -> None:
        self.config = config
        self.bind = bind
        self.workers = workers
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        """Tell gunicorn how to run."""
        settings: Any = self.cfg
        memory = str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None
        ours: dict[str, Any] = {
            "bind": self.bind,
            # Whoever may reach a socket in a folder is said by the folder.
            "umask": 0o007 if self.bind.startswith("unix:") else 0o077,
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
            # Read once, and shared by all workers: they start at once, and need less memory.
            "preload_app": True,
            # Else anybody behind a server on this machine moves the site to an address of their
            # own, with a header SCRIPT_NAME, and every step leads there.
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "when_ready": self._start_sweeping,
            "post_fork": _stay_on_one_processor,
        }
        for name, value in ours.items():
            settings.set(name, value)

    def load(self) -> Any:
        """Make the application that all workers share; one in debug mode serves nobody."""
        _share_memory_between_threads()
        app = create_app(self.config)
        if app.debug or app.testing:
            raise RuntimeError("The production server serves nothing in debug mode.")
        refuse_broken_bodies(app)
        return app

    def reload(self) -> None:
        """Make the application again; if it cannot be made, go on with the one there is."""
        super().reload()  # type: ignore[no-untyped-call]
        try:
            self.callable = self.load()
        except (DirectoryErrors, OSError) as error:
            click.echo(
                f"Nothing was read again. The support directory is wrong:\n{error}", err=True
            )

    def run(self) -> None:
        """Answer, and sweep, until somebody ends it; raises `Refusal` when it cannot begin."""
        with support_directory_needed():
            arbiter = _Arbiter(self)  # type: ignore[no-untyped-call] # it makes the application
        try:
            arbiter.run()  # type: ignore[no-untyped-call]
        except RuntimeError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(1)

    def _start_sweeping(self, arbiter: Any) -> None:
        """One sweeper beside the workers; it stops when the server closes its end of a pipe."""
        until_closed, self._while_open = os.pipe()  # closed with this process, whatever ends it
        self._sweeper, self._sweeps_since = os.fork(), time.monotonic()
        if self._sweeper == 0:
            os.close(self._while_open)
            self._sweep(arbiter, until_closed)
        os.close(until_closed)

    def sweep_again(self, arbiter: Any) -> None:
        """Start another sweeper when the one there was has ended: drafts would stay for ever.

        Args:
            arbiter: gunicorn's, which has buried it by now.
        """
        if is_running(self._sweeper) or time.monotonic() < self._sweeps_since + SWEEPS_AT_LEAST:
            return
        logging.getLogger(__name__).error(SWEEPER_ENDED)
        os.close(self._while_open)
        self._start_sweeping(arbiter)

    def _sweep(self, arbiter: Any, until_closed: int) -> NoReturn:
        """Sweep until the server has gone; runs in a process of its own and never returns."""
        try:
            for number in arbiter.SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            # Ctrl+C reaches every process of a terminal: the server ends the sweeper in its time.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for listener in arbiter.LISTENERS:
                listener.close()
            _name_process(SWEEPER)
            storage = open_storage(self.config.database_url, self.config.drafts_url)
            sweep_on(
                storage,
                self.config,
                SWEEP_SECONDS,
                lambda seconds: select.select([until_closed], [], [], seconds)[0],
            )
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)


def _stay_on_one_processor(arbiter: Any, _worker: object) -> None:
    """Give a new worker the processor that the fewest others have, as far as this can be said.

    Python runs one thread of a process at a time. When they go from processor to processor, what
    the first had at hand has to be fetched by the second: the same work takes half as long again.
    """
    with suppress(AttributeError, OSError):  # what only Linux has, and where it may be forbidden
        processors = sorted(os.sched_getaffinity(0))
        taken = Counter[int]()
        for number in arbiter.WORKERS:
            with suppress(ProcessLookupError):
                taken.update(os.sched_getaffinity(number))
        os.sched_setaffinity(0, {min(processors, key=taken.__getitem__)})


def _share_memory_between_threads() -> None:
    """Have all threads of a process take memory from few places.

    glibc gives each thread one of its own (mallopt(3), M_ARENA_MAX), and what one has given back
    there no other can have: with 8 threads a worker grows by 8 MiB more.
    """
    with suppress(AttributeError, OSError, TypeError):  # what only glibc has
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _name_process(name: str) -> None:
    with suppress(AttributeError, OSError, TypeError):  # what only Linux has
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
