"""Opening responses, some at a time, and making of them what the files need."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.consultation import Definition
from app.sealing import PrivateKey, ScratchKey, SealError, open_envelope

from .answers import NotUnderstood, Reader, Response, asked_in
from .bundle import Bundle, BundleError
from .codebook import Codebook, Variable
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
        self._keyed = hashlib.blake2b(digest_size=_ID_LENGTH, key=key.derive("texts"))
        self._reader = Reader(definitions)
        self.codebook = codebook
        self._rows = Rows(codebook.columns)
        # Knows the numbering plans of the world: only those who open responses load them.
        from app.consultation.identifying import find_identifying  # noqa: PLC0415

        self._find_identifying = find_identifying
        self._texts_of: dict[int, Sequence[Variable]] = {}
        self._regions = codebook.newest.support.countries
        self._line = csv_line()
        self._pieces = TextPieces(codebook)
        own = os.getpid()
        self._table = Heaps(scratch.folder / f".rows-{own}", scratch.key, scratch.heaps)
        self._words = Heaps(scratch.folder / f".texts-{own}", scratch.key, scratch.heaps)

    def open(self, ids: Sequence[bytes]) -> Batch:
        """Open the responses with these ids, which are in order; at least one.

        Step by step for all of them, not one after the other: opening one takes so much of the
        processor's caches that whatever follows it begins anew, and took twice the time.
        """
        responses, not_opened = self._responses(ids)
        rows = [self._rows.cells(response) for _, response in responses]
        lines = [self._line(row).encode() for row in rows]
        written = [text for named in responses for text in self._texts(*named)]
        words = [self._pieces.of(text).packed() for text in written]
        return Batch(
            (self._table.path, self._table.add(lines)),
            (self._words.path, self._words.add(words)),
            len(lines),
            Counter(text.column for text in written),
            not_opened,
        )

    def close(self) -> None:
        """Let go of the files."""
        self._table.close()
        self._words.close()

    def _responses(self, ids: Sequence[bytes]) -> tuple[list[tuple[bytes, Response]], Counter[str]]:
        """Each response from the first bundle whose copy opens; how often and why none does."""
        reasons = dict.fromkeys(ids, SEALED_TO_OTHERS)
        responses: list[tuple[bytes, Response]] = []
        for bundle in self._bundles:
            opened = [
                (response_id, self._opened(bundle, envelope))
                for response_id, envelope in _envelopes(bundle, list(reasons))
            ]
            for response_id, document in opened:
                found = document if isinstance(document, str) else self._read(document)
                if isinstance(found, Response):
                    del reasons[response_id]
                    responses.append((response_id, found))
                elif found != SEALED_TO_OTHERS:
                    reasons[response_id] = found
        return responses, Counter(reasons.values())

    def _opened(self, bundle: Bundle, envelope: bytes | None) -> bytes | str:
        """The document, or the reason why there is none."""
        if envelope is None:
            return DAMAGED
        try:
            return open_envelope(envelope, bundle.consultation, self._key)
        except SealError:
            return SEALED_TO_OTHERS

    def _read(self, document: bytes) -> Response | str:
        """The response, or the reason why there is none."""
        try:
            return self._reader.read(document)
        except NotUnderstood:
            return NOT_A_RESPONSE

    def _texts(self, response_id: bytes, response: Response) -> Iterator[Written]:
        for variable in self._texts_in(response.definition):
            text = response.answers.get(variable.column.question)
            if not text:
                continue
            pieces = self._find_identifying(text, self._regions)
            marked = tuple(piece.text for piece in pieces if piece.marked)
            name = self._text_id(response_id, variable.name)
            yield Written(name, variable.name, text, QUOTES in response.consent, marked)

    def _texts_in(self, definition: Definition) -> Sequence[Variable]:
        """The questions of a version that are answered in words."""
        found = self._texts_of.get(definition.version)
        if found is None:
            found = [v for v in self.codebook.texts if asked_in(definition, v.column)]
            self._texts_of[definition.version] = found
        return found

    def _text_id(self, response_id: bytes, column: str) -> str:
        """The same each time, and without the key nothing at all: not even whose else it is.

        Letters only, so that no spreadsheet takes one for a number.
        """
        keyed = self._keyed.copy()
        keyed.update(response_id + column.encode())
        return keyed.hexdigest().translate(_LETTERS)


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
