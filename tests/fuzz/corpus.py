"""What was found: bytes that once broke a target, in a folder for each."""

from __future__ import annotations

import hashlib
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def found_for(target: str) -> list[Path]:
    """The files of a target, in order of their names."""
    return sorted(path for path in (CORPUS / target).glob("*") if path.is_file())


def keep(target: str, data: bytes) -> Path:
    """Write bytes that broke a target; the name is their hash."""
    path = CORPUS / target / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
