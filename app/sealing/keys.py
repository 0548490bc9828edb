"""X-Wing keys: ML-KEM-768 and X25519 together, from one 32-byte seed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.sealing.errors import KeyFileError, SealError

SEED_LENGTH: Final = 32
PUBLIC_KEY_LENGTH: Final = 1184 + 32  # ML-KEM-768, then X25519
KEY_ID_LENGTH: Final = 16
LONGEST_NAME: Final = 60  # characters: in UTF-8, with a suffix, still a file name

_MLKEM_PUBLIC_LENGTH: Final = 1184
_MLKEM_SEED_LENGTH: Final = 64
_JOINERS: Final = "\u200c\u200d"  # not printable by themselves, needed in Persian and Nepali names

# RFC 9180 with the KEM of draft-connolly-cfrg-xwing-kem: 0x647a, 0x0001, 0x0002.
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
WRAPPING_OVERHEAD: Final = KEM.MLKEM768_X25519.enc_length() + 16  # encapsulated key, GCM tag


def fingerprint(key_id: bytes) -> str:
    """Return a key id as people read it to each other: 8 groups of 4 hexadecimal digits."""
    return key_id.hex(" ", 2)


def check_name(name: str) -> None:
    """Refuse, with KeyFileError, a name that is empty, long, or could play tricks on a terminal."""
    readable = all(letter.isprintable() or letter in _JOINERS for letter in name)
    if not name or name != name.strip() or len(name) > LONGEST_NAME or not readable:
        raise KeyFileError(
            f"The name of a key is 1 to {LONGEST_NAME} letters, digits or signs on one line, "
            "with no space at either end. Choose another name."
        )


@dataclass(frozen=True)
class PublicKey:
    """A researcher's public key: 1216 bytes and the name people know it by.

    Raises KeyFileError if nothing could be sealed to it, so that a bad key is noticed when a
    consultation is opened and not when somebody presses Send.
    """

    raw: bytes = field(repr=False)
    name: str

    def __post_init__(self) -> None:
        check_name(self.name)
        try:
            self.wrap(b"", b"")  # ValueError also for a point that would make the secret known
        except ValueError:
            raise KeyFileError(
                "This is not a public key of Heard, or it was changed. "
                "Ask for the .pub file again, and compare fingerprints."
            ) from None

    @cached_property
    def key_id(self) -> bytes:
        """The first 16 bytes of SHA-256 over the raw key."""
        return hashlib.sha256(self.raw).digest()[:KEY_ID_LENGTH]

    @property
    def fingerprint(self) -> str:
        """The key id as people read it to each other."""
        return fingerprint(self.key_id)

    @cached_property
    def _recipient(self) -> MLKEM768X25519PublicKey:
        if len(self.raw) != PUBLIC_KEY_LENGTH:
            raise ValueError
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC_LENGTH]),
            X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC_LENGTH:]),
        )

    def wrap(self, secret: bytes, info: bytes) -> bytes:
        """Seal a short secret to this key alone: HPKE base mode, RFC 9180 section 6.1.

        Returns the encapsulated key (1120 bytes), then the ciphertext (secret and 16-byte tag).
        """
        return _SUITE.encrypt(secret, self._recipient, info)


@dataclass(frozen=True)
class PrivateKey:
    """A researcher's private key: everything is derived from its 32-byte seed.

    Its representation never shows the seed. Raises SealError for a seed of another length.
    """

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_LENGTH:
            raise SealError("The seed of a key is 32 bytes.")

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key that this 32-byte seed stands for."""
        return cls(seed)

    @classmethod
    def generate(cls) -> Self:
        """Return a new key from the operating system's randomness."""
        return cls(secrets.token_bytes(SEED_LENGTH))

    @cached_property
    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        # draft-connolly-cfrg-xwing-kem, expandDecapsulationKey
        expanded = hashlib.shake_256(self.seed).digest(_MLKEM_SEED_LENGTH + 32)
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_LENGTH]),
            X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_LENGTH:]),
        )

    @cached_property
    def _recipient(self) -> MLKEM768X25519PrivateKey:
        return MLKEM768X25519PrivateKey(*self._halves)

    @cached_property
    def _raw_public(self) -> bytes:
        mlkem, x25519 = self._halves
        return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @cached_property
    def key_id(self) -> bytes:
        """The first 16 bytes of SHA-256 over the raw public key."""
        return hashlib.sha256(self._raw_public).digest()[:KEY_ID_LENGTH]

    def derive(self, purpose: str) -> bytes:
        """Return 32 secret bytes of a purpose's own; nothing leads from them back to the key."""
        info = b"heard/1/derived\0" + purpose.encode()
        return HKDF(SHA256(), 32, salt=None, info=info).derive(self.seed)

    def public_key(self, name: str) -> PublicKey:
        """Return the public half under a name; raises KeyFileError if the name cannot be used."""
        return PublicKey(self._raw_public, name)

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """Return the secret that `PublicKey.wrap` sealed with the same info, or raise SealError."""
        try:
            return _SUITE.decrypt(wrapped, self._recipient, info)
        except InvalidTag:
            raise SealError("This was not sealed to this key.") from None
