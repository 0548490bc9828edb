"""What people wrote, apart from everything else about them (R97)."""

from __future__ import annotations

from struct import Struct
from typing import Final, NamedTuple, Self

_HEAD: Final = Struct(">HII")  # the number of the question; bytes of the line, of the quote


class Written(NamedTuple):
    """What somebody wrote: its own id, the column it answers, whether it may be quoted.

    `marked` are the pieces that could show who somebody is.
    """

    id: str
    column: str
    text: str
    may_be_quoted: bool
    marked: tuple[str, ...]


class Pieces(NamedTuple):
    """The same as the files have it, in UTF-8, so that whoever puts them together only copies.

    `question` is the number of its column in `Codebook.texts`; `quote` is empty where nobody may
    quote it.
    """

    question: int
    line: bytes
    quote: bytes
    html: bytes

    def packed(self) -> bytes:
        """Return a record that `unpacked` reads."""
        head = _HEAD.pack(self.question, len(self.line), len(self.quote))
        return head + self.line + self.quote + self.html

    @classmethod
    def unpacked(cls, record: bytes) -> Self:
        """Read what `packed` returned."""
        question, line, quote = _HEAD.unpack_from(record)
        ends = _HEAD.size + line
        rest = ends + quote
        return cls(
            question,
            record[_HEAD.size : ends],
            record[ends:rest],
            record[rest:],
        )
