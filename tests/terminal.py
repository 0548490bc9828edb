"""A person at a terminal: a command in a pseudo-terminal, what it shows, and keys for it."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

SECONDS = 60
"""How long something may take to appear before the test gives up on it."""
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """Runs a command as a person would; use it in a `with`, which ends the command."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        words = [str(part) for part in command]
        size = {"TERM": "xterm", "COLUMNS": "90", "LINES": "40"}
        # The terminal is the controlling one of the command, so that Ctrl+C is a signal.
        self._process, self._own = pty.fork()
        if self._process == 0:
            try:
                os.execve(words[0], words, {**environment, **size})  # noqa: S606
            finally:
                os._exit(127)
        self._status: int | None = None
        self.shown = ""
        self._read_until = 0

    def sees(self, words: str) -> str:
        """Wait until words appear after what was seen before; what was shown up to them."""
        while words not in self.shown[self._read_until :]:
            if not self._receive():
                raise AssertionError(f"“{words}” never came:\n{self.shown[self._read_until :]}")
        end = self.shown.index(words, self._read_until) + len(words)
        found = self.shown[self._read_until : end]
        self._read_until = end
        return found

    def types(self, keys: str) -> None:
        """Type a line and press Enter."""
        os.write(self._own, f"{keys}\n".encode())

    def presses_ctrl_c(self) -> None:
        """Press Ctrl+C."""
        os.write(self._own, b"\x03")

    def dies(self) -> None:
        """The machine is switched off."""
        os.kill(self._process, signal.SIGKILL)
        self._wait()

    def ends(self) -> int:
        """Wait until the command has ended; its exit status."""
        while self._receive():
            pass
        return self._wait()

    def _wait(self) -> int:
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        return self._status

    def _receive(self) -> bool:
        ready, _, _ = select.select([self._own], [], [], SECONDS)
        try:
            part = os.read(self._own, 65536) if ready else b""
        except OSError:  # what Linux says when the other end is closed
            part = b""
        self.shown += _COLOURS.sub("", part.decode("utf-8", "replace")).replace("\r\n", "\n")
        return bool(part)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is None:
            self.dies()
        os.close(self._own)
