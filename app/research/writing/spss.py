"""`responses.sav` for SPSS, and `read.sps` for what that file cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.consultation import text_in

from ..codebook import Codebook, Variable, readable
from ..folders import write_text
from ..missing import MEANINGS, Missing
from .labels import Limit, file_label, shortened, value_label, variable_label
from .table import as_number, scan_table

if TYPE_CHECKING:
    import polars as pl

NAME: Final = "responses.sav"
SYNTAX: Final = "read.sps"

# IBM SPSS Statistics, Command Syntax Reference: VARIABLE LABELS, VALUE LABELS, FILE LABEL; strings.
_LABEL: Final = Limit(256, 256)
_VALUE: Final = Limit(120, 120)
_FILE: Final = Limit(64, 64)
_SET: Final = Limit(255, 255)
LONGEST_TEXT: Final = 32_767  # bytes

# A column of words can have three missing values (MISSING VALUES): three reasons become one.
_IN_WORDS: Final = {Missing.NOT_ASKED: "99", Missing.NOT_REACHED: "99"}
_ALL_OF: Final = "not asked in this version, not reached, or not shown"


def write_spss(folder: Path, table: Path, codebook: Codebook) -> int:
    """Write the table with labels, missing codes and measures; the number of cells left empty."""
    import pyreadstat  # noqa: PLC0415

    frame = scan_table(table, codebook).select(_cells(v) for v in codebook.variables).collect()
    language = codebook.language
    pyreadstat.write_sav(
        frame,
        folder / NAME,
        file_label=file_label(codebook, _FILE),
        column_labels=[variable_label(v, language, _LABEL) for v in codebook.variables],
        variable_value_labels={v.names.spss: _labels(v, language) for v in codebook.variables},
        missing_ranges={v.names.spss: list(_missing(v)) for v in codebook.variables if v.numbers},
        variable_measure={v.names.spss: v.measure for v in codebook.variables},
        variable_format={v.names.spss: f for v in codebook.variables if (f := _format(v))},
        row_compress=True,
    )
    write_text(folder / SYNTAX, "".join(_syntax(codebook)))
    return int(frame.null_count().sum_horizontal().sum())


def _cells(variable: Variable) -> pl.Expr:
    import polars as pl  # noqa: PLC0415

    if variable.kind != "words":
        return as_number(variable).alias(variable.names.spss)
    codes = {
        variable.column.codes[why]: code
        for why, code in _IN_WORDS.items()
        if why in variable.numbers
    }
    cell = pl.col(variable.name).replace(codes) if codes else pl.col(variable.name)
    return cell.alias(variable.names.spss)


def _labels(variable: Variable, language: str) -> dict[Any, str]:
    if variable.kind == "words":
        codes = {variable.column.codes[why]: MEANINGS[why] for why in variable.numbers}
        kept = {code: why for code, why in codes.items() if code not in ("95", "96")}
        return kept | ({"99": _ALL_OF} if "99" in kept else {})
    labels = {float(v.number): value_label(v, language, _VALUE) for v in variable.values}
    return labels | {float(number): why for number, why in variable.meanings()}


def _missing(variable: Variable) -> Iterator[Any]:
    if variable.kind == "words":
        yield from ("97", "98", "99")
    elif len(variable.numbers) == 1:
        yield from variable.numbers.values()
    else:
        numbers = variable.numbers.values()
        yield {"lo": min(numbers), "hi": max(numbers)}


def _format(variable: Variable) -> str | None:
    if variable.kind == "words":
        return None
    if variable.column.type == "decimal":
        return "F16.4"
    numbers = [value.number for value in variable.values] + list(variable.numbers.values())
    width = 12 if variable.column.type == "integer" else max(len(str(n)) for n in [*numbers, 1])
    return f"F{max(width, 6) if variable.kind == 'month' else width}.0"


def _syntax(codebook: Codebook) -> Iterator[str]:
    """SPSS syntax that opens the file and joins the choices of a question to a set."""
    yield "* Encoding: UTF-8.\n"
    yield "* Open this file in SPSS, from the folder it is in, and choose Run, All.\n"
    yield f"GET FILE={_quoted(NAME)}.\n"
    sets: dict[str, list[Variable]] = {}
    for variable in codebook.variables:
        if variable.column.part == "choice" and variable.asked:
            sets.setdefault(variable.asked.column, []).append(variable)
    for name, variables in sets.items():
        label = shortened(readable(text_in(variables[0].question, codebook.language)), _SET)
        names = "\n    ".join(variable.names.spss for variable in variables)
        yield f"MRSETS\n  /MDGROUP NAME=${name} LABEL={_quoted(label)}\n"
        yield f"   CATEGORYLABELS=VARLABELS\n   VARIABLES={names}\n   VALUE=1.\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
