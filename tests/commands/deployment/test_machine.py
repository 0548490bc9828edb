"""`heard doctor` on the machine: each finding, from what a machine's files say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.commands.deployment.machine import Machine, machine_notes
from app.sealing import kept_signing_key
from app.storage import upgrade
from config import Config, read_config

SWAPS = "Filename\tType\tSize\tUsed\tPriority\n"
LIMITS = "Limit  Soft Limit  Hard Limit  Units\nMax core file size        {}  unlimited  bytes\n"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("HEARD_INSTANCE", str(tmp_path / "instance"))
    (tmp_path / "memory").mkdir(mode=0o700)
    drafts = f"sqlite:///{tmp_path / 'memory' / 'drafts.sqlite3'}"
    monkeypatch.setenv("HEARD_DRAFTS_URL", drafts)
    found = read_config()
    upgrade(found.database_url, found.drafts_url)
    return found


def machine(folder: Path, **files: str) -> Machine:
    """A machine whose system files say this; `__` in a name stands for a slash."""
    root = folder / "root"
    kept = {
        "proc__mounts": f"disk / ext4 rw 0 0\ntmpfs {folder}/memory tmpfs rw 0 0\n",
        "proc__swaps": SWAPS,
        "proc__sys__kernel__core_pattern": "core\n",
        "proc__self__limits": LIMITS.format("0"),
    }
    for name, text in {**kept, **files}.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Machine(root)


def told(config: Config, here: Machine) -> dict[str, str]:
    found: dict[str, str] = {"well": "", "waits": "", "wrong": ""}
    for note in machine_notes(config, here):
        found[note.state] += note.message + "\n"
    return found


def test_a_machine_that_is_well(config: Config, tmp_path: Path) -> None:
    said = told(config, machine(tmp_path))

    assert (said["waits"], said["wrong"]) == ("", "")
    for words in ("secret-key is for its owner", "No copies", "Drafts are in memory", "no swap"):
        assert words in said["well"]
    assert "A crash leaves no memory behind." in said["well"]


def test_the_machine_that_this_runs_on_is_read(config: Config) -> None:
    said = told(config, Machine())

    assert "swap" in "".join(said.values()).lower()
    assert "crash" in "".join(said.values())
    # What a plain file says of itself: a folder of the tests, perhaps in memory, perhaps not.
    assert "Drafts are" in said["well"] + said["waits"]


@pytest.mark.parametrize("name", ["", "secret-key", "signing-key"])
def test_what_others_can_read_is_wrong(config: Config, tmp_path: Path, name: str) -> None:
    path = config.instance / name
    kept_signing_key(config.instance / "signing-key")
    path.chmod(0o755)

    assert f"Run: chmod go= {path}\n" in told(config, machine(tmp_path))["wrong"]


def test_a_database_is_for_its_owner_by_its_folder_or_by_itself(
    config: Config, tmp_path: Path
) -> None:
    database = config.instance / "heard.sqlite3"
    database.chmod(0o644)
    assert told(config, machine(tmp_path))["wrong"] == ""
    config.instance.chmod(0o755)
    assert f"{database} can be read by others" in told(config, machine(tmp_path))["wrong"]


def test_nobody_is_told_to_shut_a_folder_that_is_everybodys(config: Config, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.chmod(0o1777)
    for path in memory.iterdir():
        path.chmod(0o640)

    said = told(config, machine(tmp_path))["wrong"]

    assert f"chmod go= {memory}\n" not in said
    assert f"chmod go= {memory / 'drafts.sqlite3'}\n" in said


def test_private_keys_are_wrong_wherever_the_server_reads(config: Config, tmp_path: Path) -> None:
    surveys = tmp_path / "surveys"
    surveys.mkdir()
    for path in (surveys / "keys" / "team.key", config.instance / "demo-keys" / "demo.key"):
        path.parent.mkdir()
        path.write_text("x", encoding="utf-8")

    said = told(replace(config, surveys=surveys), machine(tmp_path))["wrong"]

    assert "team.key is a private key" in said
    assert "demo.key" not in said


@pytest.mark.parametrize(
    "name",
    [
        *("heard.sqlite3.bak", "heard.sqlite3~", "old/heard.sqlite3.old", "night.sql.gz"),
        *("all.tar", "all.tgz", "all.zip", "heard.dump"),
    ],
)
def test_copies_beside_the_databases_are_wrong(config: Config, tmp_path: Path, name: str) -> None:
    path = config.instance / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x", encoding="utf-8")

    said = told(config, machine(tmp_path))["wrong"]

    assert said.startswith(f"{path} looks like a copy. What people took back since is still in it")


def test_a_copy_is_known_by_what_is_in_it(config: Config, tmp_path: Path) -> None:
    for path in (config.instance / "innocent", tmp_path / "memory" / "notes.txt"):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE a (b)")
    (config.instance / "readme.txt").write_text("x", encoding="utf-8")
    for end in ("-wal", "-shm", "-journal"):
        (config.instance / f"heard.sqlite3{end}").touch(mode=0o600)

    said = told(config, machine(tmp_path))["wrong"]

    assert said.count("looks like a copy") == 2
    assert "innocent looks" in said
    assert "notes.txt looks" in said


def test_drafts_on_a_disk_wait(config: Config, tmp_path: Path) -> None:
    here = machine(tmp_path, proc__mounts=f"disk / ext4 rw 0 0\ndisk {tmp_path} ext4 rw 0 0\n")
    assert "Set HEARD_DRAFTS_URL" in told(config, here)["waits"]
    elsewhere = replace(config, drafts_url="postgresql://localhost/drafts")
    assert "a database of their own" in told(elsewhere, here)["well"]


def test_swap_is_wrong_unless_it_is_encrypted_or_in_memory(config: Config, tmp_path: Path) -> None:
    line = "{} partition 4194300 0 -2\n"
    plain = machine(tmp_path, proc__swaps=SWAPS + line.format("/dev/sda2"))
    assert "/dev/sda2 is swap that is not encrypted" in told(config, plain)["wrong"]
    assert "swapoff -a" in told(config, plain)["wrong"]
    areas = SWAPS + line.format("/dev/dm-1") + line.format("/dev/zram0")
    good = machine(
        tmp_path, proc__swaps=areas, **{"sys__block__dm-1__dm__uuid": "CRYPT-PLAIN-swap\n"}
    )
    assert "Swap is encrypted or in memory" in told(config, good)["well"]
    logical = machine(tmp_path, **{"proc__swaps": areas, "sys__block__dm-1__dm__uuid": "LVM-8a\n"})
    assert "/dev/dm-1 is swap" in told(config, logical)["wrong"]


APPORT = "|/usr/share/apport/apport %p %s\n"
SYSTEMD = "|/usr/lib/systemd/systemd-coredump %P %u\n"
CONF = "etc__systemd__coredump.conf"
LATER = "etc__systemd__coredump.conf.d__9.conf"


@pytest.mark.parametrize(
    ("state", "words", "files"),
    [
        ("waits", "hands its memory to a file", {"proc__self__limits": LIMITS.format("unlimited")}),
        ("well", "A crash leaves no memory", {"proc__sys__kernel__core_pattern": "/dev/null"}),
        ("waits", "to /usr/share/apport/apport", {"proc__sys__kernel__core_pattern": APPORT}),
        ("waits", "systemd-coredump", {"proc__sys__kernel__core_pattern": SYSTEMD}),
        (
            "well",
            "A crash leaves no memory",
            {"proc__sys__kernel__core_pattern": SYSTEMD, CONF: "[Coredump]\nStorage=none\n"},
        ),
        (
            "waits",
            "systemd-coredump",
            {
                "proc__sys__kernel__core_pattern": SYSTEMD,
                CONF: "[Coredump]\nStorage=none\n",
                LATER: "[Coredump]\nStorage=external\n",
            },
        ),
    ],
)
def test_core_dumps(
    config: Config, tmp_path: Path, state: str, words: str, files: dict[str, str]
) -> None:
    assert words in told(config, machine(tmp_path, **files))[state]


def test_another_system_tells_nothing_and_nothing_breaks(config: Config, tmp_path: Path) -> None:
    said = told(config, Machine(tmp_path / "nothing"))

    assert "swap" not in "".join(said.values())
    assert "Drafts are on a disk" in said["waits"]
