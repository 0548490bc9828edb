"""A thousand people answer at the same moment, as behind a web server: nobody is turned away.

Each of them reads a page for some seconds before the next press, opens a connection for each
request and closes it, and answers the whole of internet-safer; then somebody else takes the place.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

import pytest

from config import SHARED_MEMORY
from tests.place import Place, sample_surveys
from tests.promises.crashing import resident_mib, workers_of
from tests.replaying import Client, Request, record_walk, token_in
from tests.server import Demo, drafts_in, running_demo, running_serve

PEOPLE = 1000
SECONDS = 60.0
READING_SECONDS = (3.0, 9.0)
GROWTH_MIB = 24
MOST_MIB = 120e6 / 2**20
"""Of each worker, what all of them share counted in each."""
SEED = 60


@dataclass
class Seen:
    """What all of them met."""

    answers: Counter[int] = field(default_factory=Counter)
    broke_off: Counter[str] = field(default_factory=Counter)
    sent: int = 0


async def somebody(
    port: int, walk: Sequence[Request], seen: Seen, until: float, chance: random.Random
) -> None:
    """One place: people come to it one after the other, and finish what they began."""
    await asyncio.sleep(chance.uniform(0, READING_SECONDS[1]))
    while time.monotonic() < until:
        client = Client(port)
        for request in walk:
            try:
                status, _head, content = await client.ask(request)
            except (OSError, asyncio.IncompleteReadError) as error:
                seen.broke_off[type(error).__name__] += 1
                return
            await client.close()
            seen.answers[status] += 1
            if not client.token and client.cookie:
                client.token = token_in(content)
            if request.method == "GET":
                await asyncio.sleep(chance.uniform(*READING_SECONDS))
        seen.sent += 1


def memory_of(demo: Demo) -> list[int]:
    """Resident memory of each worker, in MiB."""
    return [resident_mib(number) for number in workers_of(demo)]


async def all_of_them(port: int, walk: Sequence[Request], seen: Seen, seconds: float) -> None:
    until = time.monotonic() + seconds
    chance = random.Random(SEED)  # noqa: S311 - how long people of a test read
    await asyncio.gather(*(somebody(port, walk, seen, until, chance) for _ in range(PEOPLE)))


@pytest.mark.thorough
@pytest.mark.timeout(600)
@pytest.mark.requirement("R28", "R35")
def test_a_thousand_people_answer_for_a_minute_and_nothing_is_lost(tmp_path: Path) -> None:
    with (
        tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as memory_folder,  # where drafts are
        running_demo(
            tmp_path,
            surveys=sample_surveys(tmp_path),
            env=drafts_in(memory_folder),
        ) as demo,
        running_serve(demo) as server,
    ):
        place, port = Place(demo), int(server.base.rpartition(":")[2])
        walk = record_walk(server.base, place.code())
        before, seen, in_the_middle = len(place.rows()), Seen(), list[list[int]]()
        # By then each thread of each worker has answered, and what is made once is there.
        middle = Timer(SECONDS / 2, lambda: in_the_middle.append(memory_of(server)))
        middle.start()

        asyncio.run(all_of_them(port, walk, seen, SECONDS))

        in_the_end = memory_of(server)
        stored = len(place.rows()) - before
    assert not seen.broke_off
    assert set(seen.answers) == {200, 303}
    assert seen.sent >= PEOPLE
    assert stored == seen.sent
    assert sum(in_the_end) - sum(in_the_middle[0]) < GROWTH_MIB
    assert max(in_the_end) < MOST_MIB
