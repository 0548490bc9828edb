"""Ten thousand hostile requests: no answer of 500, no traceback, no memory that grows."""

from __future__ import annotations

import http.client
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from tests.person import Person
from tests.place import Place, sample_surveys
from tests.promises.crashing import resident_mib
from tests.promises.story import processes_of
from tests.server import running_demo
from tests.walks import walk

from .hostile import ADDRESSES, BODIES

THREADS = 6
WARM_UP = 300
LONG = 5_000
BOUND_MIB = 24
"""Room for what Python keeps for the next time; 20 KB for each of 10,000 requests are 200 MB."""
WARMING_MIB = 2 * BOUND_MIB
"""The same for a run that is as short as what warms a server up."""
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "FOO")
PATHS = (
    *("/", "/start", "/page/1", "/page/9", "/stop", "/sent", "/support", "/withdraw", "/results"),
    *("/come-back", "/keep", "/pause", "/language/fr", "/media/x", "/static/x.css", "/healthz"),
)
COUNTED_AT = "import app.respond.guessing as guessing; guessing.HOLD_SECONDS = 0.0"
"""An answer that is held back costs this test time, and the server nothing."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server whose memory nobody else uses, behind a web server that names places."""
    folder = tmp_path_factory.mktemp("everything")
    surveys, env = sample_surveys(folder), {"HEARD_PROXIES": "1"}
    with running_demo(folder, surveys=surveys, env=env, first=COUNTED_AT) as demo:
        yield Place(demo)


def resident(place: Place) -> dict[int, int]:
    """MiB in memory of each process that serves, by its number."""
    found = {}
    for process in processes_of(place.demo.instance, place.demo.process.pid):
        with suppress(OSError):
            found[process] = resident_mib(process)
    return found


def attack(place: Place, seed: int, count: int) -> Counter[int]:
    """So many mixed requests over a connection that stays open; how each was answered."""
    dice, seen = random.Random(seed), Counter[int]()  # noqa: S311 - a test that repeats
    nobody, somebody = Person(place.demo.base), place.person()
    bodies = [hostile for hostile in BODIES.values() if len(hostile.body) < 600_001]
    line = http.client.HTTPConnection(nobody.host, timeout=60)
    for _ in range(count):
        hostile = dice.choice(bodies)
        method = dice.choice(METHODS)
        path = dice.choice([*PATHS, *ADDRESSES.values(), f"/{dice.randrange(10**9)}"])
        headers = {
            **hostile.headers,
            "X-Forwarded-For": f"203.0.{dice.randrange(256)}.{dice.randrange(256)}",
            "Accept-Language": dice.choice(["fr", "xx" * 500, "*", "\xff", "en;q=nan"]),
            "Host": dice.choice([nobody.host, "elsewhere.example"]),
        }
        cookie = dice.choice(["", *(f"q={c}" for c in ("A" * 43, str(dice.random()), "%00"))])
        who = dice.choice(["", "somebody"])
        if who and somebody.cookies:
            cookie = f"q={somebody.cookies['q']}"
        body = hostile.full(urlencode({"code": dice.randrange(10**9)})) if method != "GET" else None
        status = ask(line, method, path, body, {**headers, "Cookie": cookie})
        seen[status] += 1
    line.close()
    return seen


def ask(
    line: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str],
) -> int:
    """One request; 0 when the server closed the connection on it."""
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        line.close()
        return 0
    return answer.status


def attack_at_once(place: Place, count: int, seed: int) -> Counter[int]:
    with ThreadPoolExecutor(THREADS) as attackers:
        all_seen = attackers.map(
            lambda which: attack(place, seed + which, count // THREADS), range(THREADS)
        )
        return sum(all_seen, Counter[int]())


@pytest.mark.parametrize(
    "count",
    [pytest.param(900, id="900"), pytest.param(10_000, marks=pytest.mark.thorough, id="10000")],
)
def test_under_hostile_requests_memory_stays_and_nothing_is_an_error(
    place: Place, count: int
) -> None:
    attack_at_once(place, max(WARM_UP, count // 3), 1)
    before, printed = resident(place), place.demo.printed

    seen = attack_at_once(place, count, 1000)

    after = resident(place)
    assert set(after) == set(before), "a process ended, or was started again"
    grown = {process: after[process] - before[process] for process in before}
    assert max(grown.values()) < (BOUND_MIB if count > LONG else WARMING_MIB), grown
    assert len(before) >= 3
    assert sum(seen.values()) > count * 0.98
    assert not [status for status in seen if status >= 500], seen
    assert {200, 303, 400, 403, 404, 413} <= set(seen)
    assert seen[0] < count / 10, seen
    assert "ERROR" not in place.demo.printed.removeprefix(printed)
    assert "Traceback" not in place.demo.printed


def test_after_it_a_person_answers_as_ever(place: Place) -> None:
    person = place.person()

    (sent,) = place.sent_by(lambda: walk(person))

    assert sent["ended"] == "complete"
