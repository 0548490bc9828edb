"""What can go wrong in the sealing room, in four kinds."""

from __future__ import annotations


class SealError(Exception):
    """Something sealed could not be made or opened; never says which check refused it."""


class DocumentTooLong(SealError):
    """The document does not fit the largest size class; `limit` is what fits, in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"This is longer than {limit} bytes. Shorten it and try again.")
        self.limit = limit


class KeyFileError(Exception):
    """A key file cannot be read or written; the message tells a person what to do."""


class SealedFileError(Exception):
    """A sealed file cannot be read to its end; the message tells a person what to do."""
