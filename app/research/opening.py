"""Opening responses, some at a time, and making of them what the files need."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from app.consultation import Definition
from app.sealing import PrivateKey, SealError, open_envelope

from .answers import Cell, NotUnderstood, Response, read_response
from .bundle import Bundle, BundleError
from .cells import MARK, protect_cell
from .codebook import Codebook
from .columns import Column
from .missing import Missing

SEALED_TO_OTHERS: Final = "does not open with this key"
NOT_A_RESPONSE: Final = "opened, but is not a response that this version of Heard understands"
DAMAGED: Final = "stands in a damaged part of the file"

QUOTES: Final = "quotes"
"""The consent without which no words are quoted (see `app.consultation.consent.Statement`)."""

_ID_LENGTH: Final = 8  # bytes
_LETTERS: Final = dict(zip("0123456789abcdef", "bcdfghjkmnpqrstv", strict=True))


class Written(NamedTuple):
    """What somebody wrote: its own id, the column it answers, whether it may be quoted.

    `marked` are the pieces that could show who somebody is.
    """

    id: str
    column: str
    text: str
    may_be_quoted: bool
    marked: tuple[str, ...]


@dataclass
class Batch:
    """What some responses gave: lines of the table, texts, and how many did not open, and why."""

    lines: str = ""
    rows: int = 0
    texts: list[Written] = field(default_factory=list)
    not_opened: Counter[str] = field(default_factory=Counter)


class Opener:
    """Opens responses, and counts those that do not open; `definitions` are by their digest."""

    def __init__(
        self,
        bundles: Sequence[Bundle],
        key: PrivateKey,
        definitions: Mapping[str, Definition],
        codebook: Codebook,
    ) -> None:
        self._bundles = bundles
        self._key = key
        self._text_key = key.derive("texts")
        self._definitions = definitions
        self.codebook = codebook
        self._row = row_writer(codebook.columns)
        # Knows the numbering plans of the world: only those who open responses load them.
        from app.consultation.identifying import find_identifying  # noqa: PLC0415

        self._find_identifying = find_identifying
        self._regions = codebook.newest.support.countries

    def open(self, ids: Iterable[bytes]) -> Batch:
        """Open the responses with these ids."""
        batch = Batch()
        lines = io.StringIO(newline="")
        writer = csv.writer(lines)
        for response_id in ids:
            found = self._open(response_id)
            if isinstance(found, str):
                batch.not_opened[found] += 1
                continue
            writer.writerow(self._row(found))
            batch.rows += 1
            batch.texts.extend(self._texts(response_id, found))
        batch.lines = lines.getvalue()
        return batch

    def _open(self, response_id: bytes) -> Response | str:
        """The response in the first bundle whose copy opens, or the reason why none does."""
        reason = SEALED_TO_OTHERS
        tried: set[bytes] = set()
        for bundle in self._bundles:
            try:
                envelope = bundle.envelope(response_id)
                if envelope is None or envelope in tried:
                    continue
                tried.add(envelope)
                document = open_envelope(envelope, bundle.consultation, self._key)
                return read_response(document, self._definitions)
            except SealError:
                continue
            except BundleError:
                reason = DAMAGED
            except NotUnderstood:
                reason = NOT_A_RESPONSE
        return reason

    def _texts(self, response_id: bytes, response: Response) -> Iterable[Written]:
        for variable in self.codebook.texts:
            text = response.cell(variable.column)
            if not isinstance(text, str) or not text:
                continue
            pieces = self._find_identifying(text, self._regions)
            marked = tuple(piece.text for piece in pieces if piece.marked)
            name = self._text_id(response_id, variable.name)
            yield Written(name, variable.name, text, QUOTES in response.consent, marked)

    def _text_id(self, response_id: bytes, column: str) -> str:
        """The same each time, and without the key nothing at all: not even whose else it is.

        Letters only, so that no spreadsheet takes one for a number.
        """
        of = response_id + column.encode()
        digest = hashlib.blake2b(of, digest_size=_ID_LENGTH, key=self._text_key).hexdigest()
        return "".join(_LETTERS[digit] for digit in digest)


def row_writer(columns: Sequence[Column]) -> Callable[[Response], list[str]]:
    """Return what makes the cells of a row of a response."""
    codes = [(column, frozenset(column.codes.values())) for column in columns]
    return lambda response: [
        write_cell(response.cell(column), column, taken) for column, taken in codes
    ]


def write_cell(cell: Cell, column: Column, codes: frozenset[str]) -> str:
    """Return a cell as it stands in the file: see `cells` and `missing`."""
    if isinstance(cell, Missing):
        return column.codes[cell]
    content = str(cell)
    if column.is_number:
        # As numbers: 97.0 in the file would be read as the code 97.
        number = Decimal(content)
        return MARK + content if any(number == Decimal(code) for code in codes) else content
    return protect_cell(content, codes)
