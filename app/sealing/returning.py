"""Six words with which a person opens unsent answers again that were kept for later."""

from __future__ import annotations

import threading
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.sealing.drafts import DRAFT_KEY_LENGTH
from app.sealing.errors import SealError
from app.sealing.withdrawal import CODE_WORDS, WORDS, as_given_out, new_withdrawal_code

MEMORY: Final = 19 * 1024  # KiB
PASSES: Final = 2
"""With `MEMORY` the least that OWASP's Password Storage Cheat Sheet names for Argon2id. The words
alone have 77.5 bits; this adds about twenty for whoever stole the rows and wants to read one, and
costs the server some 30 ms when somebody comes back."""

_SALT: Final = b"heard/return/1\0\0"
"""The same for everybody: the words are all that leads to the row."""

_WORD_SET: Final = frozenset(WORDS)

_one_at_a_time: Final = threading.Lock()
"""Many guesses at once would take `MEMORY` each."""


def new_return_words() -> str:
    """Return six random words with single spaces, to be shown once."""
    return new_withdrawal_code()


def return_key(words: str) -> bytes:
    """Return the key of a kept draft, from the words as a person may type them.

    To be used as any draft's key: `draft_id`, `encrypt_draft` and `decrypt_draft` take it.

    Raises SealError, at once, for what cannot be such words.
    """
    said = as_given_out(words)
    if len(said.split()) != CODE_WORDS or not set(said.split()) <= _WORD_SET:
        raise SealError("These are not six words of the list.")
    derivation = Argon2id(
        salt=_SALT, length=DRAFT_KEY_LENGTH, iterations=PASSES, lanes=1, memory_cost=MEMORY
    )
    with _one_at_a_time:
        return derivation.derive(said.encode())
