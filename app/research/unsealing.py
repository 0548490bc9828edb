"""From bundles and a private key to a data set: a folder with a table and its codebook."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from app.consultation import Definition
from app.sealing import PrivateKey

from .bundle import Bundle
from .codebook import Codebook, build_codebook
from .definitions import definitions_of
from .folders import new_file, new_folder, write_json
from .opening import Batch
from .shuffle import Shuffle
from .texts import TextStore
from .workers import Workers, opening
from .writing import Format, codebook_as_json, write_descriptions, write_tables, write_texts

NOT_A_ROW: Final = "is not stored as a response"
TABLE: Final = "responses.csv"
_BATCH: Final = 250  # responses: some hundred kilobytes


@dataclass(frozen=True)
class Wanted:
    """What a data set is to be like.

    `language` is that of the labels, None for the consultation's first. `with_text` is the reason
    why texts stand beside the other answers, None for texts apart.
    """

    formats: tuple[Format, ...] = ("csv",)
    language: str | None = None
    with_text: str | None = None
    workers: Workers = field(default_factory=Workers)


@dataclass(frozen=True)
class DataSet:
    """What was written; `left_empty` counts the cells of a file that could not hold them."""

    folder: Path
    consultation: str
    versions: tuple[int, ...]
    rows: int
    columns: int
    texts: int
    files: tuple[str, ...]
    not_opened: Mapping[str, int]
    left_empty: Mapping[str, int]


class UnknownLanguage(Exception):
    """The consultation has no texts in the language that was asked for."""


Progress = Callable[[Iterator[bytes], int], Iterator[bytes]]


def unseal(
    bundles: Sequence[Bundle],
    key: PrivateKey,
    folder: Path,
    progress: Progress = lambda ids, _count: ids,
    wanted: Wanted | None = None,
) -> DataSet:
    """Open every response of the bundles and write the data set into a new folder.

    Responses that are in several bundles count once. What cannot be opened is counted and left
    out, and stops nothing. The folder gets its name when everything is in it.

    Args:
        bundles: of one consultation.
        key: the researcher's private key.
        folder: where the data set is to be; must not exist, or be empty.
        progress: is given the ids and their number, and passes the ids on.
        wanted: what it is to be like.

    Raises:
        BundleError: the bundles do not belong together, or are damaged.
        UnknownLanguage: the labels are wanted in a language that the consultation does not have.
        FolderTaken: there is something in the folder.
        Stopped: a process that opened responses was ended from outside.
        OSError: the folder cannot be written.
    """
    wanted = wanted or Wanted()
    definitions = definitions_of(bundles)
    codebook = _codebook(list(definitions.values()), wanted)
    with new_folder(folder) as half_made, TextStore(half_made / ".texts") as texts:
        filling = _Filling(texts)
        with opening(bundles, key, definitions, codebook, wanted.workers) as open_lists:
            lines = filling.lines(open_lists(_some(_shuffled(bundles, progress))))
            _write_table(half_made / TABLE, codebook, lines)
        filling.not_opened.update(_without_id(bundles))
        left_empty = _write(half_made, codebook, filling, wanted.formats)
        files = sorted(file.name for file in half_made.iterdir() if not file.name.startswith("."))
    return DataSet(
        folder=folder.resolve(),
        consultation=bundles[0].consultation,
        versions=tuple(definition.version for definition in codebook.definitions),
        rows=filling.rows,
        columns=len(codebook.variables),
        texts=filling.written,
        files=tuple(files),
        not_opened=dict(filling.not_opened),
        left_empty=left_empty,
    )


def _shuffled(bundles: Sequence[Bundle], progress: Progress) -> Iterator[bytes]:
    """The ids of all bundles, each once, in random order."""
    with Shuffle() as order:
        for bundle in bundles:
            order.add(bundle.ids())
        yield from progress(iter(order), len(order))


def _write(
    folder: Path, codebook: Codebook, filling: _Filling, formats: Sequence[Format]
) -> dict[str, int]:
    """Write everything else; how many cells each format had to leave empty."""
    write_texts(folder, codebook, filling.texts)
    left_empty = write_tables(folder, folder / TABLE, codebook, formats)
    described = codebook_as_json(codebook, filling.rows, filling.texts.counts())
    write_descriptions(folder, codebook, described | {"left_empty": left_empty}, formats)
    if filling.not_opened:
        reasons = dict(filling.not_opened)
        counts = {"not_opened": filling.not_opened.total(), "reasons": reasons}
        write_json(folder / "not_opened.json", counts)
    if "csv" not in formats:
        (folder / TABLE).unlink()
    return left_empty


def _codebook(definitions: Sequence[Definition], wanted: Wanted) -> Codebook:
    codebook = build_codebook(definitions, wanted.language, wanted.with_text)
    languages = codebook.newest.languages
    if codebook.language not in languages:
        raise UnknownLanguage(
            f"The consultation has no texts in “{codebook.language}”. "
            f"Choose one of: {', '.join(languages)}."
        )
    return codebook


@dataclass
class _Filling:
    """Takes the batches as they come: passes the lines on, keeps texts and counts."""

    texts: TextStore
    rows: int = 0
    written: int = 0
    not_opened: Counter[str] = field(default_factory=Counter)

    def lines(self, batches: Iterable[Batch]) -> Iterator[str]:
        for batch in batches:
            self.rows += batch.rows
            self.not_opened.update(batch.not_opened)
            self.written += len(batch.texts)
            self.texts.add(batch.texts)
            yield batch.lines


def _some(ids: Iterator[bytes]) -> Iterator[list[bytes]]:
    """The ids in lists of `_BATCH`."""
    while batch := list(islice(ids, _BATCH)):
        yield batch


def _write_table(path: Path, codebook: Codebook, lines: Iterable[str]) -> None:
    with new_file(path, "utf-8-sig") as file:
        csv.writer(file).writerow(column.name for column in codebook.columns)
        file.writelines(lines)


def _without_id(bundles: Sequence[Bundle]) -> Counter[str]:
    """How many rows cannot be responses, since nothing could name them."""
    strange = sum(bundle.count_rows() - sum(1 for _ in bundle.ids()) for bundle in bundles)
    return Counter({NOT_A_ROW: strange} if strange else {})
