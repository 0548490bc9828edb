"""The six words of a kept draft: what they open, and how they may be typed."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.sealing import (
    SealError,
    decrypt_draft,
    draft_id,
    encrypt_draft,
    new_return_words,
    new_withdrawal_code,
    return_key,
    withdrawal_tag,
)

WORDS = "aardvark zucchini velvet lantern giraffe jigsaw"


def test_the_words_open_what_was_kept_under_them_and_other_words_do_not() -> None:
    kept = encrypt_draft(return_key(WORDS), b"unsent words")

    assert decrypt_draft(return_key(WORDS), kept) == b"unsent words"
    with pytest.raises(SealError):
        decrypt_draft(return_key(new_return_words()), kept)


@pytest.mark.parametrize(
    "typed",
    [
        "Aardvark Zucchini VELVET lantern giraffe jigsaw",
        "aardvark-zucchini-velvet-lantern-giraffe-jigsaw",
        "aardvarkzucchinivelvetlanterngiraffejigsaw",
        "1. aardvark\n2. zucchini\n3. velvet\n4. lantern\n5. giraffe\n6. jigsaw",
    ],
)
def test_the_words_are_known_again_however_they_are_typed(typed: str) -> None:
    assert return_key(typed) == return_key(WORDS)


@pytest.mark.parametrize(
    "typed", ["", WORDS.rpartition(" ")[0], f"{WORDS} zebra", WORDS.replace("velvet", "velvit")]
)
def test_what_cannot_be_six_words_costs_no_stretching(typed: str) -> None:
    with pytest.raises(SealError, match="six words"):
        return_key(typed)


def test_words_are_made_as_those_for_taking_back_are() -> None:
    """Given the same words by chance, then neither of the two shows the other."""
    assert len(new_return_words().split(" ")) == len(new_withdrawal_code().split(" ")) == 6
    assert new_return_words() != new_return_words()
    key = return_key(WORDS)
    assert withdrawal_tag("internet-safer", WORDS) not in (key, draft_id(key))


def test_the_key_is_stretched_as_written_here() -> None:
    """Rows that are stored must go on opening."""
    expected = Argon2id(
        salt=b"heard/return/1\0\0", length=32, iterations=2, lanes=1, memory_cost=19456
    ).derive(WORDS.encode())

    assert return_key(WORDS) == expected
