"""From bundles and a private key to a data set: a folder with a table and its codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from app.consultation import Definition
from app.sealing import PrivateKey, ScratchKey, SealError

from .bundle import Bundle
from .codebook import Codebook, build_codebook
from .definitions import definitions_of
from .folders import csv_line, new_binary_file, new_folder, write_json
from .ids import Ids
from .opening import Batch, Scratch
from .shuffle import Ends, heaps_for, in_random_order
from .texts import Pieces
from .workers import Stopped, Workers, opening
from .writing import (
    Format,
    codebook_as_json,
    load_writers,
    write_descriptions,
    write_tables,
    write_texts,
)

TABLE: Final = "responses.csv"
_SMALLEST: Final = 5_000  # bytes: no envelope that opens is smaller
_BATCH: Final = 500  # responses: so that each heap gets a few of them at once


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
        Stopped: a process that opened responses was ended from outside, or its files were changed.
        OSError: the folder cannot be written.
    """
    wanted = wanted or Wanted()
    definitions = definitions_of(bundles)
    codebook = _codebook(list(definitions.values()), wanted)
    ids = Ids(bundles)
    with new_folder(folder) as half_made:
        scratch = Scratch(half_made, ScratchKey(), heaps_for(_most_responses(bundles)))
        filling = _Filling()
        with (
            _scratch_as_it_was(),
            opening(
                bundles,
                key,
                definitions,
                codebook,
                wanted.workers,
                scratch=scratch,
                meanwhile=partial(load_writers, wanted.formats),
            ) as hands,
        ):
            for batch in hands.open(_some(progress(iter(ids), len(ids)))):
                filling.take(batch)
            filling.not_opened.update(ids.left_out)
            words = (filling.words, scratch.key.secret, filling.texts)
            wait_for_texts = hands.beside(_write_words, half_made, codebook, *words)
            _write_table(half_made / TABLE, codebook, filling.table, scratch.key)
            left_empty = _write(half_made, codebook, filling, wanted.formats)
            wait_for_texts()
        for file in (*filling.table, *filling.words):
            file.unlink()
        files = sorted(file.name for file in half_made.iterdir())
    return DataSet(
        folder=folder.resolve(),
        consultation=bundles[0].consultation,
        versions=tuple(definition.version for definition in codebook.definitions),
        rows=filling.rows,
        columns=len(codebook.variables),
        texts=filling.texts.total(),
        files=tuple(files),
        not_opened=dict(filling.not_opened),
        left_empty=left_empty,
    )


@contextmanager
def _scratch_as_it_was() -> Iterator[None]:
    try:
        yield
    except SealError:
        raise Stopped(
            "A file that is needed meanwhile was changed by something else, so nothing was "
            "written. Run the command again, with a folder that no other program looks after."
        ) from None


def _most_responses(bundles: Sequence[Bundle]) -> int:
    """More responses than that have no room in these files, whatever they say of themselves."""
    return sum(bundle.path.stat().st_size for bundle in bundles) // _SMALLEST


def _write(
    folder: Path, codebook: Codebook, filling: _Filling, formats: Sequence[Format]
) -> dict[str, int]:
    """Write everything else; how many cells each format had to leave empty."""
    left_empty = write_tables(folder, folder / TABLE, codebook, formats)
    described = codebook_as_json(codebook, filling.rows, filling.texts)
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
    """Adds up what the batches gave, and remembers where it lies."""

    table: dict[Path, Ends] = field(default_factory=dict)
    words: dict[Path, Ends] = field(default_factory=dict)
    rows: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    not_opened: Counter[str] = field(default_factory=Counter)

    def take(self, batch: Batch) -> None:
        self.table.update([batch.table])
        self.words.update([batch.words])
        self.rows += batch.rows
        self.texts.update(batch.texts)
        self.not_opened.update(batch.not_opened)


def _some(ids: Iterator[bytes]) -> Iterator[list[bytes]]:
    """The ids in lists of `_BATCH`."""
    while batch := list(islice(ids, _BATCH)):
        yield batch


def _write_words(
    folder: Path,
    codebook: Codebook,
    words: Mapping[Path, Ends],
    secret: bytes,
    counts: Mapping[str, int],
) -> None:
    """Write the texts; in a process of its own, perhaps."""
    texts = map(Pieces.unpacked, in_random_order(words, ScratchKey(secret)))
    write_texts(folder, codebook, texts, counts)


def _write_table(
    path: Path, codebook: Codebook, lines: Mapping[Path, Ends], key: ScratchKey
) -> None:
    with new_binary_file(path) as file:
        names = csv_line()([column.name for column in codebook.columns])
        file.write(names.encode("utf-8-sig"))
        file.writelines(in_random_order(lines, key))
