"""Real databases for every test: SQLite files, and a PostgreSQL server where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage import Storage, StoredDefinition, StoredResponse, open_storage, upgrade
from tests.postgresql import name_of, new_database, running_postgresql

CHILD_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    """The folder of a PostgreSQL server of our own, which nothing else can reach."""
    with running_postgresql() as folder:
        yield folder


@pytest.fixture(scope="session")
def made_once(postgresql_server: Path) -> str:
    """The name of a database with all tables and nothing in them: making them takes long."""
    url = new_database(postgresql_server)
    # One database for both: the two sets of tables must not get into each other's way.
    upgrade(url, url)
    return name_of(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The addresses of a responses and a drafts database, both made and empty."""
    if request.param == "sqlite":
        return sqlite_addresses(tmp_path / "instance")
    like = request.getfixturevalue("made_once")
    url = new_database(request.getfixturevalue("postgresql_server"), like)
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
