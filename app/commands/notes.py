"""What a look over an instance says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Note:
    """One thing that was looked at; `wrong` has to be mended, `waits` needs a person."""

    state: Literal["well", "waits", "wrong"]
    message: str
