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
    """The same as the files have it, so that whoever puts them together only copies.

    `question` is the number of its column in `Codebook.texts`; `quote` is empty where nobody may
    quote it.
    """

    question: int
    line: str
    quote: str
    html: str

    def packed(self) -> bytes:
        """Return a record that `unpacked` reads."""
        line, quote = self.line.encode(), self.quote.encode()
        head = _HEAD.pack(self.question, len(line), len(quote))
        return head + line + quote + self.html.encode()

    @classmethod
    def unpacked(cls, record: bytes) -> Self:
        """Read what `packed` returned."""
        question, line, quote = _HEAD.unpack_from(record)
        ends = _HEAD.size + line
        rest = ends + quote
        return cls(
            question,
            record[_HEAD.size : ends].decode(),
            record[ends:rest].decode(),
            record[rest:].decode(),
        )
