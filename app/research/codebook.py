"""The codebook: what each column of a data set means, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from app.consultation import Definition
from app.consultation.questions import Scale

from .cells import MARK
from .columns import Asked, Column, all_asked, choices_in, rows_in
from .missing import MEANINGS

FORMAT: Final = 1

_ABOUT: Final = {
    "version": "Which version of the consultation was answered.",
    "language": "The language in which it was answered.",
    "collector": "The link through which the person came; empty for the common one.",
    "ended": "Whether the person went to the end (complete) or stopped and sent (stopped).",
}

_FILE: Final = {
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


def make_codebook(
    definitions: Sequence[Definition], columns: Iterable[Column], rows: int
) -> dict[str, Any]:
    """Return the codebook as JSON-ready data.

    Args:
        definitions: every version, all of one consultation.
        columns: those of the data set, in their order.
        rows: how many responses it has.
    """
    newest = max(definitions, key=lambda definition: definition.version)
    asked: dict[tuple[str, str], Asked] = {
        (each.name, each.newest.type): each for each in all_asked(definitions)
    }
    return {
        "format": FORMAT,
        "consultation": newest.consultation,
        "title": newest.title,
        "versions": [
            {"version": each.version, "definition": each.digest, "languages": each.languages}
            for each in sorted(definitions, key=lambda each: each.version)
        ],
        "rows": rows,
        "organisation": newest.organisation.name,
        "collectors": _collectors(definitions),
        "pages": _pages(definitions),
        "file": _FILE,
        "columns": [
            _about(column, definitions)
            if not column.question
            else _question(column, asked[column.question, column.type])
            for column in columns
        ],
    }


def _collectors(definitions: Sequence[Definition]) -> list[dict[str, Any]]:
    """Every link of its own that a version had, as it was called last."""
    oldest_first = sorted(definitions, key=lambda each: each.version)
    labels = {each.name: each.label for one in oldest_first for each in one.collectors}
    return [{"name": name, "label": label} for name, label in labels.items()]


def _pages(definitions: Sequence[Definition]) -> list[dict[str, Any]]:
    """Where each question stood, newest version first: its page, warning, and areas."""
    pages: list[dict[str, Any]] = []
    seen: set[str] = set()
    for definition in sorted(definitions, key=lambda each: -each.version):
        for page in definition.pages:
            questions = [each for each in page.asked if each.name not in seen]
            seen.update(each.name for each in questions)
            if questions:
                pages.append(
                    {
                        "name": page.name,
                        "version": definition.version,
                        "title": page.title,
                        "content_warning": page.content_warning,
                        "questions": [
                            {"name": each.name, "area": each.area or page.area}
                            for each in questions
                        ],
                    }
                )
    return pages


def _common(column: Column) -> dict[str, Any]:
    return {
        "column": column.name,
        "type": column.type,
        "versions": list(column.versions),
        "missing": {code: MEANINGS[reason] for reason, code in column.codes.items()},
    }


def _about(column: Column, definitions: Sequence[Definition]) -> dict[str, Any]:
    if not column.item:
        return {**_common(column), "label": {"en": _ABOUT[column.name]}}
    labels = {
        statement.name: statement.label
        for definition in sorted(definitions, key=lambda each: each.version)
        for statement in definition.consent.statements
    }
    return {
        **_common(column),
        "consent": column.item,
        "label": labels[column.item],
        "values": {"1": "agreed", "0": "did not agree"},
    }


def _question(column: Column, asked: Asked) -> dict[str, Any]:
    described = {**_common(column), "question": column.question, "label": asked.newest.label}
    if asked.newest.hint:
        described["hint"] = asked.newest.hint
    wordings = _earlier_wordings(asked)
    if wordings:
        described["earlier_wordings"] = wordings
    if column.part == "choice":
        choice = next(each for each in choices_in(asked) if each.name == column.item)
        chosen = {
            "choice": column.item,
            "choice_label": choice.label,
            "exclusive": choice.exclusive,
        }
        return {**described, **chosen, "values": {"1": "chosen", "0": "not chosen"}}
    if column.part == "row":
        labels = {row.name: row.label for row in rows_in(asked)}
        described |= {"row": column.item, "row_label": labels[column.item]}
    if column.part == "place":
        described["place"] = int(column.item)
    return {**described, **_answers(asked)}


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
