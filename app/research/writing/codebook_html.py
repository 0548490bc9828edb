"""`codebook.html`: the codebook for people."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from app.consultation import text_in

from ..codebook import Codebook, Text, Variable, readable
from ..missing import MEANINGS
from .pages import in_language, page, table


def codebook_page(codebook: Codebook, rows: int) -> Iterator[str]:
    """Yield the page: every question with its columns, answers and missing codes."""
    return page(f"Codebook: {codebook.newest.consultation}", _body(codebook, rows))


def _body(codebook: Codebook, rows: int) -> Iterator[str]:
    newest = codebook.newest
    yield f"<h1>{_words(newest.title, codebook)}</h1>\n"
    versions = ", ".join(str(each.version) for each in codebook.definitions)
    yield (
        f"<p>Codebook of <code>{escape(newest.consultation)}</code>: {rows} responses, "
        f"{len(codebook.variables)} columns, version {versions}. Rows are in random order and "
        "have no number, no id and no time.</p>\n"
    )
    if codebook.with_text is not None:
        yield (
            '<p class="note">What people wrote stands beside their other answers in this data '
            f"set. The reason that was given: {escape(codebook.with_text)}</p>\n"
        )
    yield (
        "<p>In responses.csv and responses.xlsx a leading apostrophe is a mark: look for missing "
        "codes first, then take one leading apostrophe away. SPSS and Stata have numbers for "
        "answers; they stand beside them here. In Stata, .a is not asked, .b not reached, "
        ".c skipped, .d prefer not to say, .e not shown.</p>\n"
    )
    for question, group in groupby(codebook.variables, key=lambda each: each.column.question):
        variables = list(group)
        if question:
            yield from _question(variables, codebook)
        else:
            yield "<h2>About the response</h2>\n"
            for variable in variables:
                yield f"<h3><code>{variable.name}</code></h3>\n"
                yield f"<p>{_words(variable.question, codebook)}</p>\n"
                yield from _values(variable, codebook)
                yield from _missing(variable)
    if codebook.texts:
        yield "<h2>Answered in words</h2>\n"
        yield "<p>What people wrote is in texts.csv, apart from their other answers.</p>\n<ul>\n"
        for text in codebook.texts:
            yield f"<li><code>{text.name}</code>: {_words(text.question, codebook)}</li>\n"
        yield "</ul>\n"


def _words(text: Text, codebook: Codebook) -> str:
    """A text in the chosen language, or in the first one that it has."""
    language = codebook.language if text.get(codebook.language) else next(iter(text))
    return in_language(readable(text_in(text, language)), language)


def _question(variables: list[Variable], codebook: Codebook) -> Iterator[str]:
    first = variables[0]
    yield f"<h2><code>{escape(first.column.question)}</code></h2>\n"
    yield f"<p>{_words(first.question, codebook)}</p>\n"
    about = [f"Type {first.column.type}", f"level {first.measure}"]
    about += [f"area {first.area}"] if first.area else []
    about.append("versions " + ", ".join(map(str, first.column.versions)))
    yield f"<p>{escape('; '.join(about))}.</p>\n"
    if first.page and first.page.content_warning:
        warning = _words(first.page.content_warning, codebook)
        yield f"<p>Its page began with this warning: {warning}</p>\n"
    yield from table(
        "Columns",
        ["column", "holds", "SPSS", "Stata", "R"],
        (
            [
                f"<code>{each.name}</code>",
                _words(each.item, codebook) if each.item else "the answer",
                *(f"<code>{name}</code>" for name in (names.spss, names.stata, names.r)),
            ]
            for each in variables
            for names in [each.names]
        ),
    )
    yield from _values(first, codebook)
    yield from _missing(first)


def _values(variable: Variable, codebook: Codebook) -> Iterator[str]:
    if variable.kind == "country":
        yield "<p>ISO 3166-1: two letters; in SPSS and Stata the number.</p>\n"
    elif variable.kind == "month":
        yield "<p>YYYY-MM, or YYYY; in SPSS and Stata YYYYMM, or YYYY00.</p>\n"
    elif variable.values:
        rows = (
            [f"<code>{escape(v.code)}</code>", str(v.number), _words(v.label, codebook)]
            for v in variable.values
        )
        yield from table("Answers", ["in responses.csv", "SPSS and Stata", "meaning"], rows)


def _missing(variable: Variable) -> Iterator[str]:
    rows = (
        [f"<code>{variable.column.codes[why]}</code>", str(number), escape(MEANINGS[why])]
        for why, number in variable.numbers.items()
    )
    if variable.numbers:
        yield from table("No answer", ["in responses.csv", "SPSS", "why"], rows)
