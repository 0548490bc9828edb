"""The table as other programs take it, read from responses.csv as it was written."""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from ..codebook import Codebook, Variable
from ..numbering import country_number

if TYPE_CHECKING:
    import polars as pl

MOST_WHOLE: Final = 2**53
"""Up to here every whole number is exactly one number of a statistics program (IEEE 754)."""


def scan_table(path: Path, codebook: Codebook) -> pl.LazyFrame:
    """Return the cells of responses.csv as texts, without reading them yet."""
    import polars as pl  # noqa: PLC0415  # only those who write tables need it

    return pl.scan_csv(
        path,
        schema={variable.name: pl.String for variable in codebook.variables},
        empty_string_is_null=False,
        infer_schema=False,
    )


def as_number(variable: Variable) -> pl.Expr:
    """Return the cells of a column as numbers, missing codes as theirs.

    Null is what cannot be told from a missing code, or has more digits than the program keeps.
    """
    import polars as pl  # noqa: PLC0415

    cell = pl.col(variable.name)
    codes = {variable.column.codes[why]: number for why, number in variable.numbers.items()}
    if variable.kind == "number":
        number = cell.cast(pl.Float64, strict=False)
        if variable.column.type == "integer":
            return pl.when(number.abs() <= MOST_WHOLE).then(number)
        return number
    if variable.kind == "month":
        month = pl.when(cell.str.len_chars() == len("2026-11")).then(cell.str.replace("-", ""))
        year = month.when(cell.str.len_chars() == len("2026")).then(cell + "00")
        return year.otherwise(cell).cast(pl.Float64, strict=False)
    values = (
        _all_countries()
        if variable.kind == "country"
        else {value.code: value.number for value in variable.values}
    )
    numbers = {code: float(number) for code, number in {**values, **codes}.items()}
    return cell.replace_strict(numbers, default=None, return_dtype=pl.Float64)


@cache
def _all_countries() -> dict[str, int]:
    pairs = map("".join, product(ascii_uppercase, repeat=2))
    return {letters: country_number(letters) for letters in pairs}
