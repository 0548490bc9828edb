"""Running a program as a systemd unit confines it, without systemd: `python confined.py UNIT …`.

Done here as systemd.exec(5) says systemd does it: the filter of system calls, the families of
addresses, memory that is never both written and run, no new privileges, no capabilities, the umask,
the limit on core dumps, and the socket that was opened before. Namespaces are left to systemd.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
EQUAL, MASKED_EQUAL = 4, 7
PR_SET_NO_NEW_PRIVS = 38
PROT_WRITE, PROT_EXEC = 2, 4
SHM_EXEC = 0o100000
FIRST_SOCKET = 3
"""sd_listen_fds(3)."""


class Comparison(ctypes.Structure):
    """`struct scmp_arg_cmp` of seccomp.h."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


def settings(unit: Path) -> dict[str, list[str]]:
    """What a unit says, by name, in order."""
    said: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            said.setdefault(name, []).append(value)
    return said


def calls(name: str) -> Iterator[str]:
    """The system calls of a group such as `@system-service`."""
    if not name.startswith("@"):
        yield name
        return
    listed = subprocess.check_output(["systemd-analyze", "syscall-filter", name], text=True)
    for line in listed.splitlines()[1:]:
        if word := line.partition("#")[0].strip():
            yield from calls(word)


def allowed(filters: list[str]) -> set[str]:
    """The system calls that are left when each line was followed."""
    left: set[str] = set()
    for line in filters:
        named = {call for name in line.removeprefix("~").split() for call in calls(name)}
        left = left - named if line.startswith("~") else left | named
    return left


def confine(said: dict[str, list[str]]) -> None:
    """Confine this process, and what it runs, as a unit says."""
    os.umask(int(said["UMask"][-1], 8))
    core = int(said["LimitCORE"][-1])
    resource.setrlimit(resource.RLIMIT_CORE, (core, core))
    left = allowed(said["SystemCallFilter"])
    assert ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    into = ctypes.c_void_p(library.seccomp_init(REFUSE))

    def rule(name: str, *comparisons: Comparison) -> None:
        number = library.seccomp_syscall_resolve_name(name.encode())
        given = (Comparison * len(comparisons))(*comparisons)
        library.seccomp_rule_add_array(into, ALLOW, number, len(comparisons), given)

    def without(bits: int, argument: int) -> Comparison:
        return Comparison(argument, MASKED_EQUAL, bits, 0)

    for name in sorted(left - {"socket", "mmap", "mprotect", "pkey_mprotect", "shmat"}):
        rule(name)
    for family in said["RestrictAddressFamilies"][-1].split():
        rule("socket", Comparison(0, EQUAL, getattr(socket, family), 0))
    assert said["MemoryDenyWriteExecute"] == ["yes"]
    rule("mmap", without(PROT_WRITE, 2))
    rule("mmap", without(PROT_EXEC, 2))
    for name in ("mprotect", "pkey_mprotect"):
        rule(name, without(PROT_EXEC, 2))
    rule("shmat", without(SHM_EXEC, 2))
    assert library.seccomp_load(into) == 0


def main() -> None:
    """Open the socket, confine, and become the program."""
    unit, path, *program = sys.argv[1:]
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen()
    given = os.dup2(listening.detach(), FIRST_SOCKET)  # the same number, or another one
    os.set_inheritable(given, True)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
    confine(settings(Path(unit)))
    os.execv(program[0], program)  # noqa: S606 - what the test says


if __name__ == "__main__":
    main()
