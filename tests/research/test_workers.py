"""Opening in several processes gives what one gives, and none is left behind with the key."""

from __future__ import annotations

import csv
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands.private_memory import keep_memory_private
from app.research import Stopped, Wanted, Workers, open_bundle, unseal
from app.research.workers import FEWEST
from app.sealing import PrivateKey, seal

from .conftest import CONSULTATION, KEY, Table, bundle_of, make_definition, make_document, sealed

ASKED = make_definition([{"name": "words", "type": "text"}, {"name": "age", "type": "integer"}])
TWO = Workers(2, keep_memory_private)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many responses as it takes to start processes, and a few that do not open."""
    path = tmp_path_factory.mktemp("many") / "many.heard"
    other = PrivateKey.generate().public_key("somebody else")
    rows = [
        sealed(make_document(ASKED, answers={"words": f"text {number}", "age": number}))
        for number in range(FEWEST)
    ]
    rows += [(os.urandom(16), seal(b"{}", CONSULTATION, [other])), sealed(b"no document")]
    bundle_of(path, [ASKED], rows)
    return path


def texts_in(folder: Path) -> list[tuple[str, ...]]:
    with (folder / "texts.csv").open(encoding="utf-8-sig", newline="") as file:
        return sorted(tuple(row) for row in csv.reader(file))


def test_two_processes_give_what_one_gives(many: Path, tmp_path: Path) -> None:
    with open_bundle(many) as bundle:
        alone = unseal([bundle], KEY, tmp_path / "alone")
        together = unseal([bundle], KEY, tmp_path / "together", wanted=Wanted(workers=TWO))

    assert together.rows == alone.rows == FEWEST
    assert together.not_opened == alone.not_opened
    assert sum(alone.not_opened.values()) == 2
    one, two = (Table.in_folder(tmp_path / name) for name in ("alone", "together"))
    assert sorted(one.column("age")) == sorted(two.column("age"))
    assert one.column("age") != two.column("age")
    assert texts_in(tmp_path / "alone") == texts_in(tmp_path / "together")
    assert multiprocessing.active_children() == []


def test_a_process_that_is_ended_stops_the_rest_and_leaves_nothing(
    many: Path, tmp_path: Path
) -> None:
    def ending(ids: Iterator[bytes], _total: int) -> Iterator[bytes]:
        for number, each in enumerate(ids):
            if number == FEWEST // 2:
                for child in multiprocessing.active_children():
                    child.kill()
            yield each

    with open_bundle(many) as bundle, pytest.raises(Stopped, match="again"):
        unseal([bundle], KEY, tmp_path / "set", ending, Wanted(workers=TWO))

    assert list(tmp_path.iterdir()) == []


WAITS = """
import sys, time
from pathlib import Path
from app.research import Wanted, Workers, open_bundle, unseal
from app.sealing import PrivateKey

def slowly(ids, total):
    for number, each in enumerate(ids):
        if number == total - 1:
            print("waiting", flush=True)
            time.sleep(60)
        yield each

if __name__ == "__main__":
    key = PrivateKey.from_seed(bytes.fromhex(sys.argv[2]))
    with open_bundle(Path(sys.argv[1])) as bundle:
        unseal([bundle], key, Path(sys.argv[3]), slowly, Wanted(workers=Workers(2)))
"""


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks as Linux shows it")
def test_no_process_stays_when_the_one_that_started_it_is_killed(
    many: Path, tmp_path: Path
) -> None:
    script = tmp_path / "waits.py"
    script.write_text(WAITS)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, str(script), str(many), KEY.seed.hex(), str(tmp_path / "set")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "waiting\n"
        tasks = Path(f"/proc/{started.pid}/task").glob("*/children")
        children = [int(child) for task in tasks for child in task.read_text().split()]
        assert len(children) >= 2
        started.kill()
    until = time.monotonic() + 20
    while any(map(_runs, children)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(_runs, children))


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
