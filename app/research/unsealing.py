"""From bundles and a private key to a data set: a folder with a table and its codebook."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.consultation import Definition, definition_from_json
from app.sealing import PrivateKey, SealError, open_envelope

from .answers import Cell, NotUnderstood, Response, read_response
from .bundle import Bundle, BundleError
from .cells import MARK, protect_cell
from .codebook import make_codebook
from .columns import Column, build_columns
from .missing import Missing
from .shuffle import Shuffle

SEALED_TO_OTHERS: Final = "does not open with this key"
NOT_A_RESPONSE: Final = "opened, but is not a response that this version of Heard understands"
DAMAGED: Final = "stands in a damaged part of the file"
NOT_A_ROW: Final = "is not stored as a response"


@dataclass(frozen=True)
class DataSet:
    """What was written."""

    folder: Path
    consultation: str
    versions: tuple[int, ...]
    rows: int
    columns: int
    not_opened: Mapping[str, int]


class FolderTaken(Exception):
    """The folder for the data set has something in it."""


def unseal(
    bundles: Sequence[Bundle],
    key: PrivateKey,
    folder: Path,
    progress: Callable[[Iterator[bytes], int], Iterator[bytes]] = lambda ids, _count: ids,
) -> DataSet:
    """Open every response of the bundles and write the data set into a new folder.

    Responses that are in several bundles count once. What cannot be opened is counted and left
    out, and stops nothing. The folder gets its name when everything is in it.

    Args:
        bundles: of one consultation.
        key: the researcher's private key.
        folder: where the data set is to be; must not exist, or be empty.
        progress: is given the ids and their number, and passes the ids on.

    Raises:
        BundleError: the bundles do not belong together, or are damaged.
        FolderTaken: there is something in the folder.
        OSError: the folder cannot be written.
    """
    folder = folder.resolve()
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise FolderTaken(f"{folder} is not empty, and nothing is overwritten. Name a new folder.")
    definitions = definitions_of(bundles)
    columns = build_columns(list(definitions.values()))
    opener = _Opener(bundles, key, definitions)
    folder.parent.mkdir(parents=True, exist_ok=True)
    half_made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))  # mode 0700
    try:
        with Shuffle() as order:
            for bundle in bundles:
                order.add(bundle.ids())
            opener.count_what_has_no_id()
            ids = progress(iter(order), len(order))
            rows = _write_table(half_made / "responses.csv", columns, opener.responses(ids))
        codebook = make_codebook(list(definitions.values()), columns, rows)
        _write_json(half_made / "codebook.json", codebook)
        if opener.not_opened:
            counts = {"not_opened": opener.not_opened.total(), "reasons": dict(opener.not_opened)}
            _write_json(half_made / "not_opened.json", counts)
        if folder.is_dir():
            folder.rmdir()  # it is empty; not every system renames onto a folder
        half_made.rename(folder)
    except BaseException:
        shutil.rmtree(half_made, ignore_errors=True)
        raise
    versions = tuple(sorted(definition.version for definition in definitions.values()))
    return DataSet(
        folder, bundles[0].consultation, versions, rows, len(columns), dict(opener.not_opened)
    )


def definitions_of(bundles: Sequence[Bundle]) -> dict[str, Definition]:
    """Return the definitions in the bundles, by digest; definitions nobody can read are left out.

    Raises BundleError when the bundles are of several consultations, or of two different ones
    that call themselves the same.
    """
    names = sorted({bundle.consultation for bundle in bundles})
    if len(names) != 1:
        raise BundleError(f"These bundles are of several consultations: {', '.join(names)}.")
    definitions: dict[str, Definition] = {}
    for bundle in bundles:
        for stored in bundle.definitions:
            try:
                definition = definition_from_json(stored.document)
            except ValidationError:
                continue
            if stored.is_itself() and definition.consultation == names[0]:
                definitions[stored.digest] = definition
    if not definitions:
        raise BundleError(
            "No definition in these bundles can be read. Look with: heard verify FILE"
        )
    repeated = Counter(each.version for each in definitions.values()).most_common(1)[0]
    if repeated[1] > 1:
        raise BundleError(
            f"These bundles hold two different definitions that are both version {repeated[0]}. "
            "Unseal them one by one."
        )
    return definitions


class _Opener:
    """Opens responses one by one, and counts those that do not open."""

    def __init__(
        self, bundles: Sequence[Bundle], key: PrivateKey, definitions: Mapping[str, Definition]
    ) -> None:
        self._bundles = bundles
        self._key = key
        self._definitions = definitions
        self.not_opened: Counter[str] = Counter()

    def count_what_has_no_id(self) -> None:
        for bundle in self._bundles:
            strange = bundle.count_rows() - sum(1 for _ in bundle.ids())
            if strange:
                self.not_opened[NOT_A_ROW] += strange

    def responses(self, ids: Iterator[bytes]) -> Iterator[Response]:
        for response_id in ids:
            found = self._open(response_id)
            if isinstance(found, Response):
                yield found
            else:
                self.not_opened[found] += 1

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


def _write_table(path: Path, columns: Sequence[Column], responses: Iterator[Response]) -> int:
    """Write the table as it comes; the number of rows."""
    rows = 0
    codes = [frozenset(column.codes.values()) for column in columns]
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        path.chmod(0o600)
        writer = csv.writer(file)
        writer.writerow(column.name for column in columns)
        for response in responses:
            writer.writerow(
                write_cell(response.cell(column), column, taken)
                for column, taken in zip(columns, codes, strict=True)
            )
            rows += 1
    return rows


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


def _write_json(path: Path, content: object) -> None:
    with path.open("x", encoding="utf-8") as file:
        path.chmod(0o600)
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
