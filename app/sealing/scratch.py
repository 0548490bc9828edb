"""Scratch: what lies on the disk while something is made, readable only with a key in memory."""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.sealing.errors import SealError

_KEY_LENGTH: Final = 32
_NONCE_LENGTH: Final = 12


class ScratchKey:
    """A key that goes with the process; what it encrypted is noise from then on.

    `secret` is 32 bytes, for another process that works on the same; left out, they are random.
    """

    def __init__(self, secret: bytes | None = None) -> None:
        self.secret = secrets.token_bytes(_KEY_LENGTH) if secret is None else secret
        if len(self.secret) != _KEY_LENGTH:
            raise SealError("The key of scratch is 32 bytes.")
        self._cipher = AESGCM(self.secret)

    def encrypt(self, content: bytes) -> bytes:
        """Return nonce (12 bytes), ciphertext and tag (16 bytes): never twice the same.

        The nonce is random, so one key is good for some 2^32 pieces (NIST SP 800-38D, 8.3).
        """
        nonce = secrets.token_bytes(_NONCE_LENGTH)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def decrypt(self, piece: bytes) -> bytes:
        """Return the content; raises SealError if it was changed or belongs to another key."""
        nonce, sealed = piece[:_NONCE_LENGTH], piece[_NONCE_LENGTH:]
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except (InvalidTag, ValueError):
            raise SealError("This piece does not open with this key.") from None
