"""The machine that Heard runs on: who can read its files, and where memory may end up."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.storage import database_file, free_bytes
from config import Config

from ..instance import SIGNING_KEY
from ..notes import Note

LITTLE = 64 * 1024**2
"""Bytes of a disk that is almost full: about ten thousand answers, or a few hours of a log."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO
IN_MEMORY = ("tmpfs", "ramfs")
SQLITE = b"SQLite format 3\0"
BACKUP_NAMES = ("*~", "*.bak", "*.old", "*.orig", "*.save", "*.sql", "*.dump", "*.copy")
ARCHIVES = ("*.tar", "*.tgz", "*.gz", "*.xz", "*.zst", "*.bz2", "*.zip", "*.7z")
BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a database (sqlite.org/tempfiles.html)."""
DEMO_KEYS = "demo-keys"
SECRETS = ("secret-key", SIGNING_KEY)
"""What the instance keeps for itself: form tokens, and records of deleting."""
ENCRYPTED = "CRYPT-"
"""How the kernel's device mapper names what cryptsetup made (/sys/block/dm-0/dm/uuid)."""


@dataclass(frozen=True)
class Machine:
    """Where the system tells of itself: `/`, unless somebody looks at a copy of another one."""

    root: Path = Path("/")

    def says(self, path: str) -> str:
        """Return what a file of the system says; "" where there is none or it may not be read."""
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""


def machine_notes(config: Config, machine: Machine) -> Iterator[Note]:
    """Yield what there is to say about files, memory, swap, core dumps and copies.

    Args:
        config: of the instance.
        machine: the one that it runs on, which is Linux or tells nothing.
    """
    yield from _permissions(config)
    yield from _private_keys(config)
    yield from _copies(config)
    yield from _drafts(config, machine)
    yield from _room(config)
    yield from _swap(machine)
    yield from _core_dumps(machine)


def _own_files(config: Config) -> set[Path]:
    """The files that Heard itself keeps."""
    databases = [database_file(config.database_url), database_file(config.drafts_url)]
    found = {config.instance / name for name in SECRETS}
    for path in databases:
        if path is not None:
            found |= {path.with_name(path.name + end) for end in BESIDE}
    return found


def _folders(config: Config) -> set[Path]:
    """The folders that are Heard's own: not one such as `/dev/shm`, which is everybody's."""
    databases = [database_file(config.database_url), database_file(config.drafts_url)]
    beside = {path.parent for path in databases if path is not None and path.parent.is_dir()}
    return {config.instance} | {one for one in beside if not one.stat().st_mode & stat.S_ISVTX}


def _permissions(config: Config) -> Iterator[Note]:
    folders = _folders(config)
    kept = [path for path in sorted(folders | _own_files(config)) if path.exists()]
    for path in kept:
        # In a folder for its owner alone nobody else reaches a file, whatever its own mode.
        inside = path.parent in folders and not path.parent.stat().st_mode & OTHERS
        for_all = path.stat().st_mode & OTHERS
        if for_all and (path.name in SECRETS or not inside):
            yield Note("wrong", f"{path} can be read by others. Run: chmod go= {path}")
        elif not for_all and (path in folders or path.name in SECRETS):
            yield Note("well", f"{path} is for its owner alone.")
    owners = {path.stat().st_uid for path in kept}
    if len(owners) > 1:
        message = f"Files in {config.instance} belong to different users, so Heard may not be able"
        yield Note("wrong", f"{message} to write some. Give them all to the user that runs Heard.")


def _private_keys(config: Config) -> Iterator[Note]:
    for path in sorted({*config.instance.rglob("*.key"), *config.surveys.rglob("*.key")}):
        if path.parent.name != DEMO_KEYS:
            yield Note("wrong", f"{path} is a private key. It must not be on the server: move it.")


def _copies(config: Config) -> Iterator[Note]:
    """What is not Heard's own and looks like a database, a dump or an archive."""
    looked_at = {*config.instance.rglob("*")}
    for folder in _folders(config):
        looked_at |= {*folder.glob("*")}
    own = _own_files(config)
    found = [path for path in looked_at - own if path.is_file() and _is_copy(path)]
    for path in sorted(found):
        message = f"{path} looks like a copy. What people took back since is still in it, and two"
        advice = "copies tell what came between. Delete it, or keep it encrypted elsewhere."
        yield Note("wrong", f"{message} {advice}")
    if not found:
        yield Note("well", "No copies lie beside the databases.")


def _is_copy(path: Path) -> bool:
    if any(path.match(pattern) for pattern in (*BACKUP_NAMES, *ARCHIVES)):
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(SQLITE)) == SQLITE
    except OSError:
        return False


def _drafts(config: Config, machine: Machine) -> Iterator[Note]:
    path = database_file(config.drafts_url)
    if path is None:
        yield Note("well", "Drafts are in a database of their own.")
    elif _file_system(path, machine) in IN_MEMORY:
        yield Note("well", "Drafts are in memory, and on no disk.")
    else:
        message = (
            "Drafts are on a disk. Set HEARD_DRAFTS_URL to a folder in memory (tmpfs), such as"
        )
        yield Note("waits", f"{message} sqlite:////dev/shm/heard/drafts.sqlite3.")


def _room(config: Config) -> Iterator[Note]:
    """How much the disks of the databases have left, before people see that nothing is saved."""
    for path in (database_file(config.database_url), database_file(config.drafts_url)):
        if path is None or not path.parent.is_dir():
            continue
        if (left := free_bytes(path)) < LITTLE:
            message = f"The disk of {path} has {left // 1024**2} MB left. Make room there"
            yield Note("wrong", f"{message} (df -h, df -i): when it is full, nobody can answer.")


def _file_system(path: Path, machine: Machine) -> str:
    """The type of the file system that holds a path, as in `/proc/mounts` (proc(5))."""
    best, kind = "", ""
    for line in machine.says("proc/mounts").splitlines():
        fields = line.split()
        if len(fields) > 2:  # noqa: PLR2004 - device, place, type
            place = fields[1].replace(r"\040", " ")
            if Path(place) in path.resolve().parents and len(place) >= len(best):
                best, kind = place, fields[2]
    return kind


def _swap(machine: Machine) -> Iterator[Note]:
    areas = [line.split()[0] for line in machine.says("proc/swaps").splitlines()[1:] if line]
    plain = [area for area in areas if not _is_harmless(Path(area).name, machine)]
    for area in plain:
        message = f"{area} is swap that is not encrypted: what is typed may be written to it. Run"
        yield Note("wrong", f"{message} swapoff -a and take it out of /etc/fstab, or encrypt it.")
    if areas and not plain:
        yield Note("well", "Swap is encrypted or in memory.")
    elif not areas and machine.says("proc/swaps"):
        yield Note("well", "There is no swap.")


def _is_harmless(name: str, machine: Machine) -> bool:
    """Whether swap is compressed memory, or a device that cryptsetup made."""
    return name.startswith("zram") or machine.says(f"sys/block/{name}/dm/uuid").startswith(
        ENCRYPTED
    )


def _core_dumps(machine: Machine) -> Iterator[Note]:
    """Heard's own processes leave none (private_memory.py); the web server in front may."""
    pattern = machine.says("proc/sys/kernel/core_pattern").strip()
    silent = pattern == "/dev/null" or (
        _stores_nothing(machine)
        if "systemd-coredump" in pattern
        else not pattern.startswith("|") and _limit(machine) == "0"
    )
    if pattern and silent:
        yield Note("well", "A crash leaves no memory behind.")
    elif pattern:
        # The limit of core files does not hold for a pipe (core(5)).
        where = pattern[1:].split()[0] if pattern.startswith("|") else "a file"
        message = "Heard's own memory stays out of core files. A crash of another program, such as"
        advice = f"the web server in front, hands its memory to {where}: what people send is in it."
        mend = "Run: sysctl -w kernel.core_pattern=/dev/null, and write it into /etc/sysctl.d/."
        yield Note("waits", f"{message} {advice} {mend}")


def _limit(machine: Machine) -> str:
    for line in machine.says("proc/self/limits").splitlines():
        if line.startswith("Max core file size"):
            return line.removeprefix("Max core file size").split()[0]
    return ""


def _stores_nothing(machine: Machine) -> bool:
    """Whether coredump.conf(5) says so last; files of the folder come after the main one."""
    folder = machine.root / "etc/systemd/coredump.conf.d"
    files = ["etc/systemd/coredump.conf"]
    files += [str(path.relative_to(machine.root)) for path in sorted(folder.glob("*.conf"))]
    lines = [line.strip() for name in files for line in machine.says(name).splitlines()]
    said = [line.removeprefix("Storage=") for line in lines if line.startswith("Storage=")]
    return said[-1:] == ["none"]
