"""Reading the configuration of nginx: what it logs, and what it writes to disk.

Syntax: nginx.org/en/docs/beginners_guide.html#conf_structure. Directives and what they are when
nothing is said: nginx.org/en/docs/http/ngx_http_core_module.html, ngx_http_log_module.html,
ngx_http_proxy_module.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..notes import Note
from .forwarded import nginx_forwards

TOKEN = re.compile(
    r"""(?P<gap>\s+|\#[^\n]*)|(?P<sign>[{};])
    |(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<word>(?:\\.|\$\{[^}]*\}|[^\s{};"'\\])+)""",
    re.VERBOSE | re.DOTALL,
)
MOST_FILES = 200
IN_MEMORY = ("/dev/shm/", "/run/")  # noqa: S108 - places that are looked for, not used
QUIETEST = "emerg"
"""Every lower level writes the address and the request beside what went wrong."""
OLD_VERSIONS = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}


class NotNginx(Exception):
    """The file is not a configuration of nginx; the message says where it stops."""


@dataclass
class Directive:
    """One directive: its words, where it stands, and what is inside its braces."""

    words: list[str]
    place: str
    outside: Directive | None = None
    inside: list[Directive] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The first word."""
        return self.words[0] if self.words else ""

    def all(self, name: str) -> list[Directive]:
        """Directives of a name directly inside."""
        return [one for one in self.inside if one.name == name]

    def within(self, name: str) -> Iterator[Directive]:
        """Directives of a name anywhere inside."""
        for one in self.inside:
            if one.name == name:
                yield one
            yield from one.within(name)

    def holds(self, name: str) -> Directive | None:
        """The directive of a name that holds here: the nearest, going outwards."""
        here: Directive | None = self
        while here is not None:
            if found := here.all(name):
                return found[-1]
            here = here.outside
        return None


def read_nginx(path: Path) -> Directive:
    """Read a file and what it includes.

    Args:
        path: of `nginx.conf`, or of a file that it includes.

    Raises `NotNginx`, `OSError`, `UnicodeDecodeError`.
    """
    top = Directive([], str(path))
    _read(path, top, path.parent, [])
    return top


def _read(path: Path, into: Directive, base: Path, read: list[Path]) -> None:
    read.append(path)
    if len(read) > MOST_FILES:
        raise NotNginx(f"{path}: more than {MOST_FILES} files are included.")
    words: list[str] = []
    place, here = "", into
    for line, sign, quoted in _tokens(path):
        if quoted or sign not in "{};":
            place = place if words else f"{path}:{line}"
            words.append(sign)
            continue
        if sign == "}" and (words or here is into):
            raise NotNginx(f"{path}:{line}: a brace closes what was not opened.")
        if sign == "}" and here.outside is not None:
            here = here.outside
        elif sign != "}" and not words:
            raise NotNginx(f"{path}:{line}: a directive without a name.")
        elif words[:1] == ["include"] and sign == ";":
            for found in _included(words[-1], base):
                if found not in read:
                    _read(found, here, base, read)
        else:
            one = Directive(words, place, here)
            here.inside.append(one)
            here = one if sign == "{" else here
        words = []
    if words or here is not into:
        raise NotNginx(f"{path}: the file ends in the middle.")


def _included(pattern: str, base: Path) -> list[Path]:
    """The files that `include` names, from the folder of the main file on, in order."""
    folder = Path("/") if pattern.startswith("/") else base
    return sorted(folder.glob(pattern.lstrip("/")))


def _tokens(path: Path) -> Iterator[tuple[int, str, bool]]:
    text = path.read_text(encoding="utf-8")
    position, line = 0, 1
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None:
            raise NotNginx(f"{path}:{line}: a quotation without an end.")
        if found.lastgroup == "quoted":
            yield line, found[0][1:-1], True
        elif found.lastgroup != "gap":
            yield line, found[0], False
        line += found[0].count("\n")
        position = found.end()


def nginx_notes(path: Path, proxies: int | None = None) -> Iterator[Note]:
    """Yield what there is to say about nginx in front of Heard.

    Args:
        path: of its configuration.
        proxies: HEARD_PROXIES, when it is known.

    Looked at is each server that passes requests on, and each other one of the same names, such as
    the one that leads from HTTP to HTTPS. Raises `NotNginx`, `OSError`, `UnicodeDecodeError`.
    """
    servers = list(read_nginx(path).within("server"))
    passing = [one for one in servers if next(one.within("proxy_pass"), None)]
    if not passing:
        yield Note("wrong", f"{path}: no server passes requests on. Give the file that does.")
        return
    names = {name for one in passing for name in _names(one)}
    for server in servers:
        if server in passing or names & _names(server):
            written = _written(server, server in passing, proxies)
            faults = [*_logs(server), *written, *_others(server)]
            yield from faults
            if not faults:
                yield Note("well", f"{server.place}: this server logs nothing and writes nothing.")


def _names(server: Directive) -> set[str]:
    return {name for one in server.all("server_name") for name in one.words[1:]} or {""}


def _places(server: Directive) -> Iterator[Directive]:
    """The server and every block inside it where something else may hold."""
    yield server
    for name in ("location", "if", "limit_except"):
        yield from server.within(name)


def _logs(server: Directive) -> Iterator[Note]:
    if server.holds("access_log") is None:
        message = f"{server.place}: nginx keeps an access log when nothing is said."
        yield Note("wrong", f"{message} Write into this block: access_log off;")
    loud = {one.place: one for here in _places(server) if (one := here.holds("access_log"))}
    for place, one in loud.items():
        if one.words[1:2] != ["off"]:
            message = f"{place}: an access log keeps who came, when, and with which code."
            yield Note("wrong", f"{message} Write: access_log off;")
    found = [here.holds("error_log") for here in _places(server)]
    errors = {one.place if one else server.place: one.words if one else [] for one in found}
    for place, words in errors.items():
        if "/dev/null" not in words and words[2:3] != [QUIETEST]:
            message = f"{place}: the log of errors holds addresses and requests."
            yield Note("wrong", f"{message} Write: error_log /dev/null {QUIETEST};")


def _written(server: Directive, passes: bool, proxies: int | None) -> Iterator[Note]:
    if not passes:
        return
    for here in _places(server):
        if not here.all("proxy_pass"):
            continue
        if not _body_in_memory(here):
            message = f"{here.place}: nginx writes long forms to disk on their way, with what was"
            advice = "typed. Write: client_max_body_size 600k; client_body_buffer_size 600k;"
            yield Note("wrong", f"{message} {advice}")
        if _says(here, "proxy_request_buffering", "on") == "off":
            message = f"{here.place}: forms that come slowly hold Heard up. Take"
            yield Note("wrong", f"{message} proxy_request_buffering off; out.")
        yield from nginx_forwards(here.place, _forwarded(here), proxies)
        if not _answer_in_memory(here):
            message = f"{here.place}: nginx writes long pages to disk on their way."
            yield Note("wrong", f"{message} Write: proxy_max_temp_file_size 0;")


def _says(here: Directive, name: str, otherwise: str) -> str:
    found = here.holds(name)
    return found.words[1] if found and len(found.words) > 1 else otherwise


def _size(words: str) -> float:
    found = re.fullmatch(r"(\d+)([kmg]?)", words.lower())
    return int(found[1]) * UNITS.get(found[2], 1) if found else 0


def _body_in_memory(here: Directive) -> bool:
    if _says(here, "client_body_in_file_only", "off") != "off":
        return False
    if _says(here, "proxy_request_buffering", "on") == "off":
        return True  # and something else is said of it
    if _says(here, "client_body_temp_path", "").startswith(IN_MEMORY):
        return True
    most = _size(_says(here, "client_max_body_size", "1m")) or float("inf")  # 0: without a limit
    return _size(_says(here, "client_body_buffer_size", "8k")) >= most


def _forwarded(here: Directive) -> str | None:
    """What is written into X-Forwarded-For: a block that sets any header inherits none."""
    nearest: Directive | None = here
    while nearest is not None and not nearest.all("proxy_set_header"):
        nearest = nearest.outside
    said = nearest.all("proxy_set_header") if nearest else []
    pairs = [one.words[1:3] for one in said if len(one.words) > 2]  # noqa: PLR2004 - name, value
    found = [value for name, value in pairs if name.lower() == "x-forwarded-for"]
    return found[-1] if found else None


def _answer_in_memory(here: Directive) -> bool:
    return (
        _says(here, "proxy_buffering", "on") == "off"
        or _says(here, "proxy_max_temp_file_size", "") in ("0", "0k", "0m")
        or _says(here, "proxy_temp_path", "").startswith(IN_MEMORY)
    )


def _others(server: Directive) -> Iterator[Note]:
    told: dict[str, str] = {}
    for here in _places(server):
        for name in ("proxy_cache", "proxy_store", "mirror"):
            found = here.holds(name)
            if found and found.words[1:2] != ["off"]:
                told[found.place] = f"{name} keeps or copies what people send and see. Take it out."
        found = here.holds("ssl_protocols")
        if found and set(found.words) & set(OLD_VERSIONS):
            told[found.place] = "old TLS can be broken. Write: ssl_protocols TLSv1.2 TLSv1.3;"
    if _says(server, "server_tokens", "on") != "off":
        told[server.place] = "nginx tells its version. Write: server_tokens off;"
    for place, message in told.items():
        yield Note("wrong", f"{place}: {message}")
