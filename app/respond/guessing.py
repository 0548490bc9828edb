"""A brake on guessing, that knows nobody and stops nobody who has the right code.

What keeps codes and words safe is their length. This keeps a script from using the answers of the
server at no cost: only wrong guesses count, in the memory of this process, for each place by itself
where places can be told apart, and else all of them together. A right code is looked up and let in
whatever else goes on; that is why there is no limit on looking up, which a flood of guesses would
fill and so close the door to everybody (docs/decisions/closed-groups.md, rate-limits.md).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import Response
from flask_babel import gettext as _

from app.web.places import Allowance

SPARE: Final = 60
"""Wrong guesses that are answered at once: two for each person of a class of thirty."""
AGAIN_SECONDS: Final = 1.0
"""After how long one more is."""
HOLD_SECONDS: Final = 2.0
"""How long the answer to a wrong guess is held back once they are used up."""
HELD: Final = 2
"""How many answers are held back at the same time, of the eight that a process can give: the others
belong to people who are answering."""
RETRY_AFTER: Final = 60
"""Seconds, as told to a program."""
EVERYBODY: Final = b""
"""In place of a place, when nobody can be told apart."""


class Brake:
    """Counts wrong guesses of one kind.

    Args:
        spare: wrong guesses that are answered at once.
        clock: seconds that only grow.
        wait: sleeps for so many seconds.
    """

    def __init__(
        self,
        spare: int = SPARE,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._allowance = Allowance(spare, AGAIN_SECONDS, clock)
        self._wait = wait
        self._places = threading.BoundedSemaphore(HELD)

    def wrong(self, place: bytes | None = None) -> bool:
        """Count a wrong guess; whether there were so many that it is to be answered later.

        Args:
            place: from where it came; None when that cannot be told.
        """
        if self._allowance.take(place or EVERYBODY):
            return False
        if self._places.acquire(blocking=False):
            try:
                self._wait(HOLD_SECONDS)
            finally:
                self._places.release()
        return True


def many_guesses() -> str:
    """What a person reads when so many wrong codes or words came that theirs has to wait."""
    return _(
        "Many codes or words that do not work were typed here just now. Please wait a minute, and "
        "try yours again."
    )


def told_to_wait(page: Response) -> Response:
    """The page as an answer that tells programs, too, to wait."""
    page.status_code = HTTPStatus.TOO_MANY_REQUESTS
    page.headers["Retry-After"] = str(RETRY_AFTER)
    return page
