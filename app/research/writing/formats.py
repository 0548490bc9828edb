"""Which files a data set gets, by the formats that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

from ..codebook import Codebook
from ..folders import new_file, write_json, write_text
from .codebook_html import codebook_page
from .datapackage import data_package
from .ddi import ddi_document
from .excel import write_codebook_workbook, write_excel
from .parquet import write_parquet
from .scripts import r_script, stata_script
from .spss import write_spss
from .stata import write_stata

Format: TypeAlias = Literal["csv", "xlsx", "sav", "dta", "parquet"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_Writer: TypeAlias = Callable[[Path, Path, Codebook], int]
_TABLES: Final[Mapping[Format, _Writer]] = {
    "sav": write_spss,
    "dta": write_stata,
    "xlsx": write_excel,
    "parquet": write_parquet,
}


def load_writers(formats: Sequence[Format]) -> None:
    """Load now what writing the tables would load later: it takes a second on a slow computer."""
    if set(formats) & set(_TABLES):
        import_module("polars")


def write_tables(
    folder: Path, table: Path, codebook: Codebook, formats: Sequence[Format]
) -> dict[str, int]:
    """Write the table in every format that was asked for.

    Args:
        folder: where the files go.
        table: responses.csv; where csv was not asked for, it is for the others alone.
        codebook: what there is.
        formats: those wanted.

    Returns the number of cells that a format cannot hold, for each that has some: they are empty.
    """
    empty = {each: _TABLES[each](folder, table, codebook) for each in formats if each in _TABLES}
    if "csv" in formats:
        write_text(folder / "read.R", r_script(codebook))
        write_text(folder / "read.do", stata_script(codebook))
    if "xlsx" in formats:
        write_codebook_workbook(folder, codebook)
    return {f"responses.{each}": number for each, number in empty.items() if number}


def write_descriptions(
    folder: Path, codebook: Codebook, described: dict[str, Any], formats: Sequence[Format]
) -> None:
    """Write the codebook for programs, for people, for archives, and for tools.

    Args:
        folder: where the files go.
        codebook: what there is.
        described: the same as codebook.json has it.
        formats: those wanted.
    """
    rows = described["rows"]
    write_json(folder / "codebook.json", described)
    with new_file(folder / "codebook.html") as file:
        file.writelines(codebook_page(codebook, rows))
    with (folder / "codebook.xml").open("xb") as opened:
        opened.write(ddi_document(codebook, rows, f"responses.{formats[0]}"))
    if "csv" in formats:
        write_json(folder / "datapackage.json", data_package(codebook))
