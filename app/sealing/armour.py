"""Armoured text: a few named lines that people read, then base64 that programs read."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final, Self

from app.sealing.errors import KeyFileError

_LINE_LENGTH: Final = 64  # RFC 7468 section 2
_DASHES: Final = "-----"


@dataclass(frozen=True)
class Armoured:
    """A block of armoured text: what it is, its named lines in order, its bytes."""

    label: str
    lines: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def head(self) -> str:
        """Everything before the base64, as it stands in the text."""
        named = "".join(f"{name}: {value}\n" for name, value in self.lines)
        return f"{_DASHES}BEGIN {self.label}{_DASHES}\n{named}\n"

    def to_text(self) -> str:
        """Return the block as text that ends with a line break."""
        encoded = base64.b64encode(self.body).decode("ascii")
        cut = [encoded[at : at + _LINE_LENGTH] for at in range(0, len(encoded), _LINE_LENGTH)]
        return self.head + "\n".join(cut) + f"\n{_DASHES}END {self.label}{_DASHES}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a block; forgives only line endings, a byte order mark, and blank space around it.

        Raises KeyFileError for text that `to_text` would not have written.
        """
        plain = text.removeprefix("\ufeff").replace("\r\n", "\n").strip() + "\n"
        first, _, rest = plain.partition("\n")
        named, _, tail = rest.partition("\n\n")
        label = first.removeprefix(f"{_DASHES}BEGIN ").removesuffix(_DASHES)
        pairs = (line.partition(": ") for line in named.split("\n"))
        lines = tuple((name, value) for name, _, value in pairs)
        encoded = tail.removesuffix(f"\n{_DASHES}END {label}{_DASHES}\n").replace("\n", "")
        try:
            block = cls(label, lines, base64.b64decode(encoded, validate=True))
        except (binascii.Error, ValueError):
            raise _not_readable() from None
        if block.to_text() != plain:  # one spelling for one block: nothing can hide between lines
            raise _not_readable()
        return block


def _not_readable() -> KeyFileError:
    return KeyFileError(
        "This is not a key file of Heard, or it was changed on the way. "
        "Use the file itself, not text copied out of it."
    )
