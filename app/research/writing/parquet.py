"""`responses.parquet`: the table for polars, pandas, R's arrow, DuckDB."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..codebook import Codebook, Variable
from .codebook_json import codebook_as_json
from .table import stream_table

if TYPE_CHECKING:
    import polars as pl

NAME: Final = "responses.parquet"
KEY: Final = "heard:codebook"
"""The name of the codebook among the file's own descriptions."""
_ROWS_AT_ONCE: Final = 10_000


def write_parquet(folder: Path, table: Path, codebook: Codebook) -> int:
    """Write the table with its codes, and the codebook inside; the number of cells left empty.

    Numbers are numbers, missing codes among them; everything else is as in responses.csv. The
    table passes in pieces, so that its length does not matter.
    """
    import polars as pl  # noqa: PLC0415

    frame = stream_table(table, codebook).select(_typed(each) for each in codebook.variables)
    frame.sink_parquet(
        folder / NAME,
        row_group_size=_ROWS_AT_ONCE,
        metadata={KEY: json.dumps(_described(codebook), ensure_ascii=False)},
        engine="streaming",
    )
    return int(pl.scan_parquet(folder / NAME).null_count().collect().sum_horizontal().sum())


def _described(codebook: Codebook) -> dict[str, Any]:
    """What codebook.json says, but for what the file itself shows or has no part of."""
    whole = codebook_as_json(codebook, 0, {})
    return {key: value for key, value in whole.items() if key not in ("rows", "file", "texts")}


def _typed(variable: Variable) -> pl.Expr:
    import polars as pl  # noqa: PLC0415

    cell = pl.col(variable.name)
    if variable.kind != "number":
        return cell
    whole = variable.column.type != "decimal"
    return cell.cast(pl.Int64 if whole else pl.Float64, strict=False)
