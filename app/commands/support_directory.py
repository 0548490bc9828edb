"""What commands say when the support directory is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.support import DirectoryErrors

from .refusal import Refusal


@contextmanager
def support_directory_needed() -> Iterator[None]:
    """What reads the support directory in here makes a `Refusal` of each problem it has."""
    try:
        yield
    except (DirectoryErrors, OSError) as error:
        raise Refusal(f"The support directory cannot be used:\n{error}") from None
