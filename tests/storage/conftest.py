"""Real databases for every test: SQLite files, and a PostgreSQL server where there is one."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from app.storage import Storage, StoredDefinition, StoredResponse, open_storage, upgrade

CHILD_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def _postgresql_programs() -> Path | None:
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (beside[-1] if beside else None)
    return Path(found).parent if found else None


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    """The socket folder of a PostgreSQL server of our own, which nothing else can reach."""
    pytest.importorskip("psycopg")
    programs = _postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="heard-pg-"))
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "postgres"
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    cluster = folder / "cluster"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    run(str(programs / "initdb"), "-D", str(cluster), "-U", "heard", "-A", "trust", "-E", "UTF8")
    options = f"-c listen_addresses= -c unix_socket_directories={folder}"
    control = (str(programs / "pg_ctl"), "-D", str(cluster), "-w", "-l", str(folder / "log"))
    run(*control, "-o", options, "start")
    yield folder
    run(*control, "-m", "immediate", "stop")
    shutil.rmtree(folder)


_database_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The addresses of a responses and a drafts database, both made and empty."""
    if request.param == "sqlite":
        return sqlite_addresses(tmp_path / "instance")
    import psycopg  # noqa: PLC0415 - only where there is a server

    folder = request.getfixturevalue("postgresql_server")
    name = f"heard{next(_database_numbers)}"
    with psycopg.connect(f"host={folder} user=heard dbname=postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
    # One database for both: the two sets of tables must not get into each other's way.
    url = f"postgresql+psycopg://heard@/{name}?host={folder}"
    upgrade(url, url)
    return url, url


def sqlite_addresses(folder: Path) -> tuple[str, str]:
    """Make both databases as files in `folder`."""
    urls = (f"sqlite:///{folder / 'heard.sqlite3'}", f"sqlite:///{folder / 'drafts.sqlite3'}")
    upgrade(*urls)
    return urls


@pytest.fixture
def storage(addresses: tuple[str, str]) -> Iterator[Storage]:
    """An empty storage, on each kind of database in turn."""
    opened = open_storage(*addresses)
    yield opened
    opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The folder of an empty storage in SQLite files."""
    sqlite_addresses(tmp_path / "instance")
    return tmp_path / "instance"


@pytest.fixture
def sqlite_storage(files: Path) -> Iterator[Storage]:
    """An empty storage in SQLite files."""
    opened = storage_in(files)
    yield opened
    opened.close()


def storage_in(folder: Path, wait: float | None = None) -> Storage:
    """The storage in `folder`, waiting at most `wait` seconds for a lock."""
    ending = "" if wait is None else f"?timeout={wait}"
    return open_storage(
        f"sqlite:///{folder / 'heard.sqlite3'}{ending}",
        f"sqlite:///{folder / 'drafts.sqlite3'}{ending}",
    )


def make_response(envelope: bytes | None = None) -> StoredResponse:
    """A response with random bytes in place of a seal, as long as one of the first class."""
    return StoredResponse(os.urandom(16), envelope or os.urandom(5335), os.urandom(32))


def make_definition(version: int = 1, consultation: str = "internet-safer") -> StoredDefinition:
    """A definition as storage sees it: text under a digest."""
    return StoredDefinition(
        f"sha256:{consultation}-{version}", consultation, version, f'{{"version":{version}}}'
    )


def bytes_in(folder: Path) -> bytes:
    """Everything in every file of `folder`, journals and logs included."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
