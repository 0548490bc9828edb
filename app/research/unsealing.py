"""From bundles and a private key to a data set: a folder with a table and its codebook."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.consultation import Definition, definition_from_json
from app.sealing import PrivateKey

from .bundle import Bundle, BundleError
from .codebook import Codebook, build_codebook
from .folders import new_file, new_folder, write_json
from .opening import Batch, Opener
from .shuffle import Shuffle
from .texts import TextStore
from .writing import codebook_as_json, write_texts

NOT_A_ROW: Final = "is not stored as a response"
TABLE: Final = "responses.csv"
_BATCH: Final = 250  # responses: some hundred kilobytes


@dataclass(frozen=True)
class Wanted:
    """What a data set is to be like.

    `language` is that of the labels, None for the consultation's first. `with_text` is the reason
    why texts stand beside the other answers, None for texts apart.
    """

    language: str | None = None
    with_text: str | None = None


@dataclass(frozen=True)
class DataSet:
    """What was written."""

    folder: Path
    consultation: str
    versions: tuple[int, ...]
    rows: int
    columns: int
    texts: int
    files: tuple[str, ...]
    not_opened: Mapping[str, int]


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
        OSError: the folder cannot be written.
    """
    wanted = wanted or Wanted()
    codebook = _codebook(bundles, wanted)
    with new_folder(folder) as half_made, TextStore(half_made / ".texts") as texts:
        opener = Opener(bundles, key, codebook)
        filling = _Filling(texts)
        with Shuffle() as order:
            for bundle in bundles:
                order.add(bundle.ids())
            ids = progress(iter(order), len(order))
            _write_table(half_made / TABLE, codebook, filling.lines(map(opener.open, _some(ids))))
        filling.not_opened.update(_without_id(bundles))
        files = [TABLE, *write_texts(half_made, codebook, texts)]
        counts = texts.counts()
        write_json(half_made / "codebook.json", codebook_as_json(codebook, filling.rows, counts))
        files.append("codebook.json")
        if filling.not_opened:
            write_json(
                half_made / "not_opened.json",
                {"not_opened": filling.not_opened.total(), "reasons": dict(filling.not_opened)},
            )
            files.append("not_opened.json")
    return DataSet(
        folder=folder.resolve(),
        consultation=bundles[0].consultation,
        versions=tuple(definition.version for definition in codebook.definitions),
        rows=filling.rows,
        columns=len(codebook.variables),
        texts=sum(counts.values()),
        files=tuple(files),
        not_opened=dict(filling.not_opened),
    )


def _codebook(bundles: Sequence[Bundle], wanted: Wanted) -> Codebook:
    definitions = list(definitions_of(bundles).values())
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
    not_opened: Counter[str] = field(default_factory=Counter)

    def lines(self, batches: Iterable[Batch]) -> Iterator[str]:
        for batch in batches:
            self.rows += batch.rows
            self.not_opened.update(batch.not_opened)
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
