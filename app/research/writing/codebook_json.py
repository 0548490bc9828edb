"""`codebook.json`: the codebook for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.consultation.questions import Scale

from ..cells import MARK
from ..codebook import Codebook, Variable
from ..columns import Asked, choices_in
from ..missing import MEANINGS

FORMAT: Final = 1

FILE: Final = {
    "name": "responses.csv",
    "encoding": "UTF-8 with a byte order mark, so that spreadsheets recognise it",
    "format": "RFC 4180: comma, double quotes where needed, CRLF between rows; "
    "a text may hold line breaks of its own",
    "rows": "In random order. A row has no number and no id.",
    "mark": f"A cell that begins with an apostrophe ({MARK}) has had that apostrophe put before "
    "it: because it could run as a formula in a spreadsheet, equals a missing code of its column, "
    "or began with an apostrophe itself. Look for missing codes first, then remove one leading "
    "apostrophe to have the answer exactly as it was given. No number is marked unless it equals "
    "a missing code.",
}


def codebook_as_json(codebook: Codebook, rows: int, texts: Mapping[str, int]) -> dict[str, Any]:
    """Return the codebook as JSON-ready data.

    Args:
        codebook: what there is.
        rows: how many responses the table has.
        texts: how many texts each question has, by its column's name.
    """
    newest = codebook.newest
    return {
        "format": FORMAT,
        "consultation": newest.consultation,
        "title": newest.title,
        "organisation": newest.organisation.name,
        "languages": newest.languages,
        "language": codebook.language,
        "dates": newest.dates.model_dump(mode="json", exclude_none=True),
        "audience": newest.audience.model_dump(mode="json", exclude_none=True),
        "areas": sorted({area for each in codebook.definitions for area in each.areas}),
        "collectors": [
            {"name": name, "label": label} for name, label in _collectors(codebook).items()
        ],
        "pages": list(_pages(codebook)),
        "versions": [
            {"version": each.version, "definition": each.digest, "languages": each.languages}
            for each in codebook.definitions
        ],
        "rows": rows,
        "file": FILE,
        "with_text": codebook.with_text,
        "columns": [_column(variable) for variable in codebook.variables],
        "texts": [_text(variable, texts) for variable in codebook.texts],
    }


def _collectors(codebook: Codebook) -> dict[str, Mapping[str, str]]:
    return {
        collector.name: collector.label
        for definition in codebook.definitions
        for collector in definition.collectors
    }


def _pages(codebook: Codebook) -> Iterator[dict[str, Any]]:
    """Where each question stood, newest version first: its page, warning, and areas."""
    seen: set[str] = set()
    for definition in reversed(codebook.definitions):
        for page in definition.pages:
            questions = [each for each in page.asked if each.name not in seen]
            seen.update(each.name for each in questions)
            if questions:
                yield {
                    "name": page.name,
                    "version": definition.version,
                    "title": page.title,
                    "content_warning": page.content_warning,
                    "questions": [
                        {"name": each.name, "area": each.area or page.area} for each in questions
                    ],
                }


def _column(variable: Variable) -> dict[str, Any]:
    described = {**_common(variable), **_meaning(variable)}
    if variable.kind == "choice":
        described["numbers"] = {value.code: value.number for value in variable.values}
    return described


def _common(variable: Variable) -> dict[str, Any]:
    column, names = variable.column, variable.names
    return {
        "column": column.name,
        "type": column.type,
        "versions": list(column.versions),
        "missing": {code: MEANINGS[reason] for reason, code in column.codes.items()},
        "measure": variable.measure,
        "names": {"spss": names.spss, "stata": names.stata, "r": names.r},
        "missing_numbers": {
            column.codes[reason]: number for reason, number in variable.numbers.items()
        },
    }


def _meaning(variable: Variable) -> dict[str, Any]:
    column, asked = variable.column, variable.asked
    if asked is None:
        return _about(variable)
    described: dict[str, Any] = {"question": column.question, "label": asked.newest.label}
    if asked.newest.hint:
        described["hint"] = asked.newest.hint
    wordings = _earlier_wordings(asked)
    if wordings:
        described["earlier_wordings"] = wordings
    if column.part == "choice":
        choice = next(each for each in choices_in(asked) if each.name == column.item)
        described |= {"choice": choice.name, "choice_label": choice.label}
        described |= {"exclusive": choice.exclusive}
        return {**described, "values": _plain_values(variable)}
    if column.part == "row":
        described |= {"row": column.item, "row_label": variable.item}
    if column.part == "place":
        described["place"] = int(column.item)
    return {**described, **_answers(asked)}


def _about(variable: Variable) -> dict[str, Any]:
    described: dict[str, Any] = {"label": variable.question}
    if variable.column.item:
        described = {"consent": variable.column.item, **described}
    if variable.values:
        described["values"] = _plain_values(variable)
    return described


def _plain_values(variable: Variable) -> dict[str, str]:
    return {value.code: value.label["en"] for value in variable.values}


def _answers(asked: Asked) -> dict[str, Any]:
    """What the answers can be."""
    newest = asked.newest
    choices = choices_in(asked)
    if choices:
        return {"choices": [{"name": each.name, "label": each.label} for each in choices]}
    if isinstance(newest, Scale):
        return {"from": newest.from_, "to": newest.to, "labels": newest.labels}
    forms = {"date": "YYYY-MM or YYYY", "country": "ISO 3166-1 alpha-2"}
    return {"form": forms[newest.type]} if newest.type in forms else {}


def _earlier_wordings(asked: Asked) -> list[dict[str, Any]]:
    """Each text that the question had in earlier versions and has no longer."""
    wordings: list[dict[str, Any]] = []
    for version, form in asked.forms[1:]:
        if form.label == asked.newest.label:
            continue
        if wordings and wordings[-1]["label"] == form.label:
            wordings[-1]["versions"].insert(0, version)
        else:
            wordings.append({"versions": [version], "label": form.label})
    return wordings


def _text(variable: Variable, counts: Mapping[str, int]) -> dict[str, Any]:
    page = variable.page
    return {
        "question": variable.name,
        "label": variable.question,
        "area": variable.area,
        "page": page.name if page else None,
        "content_warning": page.content_warning if page else None,
        "count": counts.get(variable.name, 0),
    }
