"""`responses.dta` for Stata 14 and later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..codebook import Codebook, Variable
from ..missing import MEANINGS, Missing
from .labels import Limit, file_label, value_label, variable_label
from .table import as_number, scan_table

if TYPE_CHECKING:
    import polars as pl

NAME: Final = "responses.dta"
LETTERS: Final = dict(zip(Missing, "abcde", strict=True))
"""Stata's own: .a not asked, .b not reached, .c skipped, .d prefer not to say, .e not shown."""

# Stata Data Management Reference Manual: label; format of .dta files, release 118.
LABEL: Final = Limit(80, 320)
_VALUE: Final = Limit(32_000, 32_000)


def write_stata(folder: Path, table: Path, codebook: Codebook) -> int:
    """Write the table with labels and extended missing values; the number of cells left empty."""
    import pyreadstat  # noqa: PLC0415

    frame = scan_table(table, codebook).select(_cells(v) for v in codebook.variables).collect()
    empty = int(frame.null_count().sum_horizontal().sum())
    language = codebook.language
    numeric = [v for v in codebook.variables if v.kind != "words"]
    # Declared only where there is one: the library takes letters in no other column.
    lettered = [v for v in numeric if frame[v.names.stata].is_in(list(_letters(v))).any()]
    pyreadstat.write_dta(
        frame.with_columns(_with_letters(frame[v.names.stata], v) for v in lettered),
        folder / NAME,
        file_label=file_label(codebook, LABEL),
        column_labels=[variable_label(v, language, LABEL) for v in codebook.variables],
        variable_value_labels={
            v.names.stata: labels
            for v in numeric
            if (labels := stata_labels(v, language, v in lettered))
        },
        missing_user_values={v.names.stata: list(_letters(v).values()) for v in lettered},
    )
    return empty


def _cells(variable: Variable) -> pl.Expr:
    import polars as pl  # noqa: PLC0415

    if variable.kind != "words":
        return as_number(variable).alias(variable.names.stata)
    cell, codes = pl.col(variable.name), list(variable.column.codes.values())
    typed = cell.str.strip_prefix("'")
    shown = pl.when(cell.is_in(codes)).then(pl.lit("")).otherwise(typed) if codes else typed
    return shown.alias(variable.names.stata)


def _letters(variable: Variable) -> dict[float, str]:
    return {float(number): LETTERS[why] for why, number in variable.numbers.items()}


def _with_letters(numbers: pl.Series, variable: Variable) -> pl.Series:
    """The column with Stata's letters for missing codes."""
    import polars as pl  # noqa: PLC0415

    letters = _letters(variable)
    cells: list[Any] = [letters.get(number, number) for number in numbers]
    return pl.Series(numbers.name, cells, dtype=pl.Object)


def stata_labels(variable: Variable, language: str, lettered: bool = True) -> dict[Any, str]:
    """Return what each number of a column means, and each letter."""
    labels: dict[Any, str] = {
        value.number: value_label(value, language, _VALUE) for value in variable.values
    }
    letters = {LETTERS[why]: MEANINGS[why] for why in variable.numbers}
    return labels | (letters if lettered else {})
