"""The withdrawal code: six words with which a person takes a sent response back."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from pathlib import Path
from typing import Final

CODE_WORDS: Final = 6  # of 7,776: 77.5 bits, so that a stolen tag cannot be searched for its code

WORDS: Final = tuple(Path(__file__).with_name("words.txt").read_text("ascii").split())

_WORD_SET: Final = frozenset(WORDS)
_LONGEST_WORD: Final = max(map(len, WORDS))


def new_withdrawal_code() -> str:
    """Return six random words with single spaces, to be shown once and stored nowhere."""
    return " ".join(secrets.choice(WORDS) for _ in range(CODE_WORDS))


def withdrawal_tag(consultation: str, code: str) -> bytes:
    """Return the 32 bytes kept beside an envelope, from the code as a person may type it.

    Capitals, accents, full-width letters, and anything between, before, after or inside the words
    (spaces, hyphens, dots, line breaks, nothing at all) make no difference.
    """
    said = as_given_out(code).encode()
    return hashlib.sha256(b"heard/withdraw/1\0" + consultation.encode() + b"\0" + said).digest()


def as_given_out(typed: str) -> str:
    """Return six words with single spaces, from the words as a person may type them."""
    # NFKD: full-width letters become plain, and an accent a sign of its own, passed over.
    runs = re.findall("[a-z]+", unicodedata.normalize("NFKD", typed).casefold())
    return " ".join(_words_in("".join(runs)) or runs)


def _words_in(letters: str) -> list[str]:
    """Cut letters into words of the list; empty if they are not all words.

    One pass is enough because no word of the list is the beginning of another.
    """
    words = []
    start = 0
    while start < len(letters):
        ends = range(start + 1, min(start + _LONGEST_WORD, len(letters)) + 1)
        word = next((letters[start:end] for end in ends if letters[start:end] in _WORD_SET), None)
        if word is None:
            return []
        words.append(word)
        start += len(word)
    return words
