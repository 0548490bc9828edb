"""Running Heard: the demo, and the production server."""

from __future__ import annotations

import datetime as dt
import os
import socket
from dataclasses import replace
from pathlib import Path

import click

from app.consultation import Definition, text_in
from app.sealing import KeyFileError, public_key_from_text, write_key_pair
from app.storage import Storage
from config import Config

from .instance import configured, instance_option, opened
from .opening import entries_in_order, load, publish
from .private_memory import keep_memory_private
from .refusal import Refusal

DEMO_PASSPHRASE = "demo"  # noqa: S105 - printed for everyone to see
DEMO_KEYS = "demo-keys"
DEMO_NAME = "researcher"
WORKERS = 2


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--kiosk", is_flag=True, help="As on a tablet that is passed around in a group.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As on this day, such as the day after a promise.",
)
@instance_option
def demo(port: int, kiosk: bool, today: dt.datetime | None, instance: Path | None) -> None:
    """See it all: throw-away keys, the sample consultations opened, a server on this machine."""
    config = configured(instance, demo=True)
    day = today.date() if today else None
    config = replace(config, kiosk=kiosk or config.kiosk, today=day)
    check_port("127.0.0.1", port)
    storage = opened(config)
    private_key, public_key = _demo_keys(config)
    recipient = public_key_from_text(public_key.read_text(encoding="utf-8"))
    base = f"http://127.0.0.1:{port}"
    for path in sorted(config.surveys.glob("*.yaml")):
        definition = load(config.surveys, path.stem)
        publish(storage, definition, [recipient])
        _tell(storage, definition, base)
    click.echo(f"Key: {private_key}")
    click.echo(f"Passphrase: {DEMO_PASSPHRASE}")
    click.echo("These keys and duties are examples: do not ask real people with them.")
    click.echo(f"Open {base} in a browser. Press Ctrl+C here to stop.")
    storage.close()
    _serve(config, address_of("127.0.0.1", port), WORKERS)


def _tell(storage: Storage, definition: Definition, base: str) -> None:
    if definition.access == "single_use_code":
        click.echo(f"{definition.consultation}: a code for each person")
        click.echo(f"heard cards {definition.consultation} --count 8 --address https://example.org")
        click.echo()
        return
    labels = {collector.name: collector.label for collector in definition.collectors}
    for entry in entries_in_order(storage, definition):
        place = text_in(labels.get(entry.collector or ""), "en")
        click.echo(definition.consultation + (f", {place}" if place else ""))
        click.echo(f"Address: {base}/{entry.code}")
    click.echo()


def _demo_keys(config: Config) -> tuple[Path, Path]:
    folder = config.instance / DEMO_KEYS
    paths = folder / f"{DEMO_NAME}.key", folder / f"{DEMO_NAME}.pub"
    if all(path.exists() for path in paths):
        return paths
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        return write_key_pair(folder, DEMO_NAME, DEMO_PASSPHRASE)
    except KeyFileError as error:
        raise Refusal(str(error)) from None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--unix",
    type=click.Path(path_type=Path),
    help="Listen on this socket in a folder instead, for a web server on the same machine.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=WORKERS, show_default=True)
@instance_option
def serve(host: str, port: int, unix: Path | None, workers: int, instance: Path | None) -> None:
    """Run the production server.

    systemd may open the socket itself (`LISTEN_FDS`), and is told when the site is there
    (`Type=notify`). SIGHUP has the support directory read again; SIGTERM stops it when everybody
    who is being answered has their answer.
    """
    config = configured(instance)
    if unix is not None:
        check_socket(unix)
    elif not is_given_a_socket():
        check_port(host, port)
    opened(config).close()
    where = f"the socket {unix}" if unix else f"http://{address_of(host, port)}"
    if is_given_a_socket():
        where = "the socket that systemd opened"
    click.echo(f"Heard is at {where}. Press Ctrl+C to stop.")
    _serve(config, f"unix:{unix}" if unix else address_of(host, port), workers)


def address_of(host: str, port: int) -> str:
    """Write a host and a port as addresses do: `127.0.0.1:8000`, `[::1]:8000`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_given_a_socket() -> bool:
    """Whether systemd hands over a socket that it opened (sd_listen_fds(3))."""
    return os.environ.get("LISTEN_PID") == str(os.getpid())


def check_socket(path: Path) -> None:
    """Say kindly that there can be no socket at a path, before anything else starts.

    Raises `Refusal`. What a server left there that is gone is no hindrance.
    """
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            if path.parent.is_dir() and (path.is_socket() or not path.exists()):
                return
            what = "it is no socket" if path.exists() else f"there is no folder {path.parent}"
        except OSError as error:
            what = error.strerror or str(error)  # what the system says of a path too long
        else:
            what = "another program listens there"
    raise Refusal(
        f"There can be no socket at {path}: {what}. Choose another place with --unix, such as "
        "/run/heard/socket."
    )


def check_port(host: str, port: int) -> None:
    """Say kindly that a port is taken, before anything else starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(
                f"Port {port} on {host} cannot be used: {error.strerror}. "
                "Choose another one with --port (make run: PORT=8001)."
            ) from None


def _serve(config: Config, bind: str, workers: int) -> None:
    from flask.helpers import get_debug_flag  # noqa: PLC0415 - as below

    from .server import Server  # noqa: PLC0415 - the other commands start faster without Flask

    if get_debug_flag():
        raise Refusal(
            "FLASK_DEBUG is on: errors would show what people typed. Take it out of the "
            "environment, and start again."
        )
    keep_memory_private()
    Server(config, bind, workers).run()
