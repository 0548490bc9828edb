"""The table as other programs take it, read from responses.csv as it was written."""

from __future__ import annotations

from collections.abc import Iterator
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


_AT_ONCE: Final = 500_000  # bytes: some hundred rows to some thousand


def scan_table(path: Path, codebook: Codebook) -> pl.LazyFrame:
    """Return the cells of responses.csv as texts, without reading them yet."""
    import polars as pl  # noqa: PLC0415  # only those who write tables need it

    return pl.scan_csv(
        path,
        schema={variable.name: pl.String for variable in codebook.variables},
        empty_string_is_null=False,
        infer_schema=False,
    )


def stream_table(path: Path, codebook: Codebook) -> pl.LazyFrame:
    """Return the same to be written on in pieces, so that memory does not grow with the table.

    It is to be selected from and written, nothing else: what reads it cannot skip rows.
    """
    import polars as pl  # noqa: PLC0415
    from polars.io.plugins import register_io_source  # noqa: PLC0415

    schema = {variable.name: pl.String for variable in codebook.variables}

    def pieces(
        columns: list[str] | None, predicate: object, rows: int | None, _at_once: int | None
    ) -> Iterator[pl.DataFrame]:
        if predicate is not None or rows is not None:
            raise AssertionError
        for lines in whole_lines(path):
            some = pl.read_csv(lines, has_header=False, schema=schema, empty_string_is_null=False)
            yield some if columns is None else some.select(columns)

    return register_io_source(pieces, schema=schema)


def whole_lines(path: Path, at_once: int = _AT_ONCE) -> Iterator[bytes]:
    """Yield the lines of a CSV file after the first, some at a time; none is cut.

    A new line within quotes is no end: before one that is, the number of quotes is even (RFC 4180).
    """
    with path.open("rb") as file:
        file.readline()
        rest = b""
        while more := file.read(at_once):
            rest += more
            end = _last_end(rest)
            if end:
                yield rest[:end]
                rest = rest[end:]
        if rest:
            yield rest


def _last_end(lines: bytes) -> int:
    """Where the last line that is whole ends."""
    odd, end = lines.count(b'"') % 2, len(lines)
    while True:
        at = lines.rfind(b"\n", 0, end)
        if at < 0:
            return 0
        odd ^= lines.count(b'"', at, end) % 2
        if not odd:
            return at + 1
        end = at


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
