"""Many people at once: a walk is recorded from the pages themselves, and replayed by each."""

from __future__ import annotations

import asyncio
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.person import Page, Person
from tests.walks import walk

TOKEN: Final = "TOKEN"
"""What stands in the body of a recorded request for the token of whoever sends it."""
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    """One request of a recorded walk; `TOKEN` in its body stands for the person's token."""

    method: str
    path: str
    body: str = ""


class Recording(Person):
    """A person whose requests are written down."""

    def __init__(self, base: str) -> None:
        super().__init__(base)
        self.requests: list[Request] = []

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """One request, written down with its token left out."""
        fields = urllib.parse.parse_qsl((body or b"").decode(), keep_blank_values=True)
        kept = [(name, TOKEN if name == "csrf_token" else value) for name, value in fields]
        self.requests.append(Request(method, path, urllib.parse.urlencode(kept)))
        return super().request(method, path, body, headers)


class Client:
    """One connection that is kept, and one cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self.token = ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> tuple[int, bytes, bytes]:
        """Send a request; gives the status, the head and the body of the answer."""
        body = request.body.replace(TOKEN, urllib.parse.quote(self.token)).encode()
        head = f"{request.method} {request.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
        if self.cookie:
            head += f"Cookie: {self.cookie}\r\n"
        if request.method == "POST":
            head += f"Content-Type: {_FORM['Content-Type']}\r\nContent-Length: {len(body)}\r\n"
        answer, content = await self._exchange(head.encode() + b"\r\n" + body)
        for line in answer.split(b"\r\n"):
            if line[:11].lower() == b"set-cookie:":
                self.cookie = line[11:].split(b";")[0].strip().decode()
        return int(answer[9:12]), answer, content

    async def _exchange(self, sent: bytes) -> tuple[bytes, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        content = await reader.readexactly(int(found[1])) if found else b""
        if b"connection: close" in head.lower():
            await self.close()
        return head, content

    async def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


def token_in(content: bytes) -> str:
    """The token of the form on a page; "" when there is none."""
    found = _TOKEN.search(content.decode("utf-8", "replace"))
    return found[1] if found else ""


def record_walk(base: str, code: str) -> list[Request]:
    """The requests of a walk to the page "sent"; the first is the link, the last that page."""
    person = Recording(base)
    person.start(code)
    walk(person, lambda _name: "It helped that somebody listened.")
    return person.requests


def page_in(requests: Sequence[Request]) -> int:
    """Where in a recorded walk the first page of questions is posted."""
    return next(i for i, each in enumerate(requests) if "step=page%3A" in each.body)
