"""A certificate for 127.0.0.1 and localhost, made for one run of the tests, signed by itself."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import tempfile
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Certificate:
    """Files in PEM, and by what Chromium is told to trust it: the hash of the public key."""

    certificate: Path
    key: Path
    pin: str


@cache
def certificate(days: int = 1) -> Certificate:
    """The certificate of this process; its files go with the machine's temporary files.

    Args:
        days: how long it is good for; it ended already when they are less than none.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(dt.UTC)
    end = today + days * ONE_DAY + dt.timedelta(hours=1)
    own = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(today, end) - ONE_DAY)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(own), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = Path(tempfile.mkdtemp(prefix="heard-test-certificate-"))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    found = Certificate(
        folder / "certificate.pem",
        folder / "key.pem",
        base64.b64encode(sha256(public).digest()).decode(),
    )
    found.certificate.write_bytes(made.public_bytes(Encoding.PEM))
    found.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return found
