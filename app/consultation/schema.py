"""The JSON Schema that gives editors completion and hover text, made from the model alone."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from .model import Definition

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BY_NAME = ("SelectOne", "SelectMultiple", "Matrix", "Rank")
"""Types whose `choices` may also be the name of a list under `choice_lists`."""


def consultation_schema() -> dict[str, Any]:
    """Return the schema of a consultation file, for editors that check YAML against it.

    The loader reads every scalar as text; an editor reads numbers, dates and true or false by
    itself. Where that makes a difference, the schema takes both.
    """
    schema = model_schema(Definition)
    for name in BY_NAME:
        choices = schema["$defs"][name]["properties"]["choices"]
        plain = {key: choices.pop(key) for key in ("items", "type", "minItems", "maxItems")}
        choices["anyOf"] = [plain, {"type": "string"}]
    schema["$schema"] = DIALECT
    schema["title"] = "A consultation of Heard"
    return schema


def model_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of one part of the language."""
    schema = model.model_json_schema(by_alias=True)
    _write_text_both_ways(schema)
    return schema


def _write_text_both_ways(node: Any) -> None:
    """A text is one sentence, or one for each language; the law one text, or one by country; an
    exit one address, or one for each language."""
    if isinstance(node, list):
        for item in node:
            _write_text_both_ways(item)
    elif isinstance(node, dict):
        if _is_text(node) or "patternProperties" in node:
            by_key = {"type": node.pop("type")}
            for key in ("additionalProperties", "patternProperties", "minProperties"):
                if key in node:
                    by_key[key] = node.pop(key)
            node["anyOf"] = [by_key.get("additionalProperties", {"type": "string"}), by_key]
            return
        for item in node.values():
            _write_text_both_ways(item)


def _is_text(node: dict[str, Any]) -> bool:
    values = node.get("additionalProperties")
    return node.get("type") == "object" and isinstance(values, dict) and _is_string(values)


def _is_string(node: dict[str, Any]) -> bool:
    return node.get("type") == "string"
