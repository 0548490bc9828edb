"""Several processes at once, and processes that are killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.storage import Storage, StoredResponse

from .conftest import CHILD_ENVIRONMENT, make_response, storage_in

# Prints the id of each response after it was acknowledged.
WRITER = """
import os, sys
from app.storage import StoredResponse, open_storage

folder = sys.argv[1]
storage = open_storage(f"sqlite:///{folder}/heard.sqlite3", f"sqlite:///{folder}/drafts.sqlite3")
for _ in range(int(sys.argv[2])):
    response = StoredResponse(os.urandom(16), os.urandom(5335), os.urandom(32))
    storage.keep_response("internet-safer", response)
    storage.write_draft(response.withdrawal_tag, response.envelope)
    storage.delete_draft(response.withdrawal_tag)
    print(response.id.hex(), flush=True)
"""


def start_writer(files: Path, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(files), str(number)],
        stdout=subprocess.PIPE,
        text=True,
        env=CHILD_ENVIRONMENT,
    )


def ids(storage: Storage) -> set[str]:
    return {response.id.hex() for response in storage.responses("internet-safer")}


def test_two_processes_write_at_once(files: Path) -> None:
    writers = [start_writer(files, 150) for _ in range(2)]

    acknowledged = [writer.communicate(timeout=120)[0].split() for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0]
    assert [len(each) for each in acknowledged] == [150, 150]
    assert ids(storage_in(files)) == set(acknowledged[0]) | set(acknowledged[1])


@pytest.mark.parametrize("written", [5, 18, 41])
def test_a_killed_process_loses_nothing_that_was_acknowledged(files: Path, written: int) -> None:
    writers = [start_writer(files, 100_000) for _ in range(2)]
    outputs = [writer.stdout for writer in writers if writer.stdout is not None]
    lines = [output.readline() for output in outputs for _ in range(written)]

    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    for output in outputs:
        lines += output.readlines()
    # A line that was cut by the kill was acknowledged too, but its id is not readable.
    acknowledged = {line.strip() for line in lines if line.endswith("\n")}

    storage = storage_in(files)
    assert len(acknowledged) >= 2 * written
    assert acknowledged <= ids(storage)
    for writer in writers:
        assert writer.wait(timeout=60) == -signal.SIGKILL
    storage.write_draft(b"d" * 32, b"words")
    assert storage.read_draft(b"d" * 32) == b"words"
    for name in ("heard.sqlite3", "drafts.sqlite3"):
        with sqlite3.connect(files / name) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_storage_made_before_a_fork_serves_parent_and_child(storage: Storage) -> None:
    """On PostgreSQL too: a connection shared by two processes mixes up their answers."""
    storage.keep_response("internet-safer", make_response())
    child = os.fork()
    if child == 0:
        try:
            for _ in range(20):
                storage.keep_response("internet-safer", make_response())
            os._exit(0)
        except BaseException:
            os._exit(1)
    for _ in range(20):
        storage.keep_response("internet-safer", make_response())

    assert os.waitpid(child, 0)[1] == 0
    assert storage.count("internet-safer") == 41


def test_compacting_while_others_write_loses_nothing(files: Path) -> None:
    storage = storage_in(files)
    writer = start_writer(files, 150)
    kept: list[StoredResponse] = []
    while writer.poll() is None:
        storage.compact()
        kept.append(make_response())
        storage.keep_response("internet-safer", kept[-1])
        time.sleep(0.05)

    acknowledged = set(writer.communicate(timeout=60)[0].split())

    assert writer.returncode == 0
    assert len(kept) > 1
    assert ids(storage) == acknowledged | {response.id.hex() for response in kept}
