"""Heard over Tor: the files of `deploy/`, and how Tor Browser learns of the address."""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.person import Person
from tests.server import Demo
from tests.short import port_of
from tests.walks import step_of

from .conftest import AT_ONCE, ONION
from .front import DEPLOY, Front, nginx, program, replaced


@pytest.fixture(scope="module")
def front(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("onion")
    with nginx(folder, [f"127.0.0.1:{port_of(demo)}"]) as here:
        yield here


def over_tor(front: Front, **headers: str) -> Person:
    """Somebody as Tor hands them on."""
    return Person(f"http://127.0.0.1:{front.onion_port}", headers)


def test_tor_takes_the_file(tmp_path: Path) -> None:
    """With a folder of this test's own; Tor is not started."""
    text = (DEPLOY / "torrc").read_text(encoding="utf-8")
    path = tmp_path / "torrc"
    path.write_text(replaced(text, {"/var/lib/tor/heard/": f"{tmp_path}/heard/"}), encoding="utf-8")
    command = [program("tor"), "--verify-config", "-f", str(path), "--defaults-torrc", "/dev/null"]
    command += ["--DataDirectory", str(tmp_path / "data"), "--User", getpass.getuser()]

    told = subprocess.run(command, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout
    warned = [line for line in told.stdout.splitlines() if "[warn]" in line]
    assert [line for line in warned if "running Tor as root" not in line] == []


def test_tor_leads_to_where_nginx_listens() -> None:
    torrc = (DEPLOY / "torrc").read_text(encoding="utf-8")
    address = (DEPLOY / "nginx-onion.conf").read_text(encoding="utf-8")

    assert "HiddenServicePort 80 127.0.0.1:8081\n" in torrc
    assert "listen 127.0.0.1:8081;\n" in address


def test_somebody_over_tor_begins_and_nobody_there_can_be_told_to_wait(
    front: Front, demo: Demo
) -> None:
    """Whatever a browser says of where it is: else one could stop a place for others."""
    person = over_tor(front, **{"X-Forwarded-For": "127.0.0.77", "Host": ONION[7:]})
    statuses = {person.open("/").status for _ in range(3 * AT_ONCE)}
    assert statuses == {200}

    person.start(demo.codes("small")[0])

    assert step_of(person.seen) == "about"
    assert "Onion-Location" not in person.seen.headers


def test_tor_browser_is_told_before_anybody_began_and_never_after(front: Front, demo: Demo) -> None:
    person, code = Person(front.base), demo.codes("small")[0]
    assert person.open(f"/{code}?language=en").headers["Onion-Location"] == f"{ONION}/{code}"
    assert person.open("/a%0d%0ab%20c").headers["Onion-Location"] == f"{ONION}/a%0D%0Ab%20c"

    begun = person.start(code)

    assert step_of(begun) == "about"
    assert "Onion-Location" not in begun.headers
