"""Debian's nginx and Caddy with the files of `deploy/`, in front of a real server.

What a test puts in place of what the files say: ports, the name, the certificate, the user, and the
folders, all inside a folder of its own. Everything else runs as an operator would run it.
"""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from tests.certificate import certificate
from tests.server import ROOT, START_SECONDS, STOP_SECONDS, free_port

DEPLOY = ROOT / "deploy"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
NAME = "heard.example"
SOCKET = "unix:/run/heard.socket"


@dataclass
class Front:
    """A web server in front: where people reach it, and what it may write."""

    port: int
    plain_port: int
    folder: Path
    configuration: Path
    process: subprocess.Popen[bytes]
    onion_port: int = 0

    @property
    def base(self) -> str:
        """Its address over HTTPS."""
        return f"https://localhost:{self.port}"

    @property
    def processes(self) -> list[int]:
        """The numbers of its processes."""
        return family(self.process.pid)


def family(number: int) -> list[int]:
    """The numbers of a process and of those that it started itself."""
    children = Path(f"/proc/{number}/task/{number}/children")
    return [number, *map(int, children.read_text(encoding="ascii").split())]


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """Put other words in place of some; each has to be there."""
    for old, new in changes.items():
        assert old in text, f"{old} is not in the file any more"
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(folder: Path, behind: Sequence[str]) -> Iterator[Front]:
    """Run nginx with `deploy/nginx.conf`.

    Args:
        folder: an empty folder, where everything that it may write is.
        behind: the addresses of the servers, as nginx writes them.
    """
    port, plain_port, onion_port = free_port(), free_port(), free_port()
    shown = certificate()
    lines = "".join(f"{kind}_temp_path {folder / kind};\n" for kind in TEMPORARY)
    servers = [servers_line(each) for each in behind]
    live = f"/etc/letsencrypt/live/{NAME}"
    changes = {
        "user www-data;": f"user {pwd.getpwuid(os.geteuid()).pw_name};",
        "pid /run/nginx.pid;": f"pid {folder / 'nginx.pid'};",
        "worker_processes auto;": "worker_processes 2;",
        "http {\n": f"http {{\n{lines}",
        servers_line(SOCKET): "\n".join(servers),
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        f"{live}/fullchain.pem": str(shown.certificate),
        f"{live}/privkey.pem": str(shown.key),
        f"https://{NAME}": f"https://localhost:{port}",
        NAME: "localhost",
        "include /etc/nginx/heard-onion.conf*;": f"include {folder / 'onion.conf'};",
        "/opt/heard/deploy/nginx-away.conf": str(folder / "away.conf"),
    }
    path = folder / "nginx.conf"
    _place("nginx.conf", path, changes)
    _place("nginx-away.conf", folder / "away.conf", {"/opt/heard/deploy": str(DEPLOY)})
    onion = {
        "127.0.0.1:8081": f"127.0.0.1:{onion_port}",
        "/opt/heard/deploy/nginx-away.conf": str(folder / "away.conf"),
    }
    _place("nginx-onion.conf", folder / "onion.conf", onion)
    command = [program("nginx"), "-p", str(folder), "-c", str(path), "-g", "daemon off;"]
    with _running(command, folder, {}) as process:
        front = Front(port, plain_port, folder, path, process, onion_port)
        _wait_until_it_listens(front)
        for kind in TEMPORARY:  # nobody can write there any more: whoever tries has an error
            (folder / kind).rmdir()
        yield front


def _place(name: str, path: Path, changes: Mapping[str, str]) -> None:
    """Write a file of `deploy/` where a test has it read."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    path.write_text(replaced(text, changes), encoding="utf-8")


def servers_line(address: str) -> str:
    """The line of a server in `deploy/nginx.conf`."""
    return f"server {address} max_fails=1 fail_timeout=2s;"


@contextmanager
def caddy(folder: Path, behind: str) -> Iterator[Front]:
    """Run Caddy with `deploy/Caddyfile`; arguments as for `nginx`."""
    port, plain_port = free_port(), free_port()
    shown = certificate()
    changes = {
        "\tadmin off\n": f"\tadmin off\n\thttps_port {port}\n\thttp_port {plain_port}\n"
        "\tdefault_bind 127.0.0.1\n\tskip_install_trust\n",
        "\ttls {\n": f"\ttls {shown.certificate} {shown.key} {{\n",
        NAME: f"localhost:{port}",
        "unix//run/heard.socket": behind,
        "/opt/heard/deploy": str(DEPLOY),
    }
    path = folder / "Caddyfile"
    _place("Caddyfile", path, changes)
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(path)]
    with _running(command, folder, home) as process:
        front = Front(port, plain_port, folder, path, process)
        _wait_until_it_listens(front)
        yield front


def program(name: str) -> str:
    """Where one of Debian's programs is; `tests/install-programs.sh` installs it."""
    found = which(name) or which(name, path="/usr/sbin:/usr/bin:/sbin")
    assert found, f"{name} is not installed: sh tests/install-programs.sh"
    return found


@contextmanager
def _running(
    command: Sequence[str], folder: Path, env: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "printed.txt").open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **env, "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _wait_until_it_listens(front: Front) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if front.process.poll() is not None:
            break
        try:
            for port in (front.port, front.plain_port):
                socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except OSError:
            time.sleep(0.02)
    printed = (front.folder / "printed.txt").read_text(encoding="utf-8")
    raise RuntimeError(f"It did not start:\n{printed}")
