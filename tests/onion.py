"""Names of onion services that nobody runs."""

from __future__ import annotations

import base64
import hashlib

VERSION = b"\x03"


def onion_name(public_key: bytes) -> str:
    """The name for a public key of 32 bytes (Tor's rend-spec-v3, "Encoding onion addresses")."""
    checksum = hashlib.sha3_256(b".onion checksum" + public_key + VERSION).digest()[:2]
    return f"{base64.b32encode(public_key + checksum + VERSION).decode().lower()}.onion"
