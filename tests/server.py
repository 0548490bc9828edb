"""A real server process for tests: started by the test, stopped by it, on 127.0.0.1 only."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from app.commands.running import DEMO_KEYS, DEMO_NAME, DEMO_PASSPHRASE
from app.sealing import write_key_pair

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
STOP_SECONDS = 20


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Demo:
    """A running `heard demo`: what it printed, and where it keeps things."""

    base: str
    instance: Path
    drafts: Path
    surveys: Path
    output: Path
    process: subprocess.Popen[bytes]
    env: dict[str, str]

    @property
    def printed(self) -> str:
        """Everything the process has written to standard output and error."""
        return self.output.read_text(encoding="utf-8")

    def codes(self, consultation: str) -> list[str]:
        """Entry codes of a consultation, in the order printed (the order of its collectors)."""
        pattern = rf"^{re.escape(consultation)}(?:, .*)?\nAddress: \S+/(\S+)$"
        return re.findall(pattern, self.printed, re.MULTILINE)

    @property
    def key(self) -> Path:
        """The researcher's private key file."""
        return Path(re.findall(r"^Key: (.+)$", self.printed, re.MULTILINE)[0])

    def heard(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a `heard` command on this instance."""
        return subprocess.run(
            [sys.executable, "-m", "app.commands", *words],
            cwd=ROOT,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def stop(self) -> None:
        """Ask the server to stop, as Ctrl+C does, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """End every process of the server at once, when nothing more is asked of it.

        What looks at what a server leaves calls `stop` before: an orderly end takes each process
        as much work as a hundred pages.
        """
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)


@contextmanager
def running_demo(
    folder: Path,
    *,
    surveys: Path | None = None,
    exit_to: str = "http://127.0.0.1:9/",
    env: Mapping[str, str] | None = None,
    instance: Path | None = None,
    arguments: Sequence[str] = (),
    first: str = "",
    today: dt.date | None = None,
    own_keys: bool = False,
    wrapper: Sequence[str] = (),
) -> Iterator[Demo]:
    """Run `heard demo` with everything it keeps inside `folder`; ends it at once afterwards.

    Args:
        folder: an empty folder of the test's own.
        surveys: consultations to open, by default the samples of this repository.
        exit_to: the neutral site; tests start one of their own.
        env: more settings.
        instance: an instance folder of an earlier run, to start again on it.
        arguments: more words of the command.
        first: Python that the process runs before anything else, to make a limit smaller that
            nobody can wait for.
        today: the day it is for the server, when it is not today.
        own_keys: let it make its keys itself, as the first time; that takes more than a second.
        wrapper: a program that starts it.
    """
    port = free_port()
    instance = instance or folder / "instance"
    drafts = folder / "drafts"
    drafts.mkdir(mode=0o700, exist_ok=True)
    if not own_keys:
        _put_keys(instance)
    (folder / "tmp").mkdir(exist_ok=True)
    surveys = surveys or ROOT / "surveys"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HEARD_")}
    settings = {
        **clean,
        "HEARD_INSTANCE": str(instance),
        "HEARD_DRAFTS_URL": f"sqlite:///{drafts / 'drafts.sqlite3'}",
        "HEARD_SURVEYS": str(surveys),
        "HEARD_EXIT_TO": exit_to,
        "TMPDIR": str(folder / "tmp"),
        "PYTHONUNBUFFERED": "1",
        **(env or {}),
    }
    program = ["-c", f"{first}\nimport app.commands.__main__"] if first else ["-m", "app.commands"]
    output = folder / f"output-{port}.txt"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [
                *(*wrapper, sys.executable, *program, "demo", "--port", str(port), *arguments),
                *(("--today", today.isoformat()) if today else ()),
            ],
            cwd=ROOT,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    base = f"http://127.0.0.1:{port}"
    demo = Demo(base, instance, drafts, surveys, output, process, settings)
    try:
        _wait_until_ready(demo)
        yield demo
    finally:
        demo.end()


def drafts_in(folder: str) -> dict[str, str]:
    """The setting that keeps drafts in a folder, such as one in memory."""
    return {"HEARD_DRAFTS_URL": f"sqlite:///{folder}/drafts.sqlite3"}


@contextmanager
def running_serve(
    demo: Demo,
    settings: Mapping[str, str] | None = None,
    *,
    arguments: Sequence[str] = (),
    wrapper: Sequence[str] = (),
    ready: Callable[[], bool] | None = None,
    **how: Any,
) -> Iterator[Demo]:
    """Run `heard serve` on the instance of a demo, which may go on or be over.

    Args:
        demo: whose instance it is.
        settings: more settings.
        arguments: where it listens, in place of a port of its own.
        wrapper: a program that starts it.
        ready: whether it answers, when that cannot be seen at a port.
        how: more for `subprocess.Popen`.
    """
    port = free_port()
    output = demo.output.parent / f"serve-{port}.txt"
    where = arguments or ("--port", str(port))
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [*wrapper, sys.executable, "-m", "app.commands", "serve", *where],
            cwd=ROOT,
            env={**demo.env, **(settings or {})},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **how,
        )
    serving = replace(demo, base=f"http://127.0.0.1:{port}", process=process, output=output)
    try:
        _wait_until_ready(serving, ready)
        yield serving
    finally:
        serving.end()


@cache
def _keys() -> dict[str, bytes]:
    """A key pair that many demos can share, by file name: a passphrase is slow on purpose."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_key_pair(Path(folder), DEMO_NAME, DEMO_PASSPHRASE)
        return {path.name: path.read_bytes() for path in paths}


def _put_keys(instance: Path) -> None:
    folder = instance / DEMO_KEYS
    if not folder.exists():
        instance.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700)
        for name, content in _keys().items():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)


def _wait_until_ready(demo: Demo, ready: Callable[[], bool] | None = None) -> None:
    try:
        _wait_until(ready or (lambda: is_answering(f"{demo.base}/healthz")), demo.process)
    except RuntimeError as error:
        raise RuntimeError(f"{error}:\n{demo.printed}") from None


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until an address answers.

    Raises RuntimeError when the process ends before, or after `START_SECONDS`.
    """
    _wait_until(lambda: is_answering(address), process)


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("The server stopped")
        if ready():
            return
        time.sleep(0.1)
    raise RuntimeError("The server did not start")


def is_answering(address: str) -> bool:
    """Whether an address answers at all, and well."""
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310
            return True
    except (urllib.error.URLError, OSError):
        return False
