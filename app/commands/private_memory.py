"""Keeping what is in memory out of files: no core dump, and no look from another program."""

from __future__ import annotations

import ctypes
from contextlib import suppress

PR_SET_DUMPABLE = 4
"""linux/prctl.h."""


def keep_memory_private() -> None:
    """Let no crash write this process's memory to a disk; does what the system knows how to do.

    The limit on core files stops the kernel from writing one. Where it hands them to a program,
    such as systemd-coredump, that limit is not asked; a process that is not dumpable is passed over
    by both, and no other program of the same user can read its memory (core(5), prctl(2),
    ptrace(2)). Both are inherited by children that are forked; one that runs another program
    keeps the limit alone.
    """
    with suppress(ImportError, ValueError, OSError):  # Windows has neither
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
