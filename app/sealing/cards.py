"""Codes of cards: one for each person of a closed group, good for one response."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from typing import Final

SIGNS: Final = "bcdfghjkmprstwxz347"
"""No two that look alike in print or by hand, and no vowels, so that a code is never a word. `m`
stands for itself because there is no `n` that could make one after an `r`."""
GROUPS: Final = 4
GROUP: Final = 4
"""Sixteen signs of nineteen: 67.9 bits. Of 800 cards whose hashes were stolen, finding the code of
one takes 2**57 hashes on average; nobody finds one by asking the server."""

_MISREAD: Final = str.maketrans("125689q", "7zsbbgg")
"""What else a sign may be taken for: no code has these, so they can mean only the other."""


def new_card_code() -> str:
    """Return a new code of sixteen signs, with hyphens between its groups of four."""
    signs = [secrets.choice(SIGNS) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(signs[at : at + GROUP]) for at in range(0, len(signs), GROUP))


def card_tag(typed: str) -> bytes | None:
    """Return the 32 bytes that are kept of a card, from its code as a person may type it.

    Capitals, full-width signs and anything between the signs make no difference. None when this
    cannot be the code of a card.
    """
    folded = unicodedata.normalize("NFKD", typed).casefold()
    said = "".join(filter(str.isalnum, folded)).translate(_MISREAD)
    if len(said) != GROUPS * GROUP or not set(said) <= set(SIGNS):
        return None
    return hashlib.sha256(b"heard/card/1\0" + said.encode()).digest()
