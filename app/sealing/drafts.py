"""Drafts: what is typed before it is sent, readable only with the key in the person's cookie."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.sealing.errors import SealError
from app.sealing.padding import pad, unpad

DRAFT_KEY_LENGTH: Final = 32

_NONCE_LENGTH: Final = 12


def new_draft_key() -> bytes:
    """Return 32 random bytes, which belong in the session cookie and nowhere else."""
    return secrets.token_bytes(DRAFT_KEY_LENGTH)


def draft_id(key: bytes) -> bytes:
    """Return the 32 bytes under which the draft's row is found; they do not lead to the key.

    Raises SealError if the key is not 32 bytes.
    """
    return hashlib.sha256(b"heard/draft/1/id\0" + _checked(key)).digest()


def encrypt_draft(key: bytes, plaintext: bytes) -> bytes:
    """Encrypt a draft, padded to the size classes of an envelope.

    Returns nonce (12 bytes), ciphertext and tag (16 bytes): never twice the same.
    Raises DocumentTooLong over 262,143 bytes, SealError if the key is not 32 bytes.
    """
    nonce = secrets.token_bytes(_NONCE_LENGTH)  # random: one key writes a few hundred times at most
    return nonce + _cipher(key).encrypt(nonce, pad(plaintext), None)


def decrypt_draft(key: bytes, blob: bytes) -> bytes:
    """Return the draft; raises SealError if it was changed or belongs to another key."""
    nonce, sealed = blob[:_NONCE_LENGTH], blob[_NONCE_LENGTH:]
    try:
        return unpad(_cipher(key).decrypt(nonce, sealed, None))
    except (InvalidTag, ValueError, SealError):
        raise SealError("This draft does not open with this key.") from None


def _cipher(key: bytes) -> AESGCM:
    # Derived, so that the row's id (a hash of the cookie's key) and the AES key are unrelated.
    derived = HKDF(SHA256(), 32, salt=None, info=b"heard/draft/1/key").derive(_checked(key))
    return AESGCM(derived)


def _checked(key: bytes) -> bytes:
    if len(key) != DRAFT_KEY_LENGTH:
        raise SealError("The key of a draft is 32 bytes.")
    return key
