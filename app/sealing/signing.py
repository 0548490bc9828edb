"""Signed statements: what an instance says it did, so that nobody can change the words later.

Ed25519 (RFC 8032) over the statement as canonical JSON. The key belongs to the instance; its
fingerprint is what people compare by telephone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.sealing.errors import KeyFileError
from app.sealing.keys import KEY_ID_LENGTH, fingerprint

LONGEST_STATEMENT: Final = 1024 * 1024
"""Bytes of a signed text; a real one has some thousand."""

_SEED_BYTES: Final = 32
_CONTEXT: Final = b"heard/statement/1\0"
_OWNER_ONLY: Final = 0o600
_MEMBERS: Final = {"statement", "signed_by", "public_key", "signature"}


class UntrueStatement(Exception):
    """A text is no signed statement, or not the one that was signed; says which."""


@dataclass(frozen=True)
class SigningKey:
    """The key with which an instance signs; its representation never shows the seed."""

    seed: bytes = field(repr=False)

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def public(self) -> bytes:
        """The 32 bytes with which anybody checks a signature."""
        return self._key.public_key().public_bytes_raw()

    @property
    def fingerprint(self) -> str:
        """The public key as people read it to each other: 8 groups of 4 hexadecimal digits."""
        return _fingerprint(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self._key.sign(message)


@dataclass(frozen=True)
class Signed:
    """A statement whose signature holds, and the fingerprint of the key that made it."""

    statement: Mapping[str, Any]
    signed_by: str


def kept_signing_key(path: Path) -> SigningKey:
    """Return the key in a file, made there (mode 0600) the first time.

    Several processes may ask at once: the file gets its name with the whole key in it.
    Raises KeyFileError when it cannot be read or written, or holds no key.
    """
    try:
        if not path.exists():
            _make(path)
        seed = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise KeyFileError(f"The key for signing, {path}: {error.strerror}.") from None
    except ValueError:
        seed = b""
    if len(seed) != _SEED_BYTES:
        raise KeyFileError(
            f"{path} is not a key for signing. Put it back from a backup; or move it away, and a "
            "new one is made, with another fingerprint."
        )
    return SigningKey(seed)


def _make(path: Path) -> None:
    """Write a new key beside its name, then give it the name, never over another one."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_SEED_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # somebody else was first
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def sign_statement(statement: Mapping[str, Any], key: SigningKey) -> str:
    """Return a statement with its signature, as JSON that people can read too.

    Args:
        statement: of text, whole numbers, and lists and mappings of these.
        key: of the instance.
    """
    signed = {
        "statement": statement,
        "signed_by": key.fingerprint,
        "public_key": base64.b64encode(key.public).decode("ascii"),
        "signature": base64.b64encode(key.sign(_message(statement))).decode("ascii"),
    }
    return json.dumps(signed, ensure_ascii=False, indent=2) + "\n"


def read_signed(text: str) -> Signed:
    """Return the statement in a text if its signature holds.

    Whether the key is the right one is for the reader to say, by its fingerprint.
    Raises UntrueStatement.
    """
    members = _members(text)
    try:
        public = base64.b64decode(members["public_key"], validate=True)
        signature = base64.b64decode(members["signature"], validate=True)
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(signature, _message(members["statement"]))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise UntrueStatement("This is not a signed record of Heard.") from None
    except InvalidSignature:
        raise UntrueStatement(
            "Something in this record was changed after it was signed. Do not rely on it."
        ) from None
    if members["signed_by"] != _fingerprint(public):
        raise UntrueStatement("This record names another key than the one that signed it.")
    return Signed(members["statement"], _fingerprint(public))


def _members(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or set(found) != _MEMBERS:
        raise UntrueStatement("This is not a signed record of Heard.")
    if not isinstance(found["statement"], dict):
        raise UntrueStatement("This is not a signed record of Heard.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice: readers differ in which of the two they show."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _message(statement: Mapping[str, Any]) -> bytes:
    plain = json.dumps(
        statement, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return _CONTEXT + plain.encode("ascii")


def _fingerprint(public: bytes) -> str:
    return fingerprint(hashlib.sha256(public).digest()[:KEY_ID_LENGTH])
