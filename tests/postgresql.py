"""A real PostgreSQL server of a test's own, which nothing else can reach."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

_numbers = count(1)


def _programs() -> Path:
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (beside[-1] if beside else None)
    if found is None:
        pytest.skip("PostgreSQL is not installed")
    return Path(found).parent


@contextmanager
def running_postgresql(settings: Mapping[str, str] | None = None) -> Iterator[Path]:
    """Run a server; yields the folder of its socket, its files (`cluster`) and its log (`log`).

    Args:
        settings: of the server, beside those that keep it to itself.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="heard-pg-"))
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "postgres"
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    cluster = folder / "cluster"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    make = ("-U", "heard", "-A", "trust", "-E", "UTF8", "--wal-segsize=1", "--no-sync")
    run(str(programs / "initdb"), "-D", str(cluster), *make)
    given = {"listen_addresses": "''", "unix_socket_directories": f"{folder}", **(settings or {})}
    with (cluster / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = {_quoted(value)}\n" for name, value in given.items())
    control(folder, "start")
    try:
        yield folder
    finally:
        control(folder, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def control(folder: Path, *words: str) -> None:
    """Start a server again, or stop it: `-m fast stop` in order, `-m immediate stop` as a crash."""
    user = "postgres" if os.geteuid() == 0 else None
    where = ("-D", str(folder / "cluster"), "-w", "-l", str(folder / "log"))
    command = (str(_programs() / "pg_ctl"), *where, *words)
    subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)


def _quoted(value: str) -> str:
    return value if value.startswith("'") else f"'{value}'"


def new_database(folder: Path, like: str = "template1") -> str:
    """Make a database on a running server; its address for SQLAlchemy.

    Args:
        folder: of the server's socket.
        like: the name of the database that is copied; by default, an empty one.
    """
    name = f"heard{next(_numbers)}"
    with psycopg.connect(connection_of(folder, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
    return f"postgresql+psycopg://heard@/{name}?host={folder}"


def name_of(url: str) -> str:
    """The name of the database at an address."""
    return url.partition("@/")[2].partition("?")[0]


def connection_of(folder: Path, name: str) -> str:
    """What psycopg connects with."""
    return f"host={folder} user=heard dbname={name}"


def plain(url: str) -> str:
    """The address as psycopg wants it."""
    return url.replace("postgresql+psycopg://", "postgresql://")
