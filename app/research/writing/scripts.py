"""`read.R` and `read.do`: responses.csv with its labels, in R and in Stata."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from app.consultation import text_in

from ..codebook import Codebook, Variable, readable
from ..missing import MEANINGS
from .labels import variable_label
from .stata import LABEL, LETTERS, stata_labels

_R: Final = """\
# Reads responses.csv with its labels. In R, from the folder of this file:
#   source("read.R", encoding = "UTF-8")
# Then `responses` has the answers: factors with labels, numbers, texts; NA where there is none.
# `why` has the same columns and says why there is none. Nothing but R itself is needed.

responses_raw <- read.csv("responses.csv", fileEncoding = "UTF-8-BOM", encoding = "UTF-8",
  colClasses = "character", na.strings = character(), check.names = FALSE)

read_column <- function(column) {
  cells <- responses_raw[[column$name]]
  missing <- cells %in% names(column$missing)
  typed <- sub("^'", "", cells)
  typed[missing] <- NA
  answer <- if (column$kind == "number") as.numeric(typed)
    else if (length(column$values)) factor(typed, names(column$values), unname(column$values))
    else typed
  attr(answer, "label") <- column$label
  answer
}

read_why <- function(column) {
  cells <- responses_raw[[column$name]]
  factor(unname(column$missing[match(cells, names(column$missing))]), unname(column$missing))
}

named <- function(names, values) structure(as.character(values), names = as.character(names))

columns <- list(
"""
_R_END: Final = """
)
names(columns) <- vapply(columns, function(column) column$r, "")
responses <- as.data.frame(lapply(columns, read_column), stringsAsFactors = FALSE)
why <- as.data.frame(lapply(columns, read_why))
stopifnot(identical(names(responses), names(columns)))
"""


def r_script(codebook: Codebook) -> str:
    """Return R code, base R alone, that reads responses.csv."""
    columns = ",\n".join(_r_column(variable, codebook) for variable in codebook.variables)
    return _R + columns + _R_END


def _r_column(variable: Variable, codebook: Codebook) -> str:
    labelled = variable.kind in ("choice", "country")
    values = _unlike(variable, codebook.language) if labelled else {}
    missing = {code: MEANINGS[why] for why, code in variable.column.codes.items()}
    return (
        f"  list(name = {_r_text(variable.name)}, r = {_r_text(variable.names.r)}, "
        f"kind = {_r_text(variable.kind)},\n"
        f"    label = {_r_text(variable.label(codebook.language))},\n"
        f"    missing = {_r_named(missing)},\n"
        f"    values = {_r_named(values)})"
    )


def _unlike(variable: Variable, language: str) -> dict[str, str]:
    """Labels by code; a label that several answers have gets the code behind it."""
    labels = {v.code: readable(text_in(v.label, language)) for v in variable.values}
    often = Counter(labels.values())
    return {
        code: f"{label} ({code})" if often[label] > 1 or not label else label
        for code, label in labels.items()
    }


def _r_named(values: Mapping[str, str]) -> str:
    return f"named(c({_r_texts(values)}), c({_r_texts(values.values())}))"


def _r_texts(texts: Iterable[str]) -> str:
    return ", ".join(map(_r_text, texts))


def _r_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_STATA: Final = """\
* Reads responses.csv with its labels, in Stata 14 or later. From the folder of this file:
*   do read.do
* Missing codes become .a not asked, .b not reached, .c skipped, .d prefer not to say, .e not shown.
* Countries stay two letters here.
version 14
clear
import delimited using "responses.csv", encoding("utf-8") varnames(nonames) rowrange(2) ///
    stringcols(_all) bindquote(strict) maxquotedrows(unlimited)
"""
_NEXT: Final = " ///\n    "


def stata_script(codebook: Codebook) -> str:
    """Return Stata code that reads responses.csv."""
    names = [variable.names.stata for variable in codebook.variables]
    numbered = (f"v{number}" for number, _ in enumerate(names, start=1))
    # All at once: a question may be called v2.
    renamed = f"rename ({_NEXT.join(numbered)}) ///\n    ({_NEXT.join(names)})\n"
    columns = (
        line
        for number, variable in enumerate(codebook.variables, start=1)
        for line in _stata_column(variable, codebook.language, f"answers{number}")
    )
    return _STATA + renamed + "".join(columns)


def _stata_column(variable: Variable, language: str, labels: str) -> Iterator[str]:
    name, codes = variable.names.stata, variable.column.codes
    yield f"\n* {name}\n"
    if variable.kind in ("words", "country"):
        for code in codes.values():
            yield f'replace {name} = "" if {name} == "{code}"\n'
        yield f'replace {name} = substr({name}, 2, .) if substr({name}, 1, 1) == "\'"\n'
    else:
        yield "generate double Heard = .\n"
        yield from _stata_answers(variable)
        for why, code in codes.items():
            yield f'replace Heard = .{LETTERS[why]} if {name} == "{code}"\n'
        yield f"drop {name}\nrename Heard {name}\n"
        defined = stata_labels(variable, language)
        if defined:
            pairs = (
                f"{code if isinstance(code, int) else f'.{code}'} {_stata_text(label)}"
                for code, label in defined.items()
            )
            yield f"label define {labels} " + " ///\n    ".join(pairs) + "\n"
            yield f"label values {name} {labels}\n"
    yield f"label variable {name} {_stata_text(variable_label(variable, language, LABEL))}\n"


def _stata_answers(variable: Variable) -> Iterator[str]:
    name = variable.names.stata
    if variable.kind == "choice":
        for value in variable.values:
            yield f'replace Heard = {value.number} if {name} == "{value.code}"\n'
    elif variable.kind == "month":
        yield f"replace Heard = real({name}) * 100 if strlen({name}) == 4\n"
        yield f'replace Heard = real(subinstr({name}, "-", "", 1)) if strlen({name}) == 7\n'
    else:
        yield f'replace Heard = real(subinstr({name}, "\'", "", 1))\n'


def _stata_text(text: str) -> str:
    return '`"' + text.replace("`", "\\`").replace("$", "\\$") + "\"'"
