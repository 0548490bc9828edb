"""The least that could do it: one HTML form without style or script, behind the same server.

POST answers 303 and the next GET shows the form again, as in a consultation.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from app.commands.running import WORKERS
from app.commands.server import KEEP_ALIVE_SECONDS, THREADS
from tests.server import ROOT, free_port, wait_until_ready

START_SECONDS = 20

PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Questions</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>What do you use the internet for?</h1>
<form method="post" action="/">
<p><label><input type="checkbox" name="a" value="1"> Talking with friends</label></p>
<p><label><input type="checkbox" name="a" value="2"> Learning</label></p>
<p><label><input type="checkbox" name="a" value="3"> Playing</label></p>
<p><label for="w">In your words</label><br><textarea id="w" name="w"></textarea></p>
<p><button name="action" value="continue">Continue</button></p>
</form></body></html>
"""


def bare(
    environ: dict[str, str], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Answer GET with the page and POST with 303."""
    if environ["REQUEST_METHOD"] == "POST":
        start_response("303 See Other", [("Location", "/"), ("Content-Length", "0")])
        return []
    start_response(
        "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(PAGE)))]
    )
    return [PAGE]


@contextmanager
def running_bare() -> Iterator[str]:
    """Serve the page with gunicorn, with the workers and threads of Heard; yields its address."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "bench.bare:bare", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)),
            *("--keep-alive", str(KEEP_ALIVE_SECONDS), "--log-level", "error"),
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(base, process)
        yield base
    finally:
        process.terminate()
        process.wait(START_SECONDS)
