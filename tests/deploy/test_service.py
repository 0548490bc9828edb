"""The units of `deploy/`: systemd thinks them safe, and Heard runs as they confine it."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.http.test_serving import PersonBySocket
from tests.server import ROOT, Demo, running_serve
from tests.short import port_of
from tests.walks import walk

from . import confined
from .front import DEPLOY, nginx, program
from .going_on import begun, kill

KINDS = (".service", ".socket", ".timer")
UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in KINDS)
MOST_EXPOSED = 0.5
"""Of 10, on systemd's own scale."""


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    """With programs in place of those that are not installed here, and without a finding."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/heard/.venv/bin/heard", "/bin/true"))

    found = subprocess.run(
        [program("systemd-analyze"), "verify", *(str(tmp_path / name) for name in UNITS)],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:/lib/systemd/system"},
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in found.stderr.splitlines() if "heard" in line]
    assert (found.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_systemd_thinks_them_safe(name: str) -> None:
    command = [program("systemd-analyze"), "security", "--offline=true", "--no-pager"]
    told = subprocess.check_output([*command, str(DEPLOY / name)], text=True)
    level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)

    assert level
    print(f"{name}: exposure {level[1]} of 10")
    assert float(level[1]) <= MOST_EXPOSED, told


@dataclass
class Confined:
    """A server as the unit confines it, and the socket by which it is reached."""

    demo: Demo
    serving: Demo
    door: Path


@pytest.fixture(scope="module")
def server(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Confined]:
    door = tmp_path_factory.mktemp("confined") / "door"
    wrapper = (sys.executable, confined.__file__, str(DEPLOY / "heard.service"), str(door))

    def answers() -> bool:
        with suppress(OSError, http.client.HTTPException):
            return PersonBySocket(door).open("/healthz").status == 200
        return False

    words = ("--workers", "2")
    with running_serve(demo, arguments=words, wrapper=wrapper, ready=answers) as serving:
        yield Confined(demo, serving, door)


def test_heard_answers_as_its_unit_confines_it(server: Confined) -> None:
    person = PersonBySocket(server.door)
    person.start(server.demo.codes("small")[0])
    walk(person, lambda _name: "3")
    status = Path(f"/proc/{server.serving.process.pid}/status").read_text(encoding="ascii")

    assert person.seen.path == "/sent"
    assert re.search(r"^Seccomp:\t2$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\t1$", status, re.MULTILINE)
    assert "rror" not in server.serving.printed, server.serving.printed


def test_the_confinement_of_these_tests_holds(tmp_path: Path) -> None:
    """Else a server that answers in it would prove nothing."""
    tries = """
import ctypes, errno, mmap, os, socket
def refused(act):
    try: act()
    except PermissionError: return "refused"
    return "done"
print(refused(lambda: socket.socket(socket.AF_INET)))
print(refused(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)))
print(refused(lambda: os.chown("/", 0, 0)))
print(refused(lambda: os.setpriority(os.PRIO_PROCESS, 0, 5)))
print(refused(lambda: socket.socket(socket.AF_UNIX)))
"""
    command = [sys.executable, confined.__file__, str(DEPLOY / "heard.service")]
    told = subprocess.check_output(
        [*command, str(tmp_path / "door"), sys.executable, "-c", tries], text=True, cwd=ROOT
    )

    assert told.split() == ["refused"] * 4 + ["done"]


def test_the_script_runs_a_command_as_the_service_does(tmp_path: Path) -> None:
    """`env` stands in place of becoming the user heard; the program tells what it was given."""
    (tmp_path / "heard.env").write_text((DEPLOY / "heard.env").read_text(encoding="utf-8"))
    program_ = tmp_path / "heard"
    program_.write_text('#!/bin/sh\nenv | grep ^HEARD_ | sort; umask; printf "%s\\n" "$@"\n')
    program_.chmod(0o755)
    text = (DEPLOY / "heard").read_text(encoding="utf-8")
    for old, new in (
        ("/etc/heard/heard.env", str(tmp_path / "heard.env")),
        ("runuser -u heard -- ", "env "),
        ("/opt/heard/.venv/bin/heard", str(program_)),
    ):
        assert old in text
        text = text.replace(old, new)
    told = subprocess.check_output(["sh", "-c", text, "heard", "start", "two words"], text=True)

    assert told.splitlines() == [
        *("HEARD_HTTPS=on", "HEARD_INSTANCE=/var/lib/heard", "HEARD_PROXIES=1"),
        *("HEARD_SURVEYS=/etc/heard/surveys", "0077", "start", "two words"),
    ]
    assert os.access(DEPLOY / "heard", os.X_OK)


@pytest.mark.thorough
def test_a_backup_is_made_as_its_unit_confines_it(demo: Demo, tmp_path: Path) -> None:
    unit, made = DEPLOY / "heard-backup.service", tmp_path / "next"
    (started,) = confined.settings(unit)["ExecStart"]
    words = started.replace("/etc/heard/backup.pub", str(demo.key.with_suffix(".pub"))).split()[1:]
    given = [word.replace("/var/lib/heard-backup/next", str(made)) for word in words]
    command = [sys.executable, confined.__file__, str(unit), str(tmp_path / "door"), sys.executable]

    told = subprocess.run(
        [*command, "-m", "app.commands", *given],
        cwd=ROOT,
        env=demo.env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr
    assert made.stat().st_size > 0


def test_one_of_two_servers_is_killed_and_everybody_goes_on(
    server: Confined, tmp_path: Path
) -> None:
    """The last test with this server. Of four people some stand at each, one behind a socket."""
    both = [f"127.0.0.1:{port_of(server.demo)}", f"unix:{server.door}"]
    with nginx(tmp_path, both) as front:
        code = server.demo.codes("small")[0]
        people = [begun(front.base, code, "page:second") for _ in range(4)]
        kill(server.serving)
        for person in people:
            walk(person, lambda _name: "3")

    assert [person.seen.path for person in people] == ["/sent"] * 4
