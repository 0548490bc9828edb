"""Asking a site one question at a time, as a browser does, with nothing followed or kept."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

SECONDS = 10
MOST_BYTES = 500_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Address:
    """Where a site is: `code` is what follows the first slash, an entry code if there is one."""

    scheme: str
    host: str
    port: int
    code: str

    @classmethod
    def of(cls, url: str) -> Address:
        """Read an address such as `https://example.org/bc2df3`; raises ValueError for others."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(url)
        port = parts.port or PORTS[parts.scheme]
        return cls(parts.scheme, parts.hostname, port, parts.path.strip("/"))

    @property
    def is_onion(self) -> bool:
        """An onion service encrypts by itself; HTTPS adds little there."""
        return self.host.endswith(".onion")


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers, and the beginning of the body."""

    status: int
    headers: Message
    body: bytes

    def all(self, name: str) -> list[str]:
        """Return each value that a header was sent with."""
        return [str(value) for value in self.headers.get_all(name, [])]


def without_trust() -> ssl.SSLContext:
    """Make a TLS context that takes any certificate: whether it is trusted is looked at apart."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def ask(
    address: Address,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
) -> Answer:
    """Ask once.

    Args:
        address: the site.
        method, path: of the request.
        headers: beside those that HTTP needs.
        body: a form, encoded.

    Raises `OSError` and `http.client.HTTPException` when no answer comes.
    """
    connection: http.client.HTTPConnection
    if address.scheme == "https":
        connection = http.client.HTTPSConnection(
            address.host, address.port, timeout=SECONDS, context=without_trust()
        )
    else:
        connection = http.client.HTTPConnection(address.host, address.port, timeout=SECONDS)
    try:
        given = {**(FORM if body is not None else {}), **(headers or {})}
        connection.request(method, path, body, given)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read(MOST_BYTES))
    finally:
        connection.close()


def why(error: Exception) -> str:
    """Say in a few words why no answer came."""
    if isinstance(error, TimeoutError):
        return f"nothing came within {SECONDS} seconds"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, socket.gaierror):
        return "the name was not found, or there is no network"
    if isinstance(error, ssl.SSLError):
        return "what answers there does not speak HTTPS"
    return "the connection broke off"
