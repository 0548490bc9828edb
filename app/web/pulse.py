"""Whether something still answers, asked so that nobody waits when it does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

PATIENCE_SECONDS: Final = 2.0
"""Less than a web server in front or a watching program waits, and more than a healthy database."""


class _Question:
    """One question, asked in a thread of its own."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self.began = time.monotonic()
        self.over = threading.Event()
        self.answered = False
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._ask()
            self.answered = True
        except Exception:
            self.answered = False  # it says itself that it cannot
        finally:
            self.over.set()


class Pulse:
    """Asks at most one question at a time, and waits for each but a moment.

    Args:
        ask: returns when what it asks answers, and raises when that cannot.
        patience: seconds after which no answer counts as none.
    """

    def __init__(self, ask: Callable[[], object], patience: float = PATIENCE_SECONDS) -> None:
        self._ask = ask
        self._patience = patience
        self._lock = threading.Lock()
        self._latest: _Question | None = None

    def beats(self) -> bool:
        """Whether an answer came in time; whoever asks meanwhile gets the same one."""
        with self._lock:
            if self._latest is None or self._latest.over.is_set():
                self._latest = _Question(self._ask)
            asked = self._latest
        left = asked.began + self._patience - time.monotonic()
        return asked.over.wait(max(0.0, left)) and asked.answered
