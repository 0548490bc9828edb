"""Key files as text: the public key for anybody, the private key under a passphrase."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.sealing.armour import Armoured
from app.sealing.errors import KeyFileError
from app.sealing.keys import (
    SEED_LENGTH,
    PrivateKey,
    PublicKey,
    check_name,
    fingerprint,
)

MOST_MEMORY_KIB: Final = 2 * 1024 * 1024  # the first choice of RFC 9106 section 4, the largest
MOST_ITERATIONS: Final = 16
MOST_LANES: Final = 16

_PUBLIC: Final = "HEARD PUBLIC KEY"
_PRIVATE: Final = "HEARD PRIVATE KEY"
_VERSION: Final = "1"
_SALT_LENGTH: Final = 16  # RFC 9106 section 3.1
_NONCE_LENGTH: Final = 12
_LOCKED_LENGTH: Final = _SALT_LENGTH + _NONCE_LENGTH + SEED_LENGTH + 16
_LOCK: Final = re.compile(
    r"argon2id memory=([1-9]\d{0,9}) iterations=([1-9]\d{0,9}) lanes=([1-9]\d{0,9})"
)


@dataclass(frozen=True)
class KeyCost:
    """What one guess of a passphrase costs: Argon2id memory in KiB, passes over it, lanes.

    Raises KeyFileError outside the limits, which hold for every file that is read: a file made to
    do harm must not be able to ask for a hundred gigabytes or a week.
    """

    memory_kib: int
    iterations: int
    lanes: int

    def __post_init__(self) -> None:
        memory_is_fine = 8 * self.lanes <= self.memory_kib <= MOST_MEMORY_KIB
        if not (
            memory_is_fine
            and 1 <= self.iterations <= MOST_ITERATIONS
            and 1 <= self.lanes <= MOST_LANES
        ):
            raise KeyFileError(
                f"This key file asks for more work than Heard allows ({self.memory_kib} KiB of "
                f"memory, {self.iterations} passes, {self.lanes} lanes). Do not use it: take "
                "your other copy."
            )

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the cost from its line in a key file; raises KeyFileError."""
        match = _LOCK.fullmatch(text)
        if match is None:
            raise _not_ours()
        memory_kib, iterations, lanes = map(int, match.groups())
        return cls(memory_kib, iterations, lanes)

    def to_text(self) -> str:
        """Return the cost as its line in a key file."""
        return f"argon2id memory={self.memory_kib} iterations={self.iterations} lanes={self.lanes}"


# Between the two choices of RFC 9106 section 4 (2 GiB, and 64 MiB in 3 passes): about a second on
# a laptop of two cores, and it fits into the memory of an old one.
DEFAULT_COST: Final = KeyCost(memory_kib=256 * 1024, iterations=3, lanes=4)


@dataclass(frozen=True)
class KeyFileSummary:
    """What a key file says about itself, for people; no passphrase is needed to read it.

    kind: which half it holds. In a private key file the rest is proven only by unlocking it.
    """

    kind: Literal["public", "private"]
    name: str
    fingerprint: str


def public_key_to_text(key: PublicKey) -> str:
    """Return the text of a .pub file."""
    return Armoured(_PUBLIC, _lines(key.name, key.fingerprint), key.raw).to_text()


def public_key_from_text(text: str) -> PublicKey:
    """Read the text of a .pub file.

    Raises KeyFileError if it is something else, or its fingerprint is not that of the key.
    """
    block = Armoured.from_text(text)
    if block.label == _PRIVATE:
        raise KeyFileError(
            "This is a private key file. Give the .pub file instead, and keep the .key file "
            "away from the server."
        )
    name, said = _read_lines(block, _PUBLIC)
    key = PublicKey(block.body, name)
    if key.fingerprint != said:
        raise KeyFileError(
            "The fingerprint in this file is not that of the key in it. "
            "Ask for the .pub file again, and compare fingerprints by telephone."
        )
    return key


def lock_private_key(
    key: PrivateKey, passphrase: str, name: str, cost: KeyCost = DEFAULT_COST
) -> str:
    """Return the text of a .key file: the seed under the passphrase.

    The passphrase may be of any strength but not empty. Raises KeyFileError for an empty one or
    a name that cannot be used.
    """
    check_name(name)
    lines = (*_lines(name, fingerprint(key.key_id)), ("Lock", cost.to_text()))
    salt, nonce = secrets.token_bytes(_SALT_LENGTH), secrets.token_bytes(_NONCE_LENGTH)
    head = Armoured(_PRIVATE, lines, b"").head.encode()
    sealed = _cipher(passphrase, salt, cost).encrypt(nonce, key.seed, head)
    return Armoured(_PRIVATE, lines, salt + nonce + sealed).to_text()


def unlock_private_key(text: str, passphrase: str) -> PrivateKey:
    """Read the text of a .key file with its passphrase.

    Raises KeyFileError for a wrong passphrase or a changed file; the two cannot be told apart.
    """
    block, cost = _private_block(text)
    salt, rest = block.body[:_SALT_LENGTH], block.body[_SALT_LENGTH:]
    nonce, sealed = rest[:_NONCE_LENGTH], rest[_NONCE_LENGTH:]
    try:
        seed = _cipher(passphrase, salt, cost).decrypt(nonce, sealed, block.head.encode())
    except InvalidTag:
        raise KeyFileError(
            "The key does not open. Check the passphrase: capital letters, and the language of "
            "the keyboard. If it is right, the file was changed: use your other copy."
        ) from None
    key = PrivateKey.from_seed(seed)
    if fingerprint(key.key_id) != _read_lines(block, _PRIVATE)[1]:
        raise KeyFileError("The fingerprint in this file is not that of the key in it.")
    return key


def describe_key_file(text: str) -> KeyFileSummary:
    """Return what a .pub or .key file says about itself; raises KeyFileError if it is neither."""
    if Armoured.from_text(text).label == _PRIVATE:
        block, _ = _private_block(text)
        return KeyFileSummary("private", *_read_lines(block, _PRIVATE))
    key = public_key_from_text(text)
    return KeyFileSummary("public", key.name, key.fingerprint)


def _private_block(text: str) -> tuple[Armoured, KeyCost]:
    block = Armoured.from_text(text)
    if block.label == _PUBLIC:
        raise KeyFileError("This is a public key, which opens nothing. Give the .key file.")
    _read_lines(block, _PRIVATE)
    if len(block.body) != _LOCKED_LENGTH:
        raise _not_ours()
    return block, KeyCost.from_text(block.lines[-1][1])


def _lines(name: str, said: str) -> tuple[tuple[str, str], ...]:
    return (("Version", _VERSION), ("Name", name), ("Fingerprint", said))


def _read_lines(block: Armoured, label: str) -> tuple[str, str]:
    """Return the name and the fingerprint that a block states."""
    wanted = ["Version", "Name", "Fingerprint", *(["Lock"] if label == _PRIVATE else [])]
    if block.label != label or [line for line, _ in block.lines] != wanted:
        raise _not_ours()
    (_, version), (_, name), (_, said), *_ = block.lines
    if version != _VERSION:
        raise KeyFileError("A newer Heard wrote this key file. Update Heard and try again.")
    check_name(name)
    if not re.fullmatch(r"[0-9a-f]{4}( [0-9a-f]{4}){7}", said):
        raise _not_ours()
    return name, said


def _cipher(passphrase: str, salt: bytes, cost: KeyCost) -> AESGCM:
    if not passphrase:
        raise KeyFileError("The passphrase is empty. Type it again.")
    try:
        # RFC 8265 section 4.2: the same letters typed on another system must give the same bytes.
        typed = unicodedata.normalize("NFC", passphrase).encode()
        return AESGCM(
            Argon2id(
                salt=salt,
                length=32,
                iterations=cost.iterations,
                lanes=cost.lanes,
                memory_cost=cost.memory_kib,
            ).derive(typed)
        )
    except UnicodeEncodeError:
        raise KeyFileError("The passphrase is not text in UTF-8. Type it again.") from None
    except MemoryError:
        raise KeyFileError(
            f"This computer has less than {cost.memory_kib // 1024} MiB of memory free. "
            "Close other programs and try again."
        ) from None


def _not_ours() -> KeyFileError:
    return KeyFileError(
        "This is not a key file of Heard. A public key file ends in .pub, a private one in .key."
    )
