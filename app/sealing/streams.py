"""Sealed files: of any length, in chunks, each of which is proven before it is believed.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption
and its Nonce-Reuse Misuse-Resistance", 2015), laid out as in age (c2sp.org/age, "Payload"): chunks
of 64 KiB, in the nonce the chunk's number and whether it is the last one. So chunks cannot be
changed, exchanged, left out, or cut off at the end. The head is that of an envelope.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.sealing.errors import SealedFileError, SealError
from app.sealing.keys import PrivateKey, PublicKey, fingerprint
from app.sealing.slots import SECRET_LENGTH, SLOT_LENGTH, slots_for, wrapped_in

CHUNK: Final = 64 * 1024
"""Bytes of content in each chunk but the last."""

_TAG: Final = 16
_MAGIC: Final = b"HEARDFILE"
_VERSION: Final = 1
_START: Final = len(_MAGIC) + 2  # version and number of recipients, one byte each
_COMMITMENT_LENGTH: Final = 32


def is_sealed_file(head: bytes) -> bool:
    """Whether a file that begins so says that it is a sealed one."""
    return head.startswith(_MAGIC)


class SealedWriter:
    """Writes a sealed file. Without `finish` at the end, nobody takes it for whole.

    Args:
        file: where to; opened in binary mode.
        purpose: what the content is, bound into the file, such as "backup".
        recipients: 1 to 16 different keys; any one of them opens the file.

    Raises SealError for another number of keys or one key twice.
    """

    def __init__(self, file: BinaryIO, purpose: str, recipients: Sequence[PublicKey]) -> None:
        secret = secrets.token_bytes(SECRET_LENGTH)
        slots = slots_for(secret, recipients, _recipient_info(purpose))
        head = _MAGIC + bytes((_VERSION, len(recipients))) + slots
        head += _commitment(secret, head)
        self._file = file
        self._chunks = _Chunks(secret, head)
        self._rest = bytearray()
        file.write(head)

    def write(self, content: bytes) -> int:
        """Take in the next bytes; what is complete goes to the file."""
        self._rest += content
        while len(self._rest) > CHUNK:  # never the last one: an empty chunk at the end is refused
            self._file.write(self._chunks.seal(bytes(self._rest[:CHUNK]), last=False))
            del self._rest[:CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the last chunk, which says that it is the last."""
        self._file.write(self._chunks.seal(bytes(self._rest), last=True))


class SealedReader:
    """Reads a sealed file, and gives out nothing that is not proven.

    Whoever stops before the end has not seen that it is whole: read until nothing comes.

    Args:
        file: where from; opened in binary mode.
        purpose: what the content has to be.
        key: one of the recipients'.

    Raises SealedFileError, here and when reading; the message says what to do.
    """

    def __init__(self, file: BinaryIO, purpose: str, key: PrivateKey) -> None:
        start = file.read(_START)
        if len(start) < _START or not is_sealed_file(start):
            raise SealedFileError("This is not a file that Heard sealed.")
        if start[-2] != _VERSION:
            raise SealedFileError("A newer Heard sealed this file. Update Heard and try again.")
        head = start + file.read(start[-1] * SLOT_LENGTH)
        try:
            wrapped = wrapped_in(head[_START:])
        except SealError:
            raise _changed() from None
        if key.key_id not in wrapped:
            told = ", ".join(map(fingerprint, wrapped))
            raise SealedFileError(f"This file opens with another key. It is sealed to: {told}.")
        try:
            secret = key.unwrap(wrapped[key.key_id], _recipient_info(purpose))
        except SealError:
            raise _changed() from None
        commitment = file.read(_COMMITMENT_LENGTH)
        # As in an envelope: one file must not open to two contents under two secrets.
        if not hmac.compare_digest(commitment, _commitment(secret, head)):
            raise _changed()
        self._file = file
        self._chunks = _Chunks(secret, head + commitment)
        self._ahead = file.read(CHUNK + _TAG)
        self._open = b""
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as many as asked for or up to the end; b"" when it is read."""
        found = bytearray()
        while size < 0 or len(found) < size:
            if not self._open and not self._next():
                break
            wanted = len(self._open) if size < 0 else size - len(found)
            found += self._open[:wanted]
            self._open = self._open[wanted:]
        return bytes(found)

    def _next(self) -> bool:
        """Open the next chunk; False after the last one."""
        if self._ended:
            return False
        sealed, self._ahead = self._ahead, b""
        if len(sealed) == CHUNK + _TAG:
            self._ahead = self._file.read(CHUNK + _TAG)
        self._ended = not self._ahead
        self._open = self._chunks.open(sealed, last=self._ended)
        return bool(self._open)


class _Chunks:
    """Seals or opens one chunk after the other."""

    def __init__(self, secret: bytes, head: bytes) -> None:
        # Every byte of the head is in the key, so a changed head opens nothing.
        self._cipher = AESGCM(_derive(secret, head, b"heard/file/1/body"))
        self._number = 0

    def seal(self, content: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last), content, None)

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        first = not self._number
        try:
            content = self._cipher.decrypt(self._nonce(last), sealed, None)
        except (InvalidTag, ValueError):
            raise _changed() from None
        if not content and not first:
            raise _changed()  # one spelling for one content
        return content

    def _nonce(self, last: bool) -> bytes:
        number = self._number.to_bytes(11, "big")
        self._number += 1
        return number + bytes((last,))


def _recipient_info(purpose: str) -> bytes:
    return b"heard/file/1/recipient\0" + purpose.encode()


def _commitment(secret: bytes, head: bytes) -> bytes:
    return _derive(secret, head, b"heard/file/1/commit")


def _derive(secret: bytes, head: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=head, info=info).derive(secret)


def _changed() -> SealedFileError:
    return SealedFileError(
        "This file was changed, or a part of it is missing, since it was written. "
        "Take another copy of it."
    )
