"""Whether a file could be written now, seen without writing anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOM: Final = 2 * 1024 * 1024
"""Bytes. One large answer takes a few pages of 64 KiB, in the log and then in the file."""


def free_bytes(path: Path) -> int:
    """Bytes that a database's disk has left for Heard; 0 when a file it needs cannot be made.

    Raises OSError when the folder is not there.
    """
    disk = os.statvfs(path.parent)
    # The journal of drafts stays when it is empty; the log of answers is made anew.
    has_all = path.with_name(f"{path.name}-journal").exists()
    if disk.f_files > 0 and disk.f_favail == 0 and not has_all:
        return 0
    return disk.f_bavail * disk.f_frsize


def hindrance(path: Path) -> str | None:
    """Why a database in a file could not be written, as errno(3) or Python names it; else None."""
    try:
        if os.statvfs(path.parent).f_flag & os.ST_RDONLY:
            return "EROFS"
        free = free_bytes(path)
    except OSError as error:
        return type(error).__name__
    if free < ROOM:
        return "ENOSPC"
    if not path.exists():
        return "FileNotFoundError"
    # The folder too: what SQLite keeps beside its file is made anew again and again.
    writable = os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)
    return None if writable else "EACCES"
