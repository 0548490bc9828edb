"""Reading a Caddyfile: what Caddy logs.

Syntax: caddyserver.com/docs/caddyfile/concepts. Without a `log` directive Caddy keeps no access
log; errors of a request go to the default log with the address and the request, unless a global
`log` leaves `http.log.error` out (caddyserver.com/docs/caddyfile/options#log).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..notes import Note
from .forwarded import caddy_forwards

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|\S+')
ERRORS = "http.log.error"
WHOLE = ("request_buffers", "buffer_requests")
"""Requests are taken in whole; the second is the name before Caddy 2.6.3, in Debian 12 and 13."""
LOUD = ("log_credentials", "log_append", "log_name", "trace")


class NotCaddy(Exception):
    """The file is not a Caddyfile; the message says where it stops."""


@dataclass
class Block:
    """One line of a Caddyfile: its words, where it stands, and the lines inside its braces."""

    words: list[str]
    place: str
    inside: list[Block] = field(default_factory=list)

    def within(self, name: str) -> Iterator[Block]:
        """Lines anywhere inside that begin with a word."""
        for one in self.inside:
            if one.words[:1] == [name]:
                yield one
            yield from one.within(name)


def read_caddy(path: Path) -> list[Block]:
    """Read a Caddyfile: global options, snippets and sites, in order.

    Raises `NotCaddy`, `OSError`, `UnicodeDecodeError`.
    """
    top = Block([], str(path))
    open_ones = [top]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = list(_words(line))
        if not words:
            continue
        if words == ["}"]:
            if len(open_ones) == 1:
                raise NotCaddy(f"{path}:{number}: a brace closes what was not opened.")
            open_ones.pop()
            continue
        opens = words[-1] == "{"
        one = Block(words[:-1] if opens else words, f"{path}:{number}")
        open_ones[-1].inside.append(one)
        if opens:
            open_ones.append(one)
    if len(open_ones) > 1:
        raise NotCaddy(f"{path}: the file ends in the middle.")
    if top.inside and not any(one.inside for one in top.inside):
        # A single site may do without braces: its first line is its address.
        first, *rest = top.inside
        return [Block(first.words, first.place, rest)]
    return top.inside


def _words(line: str) -> Iterator[str]:
    for token in TOKEN.findall(line):
        if token.startswith("#"):
            return
        yield token[1:-1] if token[0] in '"`' and len(token) > 1 else token


def caddy_notes(path: Path, proxies: int | None = None) -> Iterator[Note]:
    """Yield what there is to say about Caddy in front of Heard.

    Args:
        path: of its Caddyfile.
        proxies: HEARD_PROXIES, when it is known.

    Raises `NotCaddy`, `OSError`, `UnicodeDecodeError`.
    """
    blocks = read_caddy(path)
    options = blocks[0] if blocks and not blocks[0].words else Block([], str(path))
    sites = [block for block in blocks if block is not options]
    if not any(next(site.within("reverse_proxy"), None) for site in sites):
        yield Note("wrong", f"{path}: no site passes requests on. Give the file that does.")
        return
    faults = [*_access(sites), *_errors(options), *_loud(blocks)]
    yield from faults
    if not faults:
        yield Note("well", f"{path}: Caddy logs no request.")
    for site in sites:
        for one in site.within("reverse_proxy"):
            if not any(next(one.within(name), None) for name in WHOLE):
                message = f"{one.place}: forms that come slowly can hold Heard up. Write into its"
                advice = "braces: request_buffers 600KiB (before Caddy 2.6.3: buffer_requests and"
                yield Note("waits", f"{message} {advice} max_buffer_size 600KiB)")
            trusted = [block for block in blocks if next(block.within("trusted_proxies"), None)]
            yield from caddy_forwards(one.place, bool(trusted), proxies)
        for one in site.within("import"):
            message = f"{one.place}: what is imported was not looked at. Give that file too, or see"
            yield Note("waits", f"{message} that it says nothing of log.")


def _access(sites: list[Block]) -> Iterator[Note]:
    for site in sites:
        for one in site.within("log"):
            if not any(line.words == ["output", "discard"] for line in one.inside):
                message = f"{one.place}: an access log keeps who came, when, and with which code."
                yield Note("wrong", f"{message} Take log out of this site.")


def _errors(options: Block) -> Iterator[Note]:
    for log in options.within("log"):
        left_out = {word for line in log.within("exclude") for word in line.words[1:]}
        silent = any(line.words == ["output", "discard"] for line in log.inside)
        if log.words in (["log"], ["log", "default"]) and (silent or _covers(left_out)):
            return
    message = f"{options.place}: Caddy's log of errors holds addresses and requests. Write at the"
    yield Note(
        "wrong", f"{message} top: {{ log {{ exclude {ERRORS} }} }}, each part on its own line."
    )


def _covers(names: set[str]) -> bool:
    """Loggers are left out with all that stand below them."""
    return any(name == ERRORS or ERRORS.startswith(f"{name}.") for name in names)


def _loud(blocks: list[Block]) -> Iterator[Note]:
    for block in blocks:
        for name in LOUD:
            for one in block.within(name):
                yield Note("wrong", f"{one.place}: {name} adds to what is logged. Take it out.")
        for one in block.within("protocols"):
            if one.words[1:2] and one.words[1] in ("tls1.0", "tls1.1"):
                yield Note("wrong", f"{one.place}: old TLS can be broken. Write: protocols tls1.2")
