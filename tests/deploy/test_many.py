"""Several servers behind nginx share nothing but the databases; nobody is bound to one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.person import Person
from tests.place import write_surveys
from tests.postgresql import new_database, running_postgresql
from tests.server import Demo, running_demo, running_serve
from tests.short import SHORT, port_of
from tests.walks import step_of, walk

from .front import DEPLOY, nginx, servers_line
from .going_on import begun, kill


@contextmanager
def on_postgresql(folder: Path) -> Iterator[Demo]:
    """An instance whose responses and drafts are in PostgreSQL."""
    with running_postgresql() as server:
        url = new_database(server)
        env = {"HEARD_DATABASE_URL": url, "HEARD_DRAFTS_URL": url, "HEARD_HTTPS": "on"}
        surveys = write_surveys(folder, small=SHORT)
        with running_demo(folder, surveys=surveys, env=env) as demo:
            yield demo


@pytest.mark.thorough
def test_each_of_two_servers_on_postgresql_goes_on_with_what_the_other_began(
    tmp_path: Path,
) -> None:
    """Neither has the other's folder: what they share is the database and the secret."""
    (tmp_path / "front").mkdir()
    with on_postgresql(tmp_path) as demo, ExitStack() as running:
        code = demo.codes("small")[0]
        shared = {"HEARD_SECRET_KEY": "0123456789abcdef0123456789abcdef"}
        servers = []
        for number in range(2):
            own = {"HEARD_INSTANCE": str(tmp_path / f"instance-{number}"), **shared}
            servers.append(running.enter_context(running_serve(demo, own)))
        demo.stop()
        ports = [f"127.0.0.1:{port_of(server)}" for server in servers]
        front = running.enter_context(nginx(tmp_path / "front", ports))

        alternating(servers, lambda: begun(front.base, code, "page:second"))


def alternating(servers: list[Demo], begin: Callable[[], Person]) -> None:
    """People begin with both; one server is killed, and everybody goes on with the other."""
    people = [begin() for _ in range(6)]
    kill(servers[0])
    for person in people:
        assert step_of(person.seen) == "page:second"
        walk(person, lambda _name: "3")

    assert [person.seen.path for person in people] == ["/sent"] * 6


def test_the_file_shows_how_to_add_a_server() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")

    assert f"#{servers_line('127.0.0.1:8001')}" in text
    assert re.search(r"both need the same PostgreSQL, the same HEARD_SECRET_KEY", text)
