"""Noticing that the database of drafts was deleted while the server runs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MISSED: Final = 2
"""Looks in a row, each five minutes after another: somebody may have moved it for a moment."""


class LostDrafts:
    """Says when drafts were deleted for good, as opposed to a disk that is not there at the moment.

    Args:
        path: their file; None when they are in no file.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._disk = None if path is None else _disk_of(path)
        self._missed = 0

    def look(self) -> bool:
        """Whether the file has been missing for some time, from the disk on which it was.

        On another disk than before, drafts would be written to where nobody wants them: what was
        in memory would be on a real disk.
        """
        if self._path is None or self._path.exists() or _disk_of(self._path) != self._disk:
            self._missed = 0
            return False
        self._missed += 1
        return self._missed >= MISSED


def _disk_of(path: Path) -> int:
    """The device that a path is on, or would be; it can be asked of any path."""
    for folder in path.parents:
        try:
            return folder.stat().st_dev
        except OSError:
            continue
    return 0
