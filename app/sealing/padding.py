"""Padding to a few sizes, so that the length of an envelope says next to nothing."""

from __future__ import annotations

from typing import Final

from app.sealing.errors import DocumentTooLong, SealError

SIZE_CLASSES: Final = tuple(kib * 1024 for kib in (4, 8, 16, 32, 64, 128, 256))
LONGEST_DOCUMENT: Final = SIZE_CLASSES[-1] - 1  # one byte is the mark

_MARK: Final = b"\x80"  # ISO/IEC 7816-4: a mark, then zeros, can be undone whatever came before


def pad(document: bytes) -> bytes:
    """Return the document, the mark and zeros up to the smallest size class that fits.

    Raises DocumentTooLong if the document is over LONGEST_DOCUMENT bytes.
    """
    for size in SIZE_CLASSES:
        if len(document) < size:
            return (document + _MARK).ljust(size, b"\0")
    raise DocumentTooLong(LONGEST_DOCUMENT)


def unpad(padded: bytes) -> bytes:
    """Return the document that `pad` made this from.

    Raises SealError for anything `pad` would not have made, a larger class than needed too:
    otherwise whoever seals could choose the size and so say something with it.
    """
    document = padded.rstrip(b"\0").removesuffix(_MARK)
    if pad(document) != padded:
        raise SealError("This is not padded as it should be.")
    return document
