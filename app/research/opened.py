"""Reading the folder that `heard unseal` wrote: the codebook, the table, and the coded themes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .missing import Missing

if TYPE_CHECKING:
    import polars as pl

LARGEST: Final = 64 * 1024 * 1024  # bytes of a JSON file; nothing is parsed without end
Words = Mapping[str, str]
"""A text by language."""


class DataSetError(Exception):
    """The folder is no data set; the message says what to do."""


class _Entry(BaseModel):
    """Part of a file that may hold more than is read here."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class AnswerEntry(_Entry):
    """One of the answers of a column, as it stands in the data, and what people read."""

    name: str
    label: dict[str, str]


class ColumnEntry(_Entry):
    """What the codebook says of a column."""

    column: str
    type: str
    missing: dict[str, str] = Field(default_factory=dict)
    question: str | None = None
    label: dict[str, str] = Field(default_factory=dict)
    choice: str | None = None
    choice_label: dict[str, str] = Field(default_factory=dict)
    exclusive: bool = False
    row: str | None = None
    row_label: dict[str, str] = Field(default_factory=dict)
    place: int | None = None
    choices: list[AnswerEntry] = Field(default_factory=list)
    from_: int | None = Field(default=None, alias="from")
    to: int | None = None
    labels: dict[str, dict[str, str]] | None = None
    consent: str | None = None

    def reason(self, cell: str) -> Missing | None:
        """Why a cell has no answer; None when it is one."""
        return Missing(int(cell[-1])) if cell in self.missing else None


class PlacedQuestion(_Entry):
    """A question on a page."""

    name: str
    area: str | None = None


class PageEntry(_Entry):
    """A page, and what was said before it."""

    name: str
    title: dict[str, str] | None = None
    content_warning: dict[str, str] | None = None
    questions: list[PlacedQuestion] = Field(default_factory=list)


class CollectorEntry(_Entry):
    """A link of its own."""

    name: str
    label: dict[str, str] = Field(default_factory=dict)


class TextEntry(_Entry):
    """A question whose answers are texts, which stand in a file of their own."""

    question: str
    label: dict[str, str] = Field(default_factory=dict)
    content_warning: dict[str, str] | None = None
    count: Annotated[int, Field(ge=0)]


class VersionEntry(_Entry):
    """A version that was published."""

    version: int
    languages: list[str] = Field(default_factory=list)


class CodebookEntries(_Entry):
    """What is read of `codebook.json`."""

    format: Literal[1]
    consultation: str
    title: dict[str, str]
    versions: list[VersionEntry] = Field(min_length=1)
    rows: int
    columns: list[ColumnEntry]
    organisation: dict[str, str] = Field(default_factory=dict)
    collectors: list[CollectorEntry] = Field(default_factory=list)
    pages: list[PageEntry] = Field(default_factory=list)
    texts: list[TextEntry] = Field(default_factory=list)

    @property
    def languages(self) -> list[str]:
        """Every language that a version had, the newest version's first."""
        newest_first = sorted(self.versions, key=lambda each: -each.version)
        return list(dict.fromkeys(tag for each in newest_first for tag in each.languages))


class ThemeEntry(_Entry):
    """A theme that texts were sorted under."""

    name: str
    label: str


class CodedQuestion(_Entry):
    """How many people's texts have each theme."""

    themes: list[ThemeEntry]
    texts: Annotated[int, Field(ge=0)]
    counts: dict[str, Annotated[int, Field(ge=0)]]
    kappa: dict[str, float | None] = Field(default_factory=dict)


class CodingEntries(_Entry):
    """What is read of `coding.json`."""

    format: Literal[1]
    questions: dict[str, CodedQuestion]


@dataclass(frozen=True)
class OpenedDataSet:
    """A data set as it was read.

    Attributes:
        folder: where it stands.
        codebook: what its columns mean.
        table: its cells as they stand in the file, marks and missing codes included.
        coding: themes of texts, where somebody sorted them.
    """

    folder: Path
    codebook: CodebookEntries
    table: pl.DataFrame
    coding: CodingEntries | None

    def cells(self, column: str) -> Sequence[str]:
        """The cells of a column, in the order of the rows."""
        found: Sequence[str] = self.table[column].to_list()
        return found


def open_data_set(folder: Path) -> OpenedDataSet:
    """Read the folder that `heard unseal` wrote.

    Raises:
        DataSetError: it is no such folder, or its files do not fit together.
    """
    if folder.is_file():
        raise DataSetError(f"{folder} is a file. Name the folder that heard unseal made.")
    if not folder.is_dir():
        raise DataSetError(f"There is no folder {folder}. Make it with: heard unseal … -o {folder}")
    codebook = _read(folder / "codebook.json", CodebookEntries)
    if codebook is None:
        raise DataSetError(
            f"{folder} has no codebook.json, so it is not a data set. Name the folder that heard "
            "unseal made."
        )
    table = _table(folder, codebook)
    coding = _read(folder / "coding.json", CodingEntries)
    for name, question in (coding.questions if coding else {}).items():
        _check_themes(folder / "coding.json", name, question)
    return OpenedDataSet(folder, codebook, table, coding)


Entries = TypeVar("Entries", bound=BaseModel)


def _read(path: Path, model: type[Entries]) -> Entries | None:
    try:
        if path.stat().st_size > LARGEST:
            raise DataSetError(f"{path} is larger than any that Heard writes.")
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        return model.model_validate(content)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataSetError(f"{path} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(each) for each in first["loc"])
        raise DataSetError(
            f"{path} is not as Heard writes it: {place}: {first['msg']}. Take the file as it was "
            "written, or make it again."
        ) from None
    except (ValueError, RecursionError):
        raise DataSetError(f"{path} is not JSON. Take the file as it was written.") from None


def _table(folder: Path, codebook: CodebookEntries) -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415 - heavy, and only this needs it

    for name in ("responses.csv", "responses.parquet"):
        path = folder / name
        if not path.exists():
            continue
        try:
            if name.endswith(".csv"):
                table = pl.read_csv(
                    path, infer_schema=False, empty_string_is_null=False, glob=False
                )
            else:
                whole = pl.read_parquet(path, glob=False)
                table = whole.select(pl.all().cast(pl.String).str.strip_suffix(".0").fill_null(""))
        except (pl.exceptions.PolarsError, OSError) as error:
            raise DataSetError(
                f"{path} cannot be read as a table ({type(error).__name__}). A program may have "
                "saved it anew: take the file as heard unseal wrote it."
            ) from None
        return _checked(table, codebook, path)
    raise DataSetError(
        f"{folder} has neither responses.csv nor responses.parquet. Make the folder again with: "
        "heard unseal … --format csv"
    )


def _checked(table: pl.DataFrame, codebook: CodebookEntries, path: Path) -> pl.DataFrame:
    absent = [each.column for each in codebook.columns if each.column not in table.columns]
    absent = [name for name in absent if not _is_text(codebook, name)]
    if absent:
        raise DataSetError(
            f"{path} lacks the column {absent[0]}, which codebook.json describes. Take both files "
            "from one heard unseal."
        )
    if table.height != codebook.rows:
        raise DataSetError(
            f"{path} has {table.height} rows, and codebook.json says {codebook.rows}. Rows were "
            "added or taken out: take both files from one heard unseal."
        )
    return table


def _is_text(codebook: CodebookEntries, name: str) -> bool:
    return any(each.column == name and each.type == "text" for each in codebook.columns)


def _check_themes(path: Path, name: str, question: CodedQuestion) -> None:
    for theme in question.themes:
        people = question.counts.get(theme.name)
        if people is None or people > question.texts:
            raise DataSetError(
                f"{path}: {name}, {theme.name}: the count has to be between 0 and the "
                f"{question.texts} texts. Write it again with heard code."
            )
