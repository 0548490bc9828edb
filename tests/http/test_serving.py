"""`heard serve` behind a web server and under systemd; read again and stopped while people answer.

The instance is one that a demo has filled; each server is started and stopped by its test.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from app.commands.refusal import Refusal
from app.commands.running import check_socket
from app.web.patient_gunicorn import ENOUGH, REST_SECONDS
from tests.person import Person
from tests.place import Place, write_surveys
from tests.promises.crashing import workers_of
from tests.server import Demo, running_demo, running_serve
from tests.short import SHORT
from tests.walks import walk

pytestmark = pytest.mark.in_turn(2)
PEOPLE = 6
WAIT_SECONDS = 30
CROWD = 60
AS_SYSTEMD = """\
import os, sys
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[1], sys.argv[1:])
"""
SLOW_TO_HEAR = """\
import sys, time
from app.commands import main, server
as_ever = server._stay_on_one_processor
server._stay_on_one_processor = lambda first, own: (time.sleep(1), as_ever(first, own))
main(sys.argv[4:])
"""


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """An instance with a short consultation, and no server."""
    folder = tmp_path_factory.mktemp("serving")
    with running_demo(folder, surveys=write_surveys(folder, small=SHORT)) as demo:
        return demo


class BySocket(http.client.HTTPConnection):
    """A connection to a socket in a folder."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(WAIT_SECONDS)
        self.sock.connect(str(self.path))


class PersonBySocket(Person):
    """Somebody whose requests a web server on the same machine hands on."""

    def __init__(self, path: Path) -> None:
        super().__init__("http://localhost")
        self.path = path

    def connection(self) -> http.client.HTTPConnection:
        return BySocket(self.path)


@pytest.fixture
def by_socket(instance: Demo, tmp_path: Path) -> Iterator[Path]:
    """The socket of a running server."""
    path = tmp_path / "heard.socket"
    with running_serve(instance, arguments=("--unix", str(path)), ready=path.is_socket) as serving:
        yield path
        serving.stop()
        assert not path.exists()


def test_a_walk_through_a_socket(instance: Demo, by_socket: Path) -> None:
    person = PersonBySocket(by_socket)
    person.start(instance.codes("small")[0])

    sent = Place(instance).sent_by(lambda: walk(person, lambda _name: "12"), "small")

    assert len(sent) == 1
    assert sent[0]["answers"]["words"] == "12"


def test_whoever_may_use_the_socket_cannot_move_the_site(instance: Demo, by_socket: Path) -> None:
    """Gunicorn trusts headers that come by a socket in a folder; here nobody may set them."""
    person = PersonBySocket(by_socket)
    moved = {"SCRIPT_NAME": "/elsewhere", "Script-Name": "/elsewhere", "X-Forwarded-Proto": "https"}

    page = person.request("GET", f"/{instance.codes('small')[0]}", headers=moved)

    assert page.status == 200
    assert "elsewhere" not in page.body
    assert stat.S_IMODE(by_socket.stat().st_mode) & 0o007 == 0  # others on the machine stay out


def test_a_socket_where_none_can_be_is_refused(by_socket: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    for path, why in (
        (by_socket, "another program listens there"),
        (tmp_path / "notes", "it is no socket"),
        (tmp_path / "nowhere" / "socket", "there is no folder"),
        (tmp_path / ("long" * 40), "too long"),
    ):
        with pytest.raises(Refusal, match=why) as refused:
            check_socket(path)
        assert "Choose another place" in str(refused.value)
    assert (tmp_path / "notes").read_text() == "mine"


def test_what_a_killed_server_left_is_no_hindrance(instance: Demo, tmp_path: Path) -> None:
    path = tmp_path / "heard.socket"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with running_serve(
        instance, arguments=("--unix", str(path)), ready=lambda: answers(path)
    ) as serving:
        assert "socket" in serving.printed


def answers(path: Path) -> bool:
    with suppress(OSError):
        return PersonBySocket(path).request("GET", "/healthz").status == 200
    return False


def test_systemd_is_told_when_the_site_is_there(instance: Demo, tmp_path: Path) -> None:
    """sd_notify(3): the unit is started when it answers, not before."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(WAIT_SECONDS)
        settings = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
        with running_serve(instance, settings, ready=lambda: True) as serving:
            assert systemd.recv(4096).startswith(b"READY=1")
            assert Person(serving.base).request("GET", "/healthz").status == 200


def test_systemd_may_hand_over_a_socket(instance: Demo) -> None:
    """sd_listen_fds(3): who comes while the server starts again waits, and is refused by nobody."""
    with socket.create_server(("127.0.0.1", 0)) as systemd:
        base = f"http://127.0.0.1:{systemd.getsockname()[1]}"
        early = socket.create_connection(systemd.getsockname())  # before anybody listens to it
        early.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        with running_serve(
            instance,
            {"LISTEN_FDS": "1"},
            wrapper=(sys.executable, "-c", AS_SYSTEMD),
            ready=lambda: True,
            preexec_fn=lambda: os.dup2(systemd.fileno(), 3),
            close_fds=False,
        ) as serving:
            early.settimeout(WAIT_SECONDS)
            assert early.recv(4096).startswith(b"HTTP/1.1 200")
            assert Person(base).open(f"/{instance.codes('small')[0]}").status == 200
            assert "the socket that systemd opened" in serving.printed


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def read_again(serving: Demo) -> None:
    """SIGHUP, until none of the workers from before is left."""
    before = set(workers_of(serving))
    serving.process.send_signal(signal.SIGHUP)
    wait_until(
        lambda: not before.intersection(workers_of(serving)) and len(workers_of(serving)) >= 2
    )


@pytest.mark.requirement("R28")
def test_nothing_is_lost_while_the_server_reads_its_files_again(instance: Demo) -> None:
    """Six people answer without a pause; each of their requests is answered."""
    before = len(Place(instance).rows("small"))
    over: list[bool] = []

    def answer_on_and_on(serving: Demo) -> int:
        sent = 0
        while not over:
            person = Person(serving.base)
            person.start(instance.codes("small")[0])
            walk(person, lambda _name: "12")  # fails when anything else than a page comes
            sent += 1
        return sent

    with running_serve(instance) as serving, ThreadPoolExecutor(PEOPLE) as pool:
        people = [pool.submit(answer_on_and_on, serving) for _ in range(PEOPLE)]
        try:
            for _ in range(2):
                read_again(serving)
        finally:
            over.append(True)
        sent = sum(person.result() for person in people)

    assert sent >= PEOPLE
    assert len(Place(instance).rows("small")) == before + sent


@pytest.mark.requirement("R28")
def test_a_server_that_stops_answers_whoever_is_half_way(instance: Demo) -> None:
    """One whose words are still on their way, and one who has connected and said nothing yet."""
    with running_serve(instance) as serving:
        person = Person(serving.base)
        person.start(instance.codes("small")[0])
        walk(person, lambda _name: "12", until="check")
        host, port = serving.base.removeprefix("http://").split(":")
        page = person.seen
        fields = dict(page.form.fields) | {"action": "send"}
        body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
        head = (
            f"POST {page.form.action or page.path} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Cookie: q={person.cookies['q']}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
        ).encode()
        silent = socket.create_connection((host, int(port)))
        late = socket.create_connection((host, int(port)))
        late.settimeout(WAIT_SECONDS)
        silent.settimeout(WAIT_SECONDS)
        late.sendall(head + body[:10])
        time.sleep(0.5)
        before = len(Place(instance).rows("small"))

        serving.process.terminate()
        time.sleep(1.5)
        late.sendall(body[10:])
        silent.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")

        assert late.recv(4096).startswith(b"HTTP/1.1 303")
        assert silent.recv(4096).startswith(b"HTTP/1.1 200")
        serving.process.wait(WAIT_SECONDS)
    assert len(Place(instance).rows("small")) == before + 1


def test_a_server_that_is_stopped_as_it_begins_does_not_wait_for_workers_that_did_not_hear(
    instance: Demo, tmp_path: Path
) -> None:
    path = tmp_path / "heard.socket"
    with running_serve(
        instance,
        arguments=("--unix", str(path)),
        wrapper=(sys.executable, "-c", SLOW_TO_HEAR),
        ready=path.is_socket,
    ) as serving:
        serving.stop()
        assert serving.process.returncode == 0


def test_the_support_directory_is_read_again_and_a_wrong_one_is_not(tmp_path: Path) -> None:
    with running_demo(tmp_path, surveys=write_surveys(tmp_path, small=SHORT)) as demo:
        person, page = Person(demo.base), "/support?country=GB"
        file = demo.surveys / "support" / "gb.yaml"
        there = file.read_text(encoding="utf-8")
        assert "NAPAC" in person.open(page).words
        file.write_text(there.replace('"NAPAC"', '"A new name"'), encoding="utf-8")

        read_again(demo)

        assert "A new name" in person.open(page).words
        file.write_text("services: [", encoding="utf-8")
        demo.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "Nothing was read again" in demo.printed)
        assert "gb.yaml" in demo.printed
        assert "A new name" in person.open(page).words


# Processors


def processors_of(serving: Demo) -> list[set[int]]:
    """The processors that each worker may use."""
    return [os.sched_getaffinity(number) for number in workers_of(serving)]


def test_each_worker_stays_on_a_processor_of_its_own_also_one_that_came_later(
    instance: Demo,
) -> None:
    there = len(os.sched_getaffinity(0))
    with running_serve(instance) as serving:
        wait_until(lambda: [len(each) for each in processors_of(serving)] == [1, 1])
        assert len(set.union(*processors_of(serving))) == min(2, there)

        killed = workers_of(serving)[0]
        os.kill(killed, signal.SIGKILL)
        wait_until(
            lambda: (
                killed not in workers_of(serving)
                and [len(each) for each in processors_of(serving)] == [1, 1]
            )
        )
        assert len(set.union(*processors_of(serving))) == min(2, there)


def test_a_worker_that_has_enough_leaves_each_next_connection_to_others_for_a_moment(
    instance: Demo,
) -> None:
    """Nobody else takes them here, so all the moments are seen; however slow, it is never less."""
    with running_serve(instance) as serving, ExitStack() as lines:
        wait_until(lambda: len(workers_of(serving)) == 2)
        first, second = workers_of(serving)
        for number in (first, second):
            os.kill(number, signal.SIGSTOP)
        host, port = serving.base.removeprefix("http://").split(":")
        ports = set()
        for _ in range(CROWD):
            line = socket.create_connection((host, int(port)), WAIT_SECONDS)
            ports.add(lines.enter_context(closing(line)).getsockname()[1])

        begun = time.monotonic()
        os.kill(first, signal.SIGCONT)
        wait_until(lambda: ports <= others_of(first))
        assert time.monotonic() - begun > (CROWD - ENOUGH - 1) * REST_SECONDS
        os.kill(second, signal.SIGCONT)


def others_of(number: int) -> set[int]:
    """The ports of those whose connections a process has (proc(5), `/proc/net/tcp`)."""
    opened = {str(each.readlink()) for each in Path(f"/proc/{number}/fd").iterdir()}
    rows = [row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return {int(row[2].rpartition(":")[2], 16) for row in rows if f"socket:[{row[9]}]" in opened}
