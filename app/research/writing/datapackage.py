"""`datapackage.json`: Data Package 2.0 (Frictionless), which many tools read."""

from __future__ import annotations

from typing import Any, Final

from app.consultation import text_in

from ..codebook import Codebook, Variable, readable
from ..missing import MEANINGS
from .texts import QUOTES, TEXTS

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_TEXT: Final = {"type": "string", "missingValues": []}
_WHOLE: Final = ("flag", "select_multiple")  # always 0 or 1


def data_package(codebook: Codebook) -> dict[str, Any]:
    """Return the descriptor of responses.csv, texts.csv and quotes.csv."""
    newest = codebook.newest
    columns = [_field(each, codebook.language) for each in codebook.variables]
    resources = [_resource("responses", columns)]
    if codebook.texts:
        for name, own in (("texts", TEXTS), ("quotes", QUOTES)):
            resources.append(_resource(name, [{"name": column, **_TEXT} for column in own]))
    return {
        "$schema": PROFILE,
        "name": newest.consultation,
        "title": readable(codebook.title),
        "version": str(newest.version),
        "contributors": [{"title": readable(text_in(newest.organisation.name, codebook.language))}],
        "resources": resources,
    }


def _resource(name: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields},
    }


def _field(variable: Variable, language: str) -> dict[str, Any]:
    """One column; a string, since a cell may carry the mark (see `cells`), or one of a list."""
    codes = variable.column.codes
    field: dict[str, Any] = {
        "name": variable.name,
        "type": "integer" if variable.column.type in _WHOLE else "string",
        "title": variable.label(language),
        "missingValues": [{"value": code, "label": MEANINGS[why]} for why, code in codes.items()],
    }
    if variable.values and variable.column.type != "country":
        whole = field["type"] == "integer"
        field["categories"] = [
            {
                "value": value.number if whole else value.code,
                "label": readable(text_in(value.label, language)),
            }
            for value in variable.values
        ]
        field["categoriesOrdered"] = variable.measure == "ordinal"
    return field
