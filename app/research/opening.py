"""Opening responses, some at a time, and making of them what the files need."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.consultation import Definition
from app.sealing import PrivateKey, ScratchKey, SealError, open_envelope

from .answers import NotUnderstood, Reader, Response
from .bundle import Bundle, BundleError
from .codebook import Codebook
from .folders import csv_line
from .ids import DAMAGED
from .rows import Rows
from .shuffle import Ends, Heaps
from .texts import Written
from .writing import TextPieces

SEALED_TO_OTHERS: Final = "does not open with this key"
NOT_A_RESPONSE: Final = "opened, but is not a response that this version of Heard understands"

QUOTES: Final = "quotes"
"""The consent without which no words are quoted (see `app.consultation.consent.Statement`)."""

_ID_LENGTH: Final = 8  # bytes
_LETTERS: Final = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrstv")


@dataclass(frozen=True)
class Scratch:
    """Where rows and texts lie until their order is mixed; the key is in memory only."""

    folder: Path
    key: ScratchKey = field(repr=False)
    heaps: int


@dataclass
class Batch:
    """What some responses gave: how many rows, texts of each column, and did not open, and why.

    `table` and `words` say where the rows and the texts of this process are, with these.
    """

    table: tuple[Path, Ends]
    words: tuple[Path, Ends]
    rows: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    not_opened: Counter[str] = field(default_factory=Counter)


class Opener:
    """Opens responses, and counts those that do not open; `definitions` are by their digest."""

    def __init__(
        self,
        bundles: Sequence[Bundle],
        key: PrivateKey,
        definitions: Mapping[str, Definition],
        codebook: Codebook,
        scratch: Scratch,
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
        self._line = csv_line()
        self._pieces = TextPieces(codebook)
        own = os.getpid()
        self._table = Heaps(scratch.folder / f".rows-{own}", scratch.key, scratch.heaps)
        self._words = Heaps(scratch.folder / f".texts-{own}", scratch.key, scratch.heaps)

    def open(self, ids: Sequence[bytes]) -> Batch:
        """Open the responses with these ids, which are in order; at least one."""
        lines: list[bytes] = []
        words: list[bytes] = []
        texts: Counter[str] = Counter()
        not_opened: Counter[str] = Counter()
        for response_id, found in self._responses(ids, not_opened):
            lines.append(self._line(self._rows.cells(found)).encode())
            for written in self._texts(response_id, found):
                texts[written.column] += 1
                words.append(self._pieces.of(written).packed())
        return Batch(
            (self._table.path, self._table.add(lines)),
            (self._words.path, self._words.add(words)),
            len(lines),
            texts,
            not_opened,
        )

    def close(self) -> None:
        """Let go of the files."""
        self._table.close()
        self._words.close()

    def _responses(
        self, ids: Sequence[bytes], not_opened: Counter[str]
    ) -> Iterator[tuple[bytes, Response]]:
        """Each response from the first bundle whose copy opens; count why none does."""
        reasons = dict.fromkeys(ids, SEALED_TO_OTHERS)
        for bundle in self._bundles:
            for response_id, envelope in _envelopes(bundle, list(reasons)):
                found = DAMAGED if envelope is None else self._open(bundle, envelope)
                if isinstance(found, Response):
                    del reasons[response_id]
                    yield response_id, found
                elif found != SEALED_TO_OTHERS:
                    reasons[response_id] = found
        not_opened.update(reasons.values())

    def _open(self, bundle: Bundle, envelope: bytes) -> Response | str:
        """The response, or the reason why there is none."""
        try:
            return self._reader.read(open_envelope(envelope, bundle.consultation, self._key))
        except SealError:
            return SEALED_TO_OTHERS
        except NotUnderstood:
            return NOT_A_RESPONSE

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


def _envelopes(bundle: Bundle, ids: Sequence[bytes]) -> Iterator[tuple[bytes, bytes | None]]:
    """Those of the ids that the bundle has, each with its envelope, None for a damaged one."""
    left = dict.fromkeys(ids)
    try:
        for response_id, envelope in bundle.envelopes(ids) if ids else ():
            del left[response_id]
            yield response_id, envelope
    except BundleError:
        for response_id in left:
            yield from _looked_up(bundle, response_id)


def _looked_up(bundle: Bundle, response_id: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    try:
        envelope = bundle.envelope(response_id)
    except BundleError:
        yield response_id, None
    else:
        if envelope is not None:
            yield response_id, envelope
