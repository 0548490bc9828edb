"""A real gunicorn is spoken to in marked words; nothing it prints may repeat them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

MARK = "marked-value-9f31"
APPLICATION = """
from flask import Flask, request
application = Flask("small")
@application.route("/<path:path>", methods=["GET", "POST"])
def page(path):
    if path.startswith("crash"):
        raise ValueError(request.query_string)
    return "words", 200, {"X-Bad": "good"}
"""


def free_port() -> int:
    with closing(socket.socket()) as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    (tmp_path / "small.py").write_text(APPLICATION)
    port, printed = free_port(), tmp_path / "printed"
    command = [sys.executable, "-m", "gunicorn", "small:application", "--threads", "2"]
    command += ["--bind", f"127.0.0.1:{port}", "--access-logfile", "-", "--log-level", "debug"]
    command += ["--logger-class", "app.web.quiet_gunicorn.QuietLogger", "--no-control-socket"]
    root = Path(__file__).parents[2]
    with printed.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env={"PYTHONPATH": f"{root}:{tmp_path}", "PATH": "/usr/bin:/bin"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        yield port, printed
        process.terminate()
        process.wait(20)


def speak(port: int, words: str) -> bytes:
    deadline = time.monotonic() + 20
    while True:
        try:
            line = socket.create_connection(("127.0.0.1", port), timeout=5)
            break
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    with closing(line):
        line.sendall(words.encode())
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_nothing_that_a_browser_says_is_printed(server: tuple[int, Path]) -> None:
    port, printed = server
    rest = f"Host: localhost\r\nUser-Agent: {MARK}\r\nConnection: close\r\n\r\n"
    assert b" 200 " in speak(port, f"GET /{MARK}?{MARK} HTTP/1.1\r\n{rest}")
    assert b" 500 " in speak(port, f"GET /crash?{MARK} HTTP/1.1\r\n{rest}")
    assert b" 400 " in speak(port, f"GET /{MARK} HTTP/1.1\r\n{MARK} {MARK}: 1\r\n{rest}")
    assert b" 400 " in speak(port, f"{MARK} is not a request\r\n\r\n")
    text = printed.read_text()
    assert "Listening at" in text
    assert "ValueError at " in text
    assert MARK not in text
    assert "127.0.0.1 " not in text
    assert "GET" not in text
    assert not [line for line in text.splitlines() if "202" in line.split()[0]]
