"""A consultation with each kind of question once, which no sample has."""

from __future__ import annotations

import shutil
from pathlib import Path

EVERY_KIND = "every-kind"
FILE = Path(__file__).parent / "surveys" / f"{EVERY_KIND}.yaml"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c6360"
    "000000020001e221bc330000000049454e44ae426082"
)
"""A PNG of one pixel."""
SOUND = b"OggS"
"""No more than the beginning of a sound: it is shown, never played."""


def write_every_kind(surveys: Path) -> None:
    """Put the consultation and its picture and sound into a folder of consultations."""
    shutil.copy(FILE, surveys)
    media = surveys / "media"
    media.mkdir(exist_ok=True)
    (media / "signs.png").write_bytes(PICTURE)
    (media / "signs.ogg").write_bytes(SOUND)
