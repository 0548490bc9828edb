"""Keys and the smallest Argon2id cost, for every test of the sealing room."""

from __future__ import annotations

import hashlib

import pytest

from app.sealing import KeyCost, PrivateKey

CHEAP = KeyCost(memory_kib=8, iterations=1, lanes=1)


@pytest.fixture(scope="session")
def cheap() -> KeyCost:
    return CHEAP


@pytest.fixture(scope="session")
def researchers() -> list[PrivateKey]:
    """Seventeen different keys, one more than an envelope has room for."""
    return [PrivateKey.from_seed(hashlib.sha256(bytes((n,))).digest()) for n in range(17)]
