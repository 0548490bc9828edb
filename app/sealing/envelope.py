"""The envelope, version 1: one response, sealed to 1 to 16 researchers."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.sealing.errors import SealError
from app.sealing.keys import PrivateKey, PublicKey
from app.sealing.padding import pad, unpad
from app.sealing.slots import SECRET_LENGTH, SLOT_LENGTH, slots_for, wrapped_in

_MAGIC: Final = b"HEARD"
_VERSION: Final = 1
_START: Final = len(_MAGIC) + 2  # version and number of recipients, one byte each
_COMMITMENT_LENGTH: Final = 32


def seal(document: bytes, consultation: str, recipients: Sequence[PublicKey]) -> bytes:
    """Seal a response document so that only the recipients' private keys open it.

    document: at most 262,143 bytes. consultation: its id, bound into the envelope.
    recipients: 1 to 16 different keys; any one of them opens the envelope.
    Raises DocumentTooLong, or SealError for another number of keys or one key twice.
    """
    padded = pad(document)
    secret = secrets.token_bytes(SECRET_LENGTH)
    slots = slots_for(secret, recipients, _recipient_info(consultation))
    header = _MAGIC + bytes((_VERSION, len(recipients))) + slots + _commitment(secret, consultation)
    key, nonce = _body_key(secret, consultation)
    return header + AESGCM(key).encrypt(nonce, padded, header)


def open_envelope(envelope: bytes, consultation: str, key: PrivateKey) -> bytes:
    """Return the document in an envelope of this consultation that is sealed to this key.

    Raises SealError, always the same one, for any other envelope, consultation or key.
    """
    try:
        return _open(_Parts.of(envelope), consultation, key)
    except (SealError, InvalidTag):
        raise SealError("This envelope does not open with this key.") from None


@dataclass(frozen=True)
class _Parts:
    """An envelope cut at its fixed places, nothing in it believed yet."""

    wrapped: dict[bytes, bytes]
    header: bytes
    commitment: bytes
    body: bytes

    @classmethod
    def of(cls, envelope: bytes) -> Self:
        if len(envelope) < _START or envelope[: _START - 1] != _MAGIC + bytes((_VERSION,)):
            raise SealError
        slots_end = _START + envelope[_START - 1] * SLOT_LENGTH
        header_end = slots_end + _COMMITMENT_LENGTH
        wrapped = wrapped_in(envelope[_START:slots_end])
        header, body = envelope[:header_end], envelope[header_end:]
        return cls(wrapped, header, envelope[slots_end:header_end], body)


def _open(parts: _Parts, consultation: str, key: PrivateKey) -> bytes:
    if key.key_id not in parts.wrapped:
        raise SealError
    secret = key.unwrap(parts.wrapped[key.key_id], _recipient_info(consultation))
    # Before the body: AES-GCM alone lets one ciphertext open to two texts under two secrets.
    if not hmac.compare_digest(parts.commitment, _commitment(secret, consultation)):
        raise SealError
    body_key, nonce = _body_key(secret, consultation)
    return unpad(AESGCM(body_key).decrypt(nonce, parts.body, parts.header))


def _recipient_info(consultation: str) -> bytes:
    return b"heard/1/recipient\0" + consultation.encode()


def _commitment(secret: bytes, consultation: str) -> bytes:
    return _derive(secret, consultation, b"heard/1/commit", _COMMITMENT_LENGTH)


def _body_key(secret: bytes, consultation: str) -> tuple[bytes, bytes]:
    derived = _derive(secret, consultation, b"heard/1/body", 32 + 12)
    return derived[:32], derived[32:]


def _derive(secret: bytes, consultation: str, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=consultation.encode(), info=info).derive(secret)
