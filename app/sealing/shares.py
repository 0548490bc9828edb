"""A private key as several sheets of words, of which some together open it: SLIP-39."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

from app.sealing.errors import KeyFileError, SealError
from app.sealing.keys import SEED_LENGTH, PrivateKey

FEWEST_TOGETHER: Final = 2  # one person alone is what sharing is to prevent
MOST_SHARES: Final = 16  # SLIP-39, "Design rationale": four bits for the index of a member
WORDS_IN_A_SHARE: Final = 33  # SLIP-39 for 256 bits

_KNOWN: Final = frozenset(WORDLIST)
_DISTINCT_LETTERS: Final = 4  # SLIP-39: no two words of the list begin with the same four
_BY_BEGINNING: Final = {word[:_DISTINCT_LETTERS]: word for word in WORDLIST}


@dataclass(frozen=True)
class ShareSummary:
    """What a sheet of words says about itself: which of the sheets it is, counted from 1, and how
    many open the key together."""

    place: int
    threshold: int
    split: int
    """A number that is the same on every sheet of one split (15 random bits)."""


def split_key(key: PrivateKey, threshold: int, shares: int) -> list[str]:
    """Return `shares` lines of 33 words, of which any `threshold` give the key back.

    Fewer of them say nothing at all about the key. No passphrase, extendable (SLIP-39).
    Raises KeyFileError unless 2 <= threshold <= shares <= 16.
    """
    if not FEWEST_TOGETHER <= threshold <= shares <= MOST_SHARES:
        raise KeyFileError(
            f"A key can be split into {FEWEST_TOGETHER} to {MOST_SHARES} sheets, of which at "
            f"least {FEWEST_TOGETHER} open it together. {threshold} of {shares} is not possible."
        )
    sheets: list[str]
    (sheets,) = generate_mnemonics(1, [(threshold, shares)], key.seed, extendable=True)
    return sheets


def join_shares(sheets: Sequence[str]) -> PrivateKey:
    """Return the key that these sheets of words open together, in memory alone.

    More sheets than needed are fine. Raises KeyFileError, which names the sheet, counted from 1 in
    the order given, and the word that does not belong, as far as can be told.
    """
    read = [_read(sheet, number) for number, sheet in enumerate(sheets, 1)]
    if not read:
        raise KeyFileError("No words were given.")
    first = read[0]
    for number, share in enumerate(read, 1):
        if share.common_parameters() != first.common_parameters():
            raise KeyFileError(
                f"Sheet {number} and sheet 1 come from different splits. Use sheets that were "
                "printed together."
            )
    different = {share.index: share for share in read}
    threshold = first.member_threshold
    missing = threshold - len(different)
    if missing > 0:
        raise KeyFileError(
            f"{threshold} different sheets open this key together, and {len(different)} "
            f"{'was' if len(different) == 1 else 'were'} given. "
            f"Ask for {'one' if missing == 1 else missing} more."
        )
    chosen = [share.mnemonic() for share in list(different.values())[:threshold]]
    try:
        return PrivateKey.from_seed(combine_mnemonics(chosen))
    except (MnemonicError, SealError):
        raise KeyFileError(
            "These sheets do not give a key of Heard. One of them was changed, or is of another "
            "split. Try with other sheets."
        ) from None


def describe_share(sheet: str) -> ShareSummary:
    """Return what a sheet of words says about itself; raises KeyFileError for a wrong word."""
    share = _read(sheet, 1)
    return ShareSummary(share.index + 1, share.member_threshold, share.identifier)


def _read(sheet: str, number: int) -> Share:
    words = re.findall(r"[^\W\d_]+", sheet.lower())  # numbers before words, as on the sheet
    for place, word in enumerate(words, 1):
        if word not in _KNOWN:
            raise KeyFileError(
                f"Sheet {number}, word {place}: “{word}” is not a word of the list."
                f"{_suggestion(word)}"
            )
    if len(words) != WORDS_IN_A_SHARE:
        look_for = "one that is missing" if len(words) < WORDS_IN_A_SHARE else "one too many"
        raise KeyFileError(
            f"Sheet {number} has {len(words)} words. A sheet has {WORDS_IN_A_SHARE}: "
            f"look for {look_for}."
        )
    try:
        share = Share.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise KeyFileError(
            f"Sheet {number}: each word is in the list, but together they are not what was "
            "printed. Two words may have changed places, or one was read as another. "
            "Compare them with the sheet, one by one."
        ) from None
    if len(share.value) != SEED_LENGTH or share.group_count != 1:
        raise KeyFileError(f"Sheet {number} is not of a key of Heard.")
    return share


def _suggestion(word: str) -> str:
    near = _BY_BEGINNING.get(word[:_DISTINCT_LETTERS])
    close = [near] if near else get_close_matches(word, WORDLIST, n=1)
    return f" Is it “{close[0]}”?" if close else " Look at the sheet again."
