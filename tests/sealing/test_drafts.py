from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sealing import (
    DocumentTooLong,
    SealError,
    decrypt_draft,
    draft_id,
    encrypt_draft,
    new_draft_key,
)

KEY = bytes(range(32))


def test_keys_are_32_bytes_and_differ() -> None:
    keys = {new_draft_key() for _ in range(50)}
    assert len(keys) == 50
    assert {len(key) for key in keys} == {32}


@settings(deadline=None)
@given(st.binary(max_size=500), st.integers(0, 400))
def test_a_draft_comes_back(piece: bytes, times: int) -> None:
    draft = piece * times
    assert decrypt_draft(KEY, encrypt_draft(KEY, draft)) == draft


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 262143))
def test_its_length_says_only_the_size_class(length: int) -> None:
    blob = encrypt_draft(KEY, b"a" * length)

    classes = [1024 * kib for kib in (4, 8, 16, 32, 64, 128, 256)]
    assert len(blob) == 12 + next(size for size in classes if length < size) + 16


def test_too_long_a_draft_says_what_fits() -> None:
    with pytest.raises(DocumentTooLong) as refusal:
        encrypt_draft(KEY, b"a" * 262144)
    assert refusal.value.limit == 262143


def test_no_byte_of_it_can_be_changed() -> None:
    blob = bytearray(encrypt_draft(KEY, b"some words"))
    for position in range(len(blob)):
        bit = 1 << position % 8
        blob[position] ^= bit
        with pytest.raises(SealError):
            decrypt_draft(KEY, bytes(blob))
        blob[position] ^= bit
    assert decrypt_draft(KEY, bytes(blob)) == b"some words"


@given(st.binary(max_size=100))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(SealError):
        decrypt_draft(KEY, noise)


@pytest.mark.parametrize("length", [0, 1, 12, 27, 28, 4123])
def test_a_cut_draft_is_refused(length: int) -> None:
    blob = encrypt_draft(KEY, b"some words")
    assert len(blob) == 4124

    with pytest.raises(SealError):
        decrypt_draft(KEY, blob[:length])


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealError):
        decrypt_draft(new_draft_key(), encrypt_draft(KEY, b"some words"))


def test_the_same_words_never_look_the_same() -> None:
    blobs = {encrypt_draft(KEY, b"some words") for _ in range(100)}
    assert len({blob[:12] for blob in blobs}) == len({blob[12:] for blob in blobs}) == 100


def test_the_id_is_a_hash_of_its_own() -> None:
    assert draft_id(KEY) == hashlib.sha256(b"heard/draft/1/id\0" + KEY).digest()
    assert draft_id(KEY) != draft_id(KEY[::-1])


def test_the_cipher_key_is_derived_apart_from_the_id() -> None:
    """RFC 5869 by hand: what opens a draft is neither the cookie's key nor the row's id."""
    extracted = hmac.digest(b"\0" * 32, KEY, "sha256")
    derived = hmac.digest(extracted, b"heard/draft/1/key\x01", "sha256")
    blob = encrypt_draft(KEY, b"some words")

    padded = AESGCM(derived).decrypt(blob[:12], blob[12:], None)

    assert padded == b"some words\x80".ljust(4096, b"\0")
    assert derived not in (KEY, draft_id(KEY))


@pytest.mark.parametrize("key", [b"", b"k" * 31, b"k" * 33])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    """A cookie can hold anything: the answer is our own error, never a crash."""
    blob = encrypt_draft(KEY, b"")
    with pytest.raises(SealError):
        draft_id(key)
    with pytest.raises(SealError):
        encrypt_draft(key, b"")
    with pytest.raises(SealError):
        decrypt_draft(key, blob)
