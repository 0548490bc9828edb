"""Opening responses, some at a time, and making of them what the files need."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.consultation import Definition
from app.sealing import PrivateKey, SealError, open_envelope

from .answers import NotUnderstood, Reader, Response
from .bundle import Bundle, BundleError
from .codebook import Codebook
from .rows import Rows

SEALED_TO_OTHERS: Final = "does not open with this key"
NOT_A_RESPONSE: Final = "opened, but is not a response that this version of Heard understands"
DAMAGED: Final = "stands in a damaged part of the file"

QUOTES: Final = "quotes"
"""The consent without which no words are quoted (see `app.consultation.consent.Statement`)."""

_ID_LENGTH: Final = 8  # bytes
_LETTERS: Final = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrstv")


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
        self._reader = Reader(definitions)
        self.codebook = codebook
        self._rows = Rows(codebook.columns)
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
            writer.writerow(self._rows.cells(found))
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
                return self._reader.read(document)
            except SealError:
                continue
            except BundleError:
                reason = DAMAGED
            except NotUnderstood:
                reason = NOT_A_RESPONSE
        return reason

    def _texts(self, response_id: bytes, response: Response) -> Iterable[Written]:
        for variable in self.codebook.texts:
            text = response.answers.get(variable.column.question)
            if not isinstance(text, str) or not text or not response.asked_in(variable.column):
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
        return digest.translate(_LETTERS)
