"""What lies on the disk for a while is noise without the key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sealing import ScratchKey, SealError


@given(st.binary(max_size=5_000))
def test_what_was_encrypted_comes_back_in_another_process(content: bytes) -> None:
    key = ScratchKey()
    piece = key.encrypt(content)

    assert ScratchKey(key.secret).decrypt(piece) == content
    assert len(piece) == len(content) + 28
    assert key.encrypt(content) != piece


def test_another_key_and_a_changed_byte_open_nothing() -> None:
    key = ScratchKey()
    piece = key.encrypt(b"words")

    for other, changed in (
        (ScratchKey(), piece),
        (key, piece[:-1] + bytes([piece[-1] ^ 1])),
        (key, piece[:10]),
        (key, b""),
    ):
        with pytest.raises(SealError):
            other.decrypt(changed)


def test_a_key_is_32_bytes_and_does_not_show_itself() -> None:
    key = ScratchKey()

    assert len(key.secret) == 32
    assert key.secret.hex() not in repr(key)
    with pytest.raises(SealError, match="32 bytes"):
        ScratchKey(b"short")
