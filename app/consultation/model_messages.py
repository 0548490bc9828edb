"""What the model refuses, in plain words: pydantic's errors as findings at their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from .findings import Finding, Path, did_you_mean
from .model import Definition
from .questions import AnyQuestion
from .yaml_source import Source

_QUESTION_MODELS: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["type"].annotation)[0]: model
    for model in get_args(get_args(AnyQuestion)[0])
}
_IDENTIFYING_TYPES = frozenset(
    {
        *("email", "phone", "name", "address", "signature", "photo", "image", "video", "file"),
        *("location", "geopoint", "geotrace", "geoshape", "date_of_birth", "barcode", "audio"),
        *("deviceid", "phonenumber", "username", "background-audio"),
    }
)
_REFUSED_KEYS = {
    "required": (
        "required",
        "No question can be required. Remove this line: a skipped question stores nothing.",
    ),
}
_OTHER_KEYS = {
    "default": "An answer is never filled in for a person. Remove this line.",
    "calculation": "Nothing is calculated from answers. Remove this line.",
    "appearance": "Heard draws each type in its own way. Remove this line.",
    "choice_filter": "Write “relevant:” on each choice instead.",
    "list_name": "Write “choices:” and the name of the list.",
    "description": "Write “hint:” for a short explanation.",
    "options": "Write “choices:”.",
    "answers": "Write “choices:”.",
    "text": "Write “label:” for the words of a question.",
    "question": "Write “label:” for the words of a question.",
}
"""Keys of other form languages, and what stands for them here."""
_BY_LANGUAGE = re.compile(r"^(?P<key>[a-z_]+)::?(?P<tag>.+)$")
"""XLSForm's column for a language, such as `label::French (fr)`."""


def explain(source: Source, details: ErrorDetails) -> Finding:
    """Return the finding for one of pydantic's errors, at its place in the file."""
    location = _without_types(details["loc"])
    path = _known_part(source.tree, location)
    kind, key = details["type"], str(location[-1]) if location else ""
    if kind == "extra_forbidden":
        rule, message = _unknown_key(location, key, source)
        return source.finding(path, message, rule=rule, at_key=True)
    if kind == "missing":
        return _missing(source, path, location, key)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_type(source, path, details["input"])
    message = f"{_say(details)} {_got(details)}".strip()
    return source.finding(path, message, rule=_rule_of(location))


def _without_types(location: tuple[int | str, ...]) -> Path:
    """`location` without the question type that pydantic puts into it."""
    match location:
        case ("pages", _, "questions", _, kind, *_) if kind in _QUESTION_MODELS:
            return location[:4] + location[5:]
    return location


def _known_part(tree: Any, location: Path) -> Path:
    """As much of `location` as the file has."""
    path: list[int | str] = []
    node = tree
    for item in location:
        if isinstance(node, dict) and item in node:
            node = node[str(item)]
        elif isinstance(node, list) and isinstance(item, int) and item < len(node):
            node = node[item]
        else:
            break
        path.append(item)
    return tuple(path)


def _rule_of(location: Path) -> str:
    return "consent-model" if location[:2] == ("consent", "model") else "value"


def _missing(source: Source, path: Path, location: Path, key: str) -> Finding:
    rule = "consent-model" if location in (("consent",), ("consent", "model")) else "missing-key"
    if location in source.keys:
        message = f"“{key}” is empty here. Write its value behind the colon."
        return source.finding(location, message, rule=rule, at_key=True)
    message = f"“{key}” is missing here. Add a line “{key}: …”."
    return source.finding(path, message, rule=rule)


def _unknown_key(location: Path, key: str, source: Source) -> tuple[str, str]:
    if key in _REFUSED_KEYS:
        return _REFUSED_KEYS[key]
    known = _keys_at(location[:-1], source)
    said = f"“{key}” is not a key that belongs here."
    by_language = _BY_LANGUAGE.match(key)
    if by_language and by_language["key"] in known:
        name, tag = by_language["key"], by_language["tag"].strip(" ()")[-7:].split("(")[-1]
        return "unknown-key", f"{said} Write “{name}: {{{tag}: …}}” for a text by language."
    near = did_you_mean(key, known)
    if near:
        return "unknown-key", said + near
    other = _OTHER_KEYS.get(key, f"Keys here: {', '.join(known)}." if known else "Remove it.")
    return "unknown-key", f"{said} {other}"


def _keys_at(location: Path, source: Source) -> list[str]:
    """The keys that the model has at `location` and the file does not have yet."""
    model = _model_at(location, source.tree)
    fields = model.model_fields.items() if model else ()
    known = [field.alias or name for name, field in fields]
    return [key for key in known if (*location, key) not in source.keys]


def _model_at(location: Path, tree: Any) -> type[BaseModel] | None:
    """The model whose keys stand at `location`, as far as it can be told."""
    model: type[BaseModel] | None = Definition
    node, by_name = tree, False
    for item in location:
        node = _child(node, item)
        if model is None:
            return None
        if by_name:  # a dict's own key, such as a language of `reviewers`
            by_name = False
            continue
        if isinstance(item, int):
            given = node.get("type") if isinstance(node, dict) else None
            is_question = model in _QUESTION_MODELS.values()
            model = _QUESTION_MODELS.get(str(given), model) if is_question else model
            continue
        fields = model.model_fields.items()
        field = next((f for name, f in fields if item in (name, f.alias)), None)
        by_name = field is not None and get_origin(field.annotation) is dict
        model = _inner_model(field.annotation) if field else None
    return model


def _child(node: Any, item: int | str) -> Any:
    if isinstance(node, dict):
        return node.get(item)
    return node[item] if isinstance(node, list) and isinstance(item, int) else None


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_inner_model(argument) for argument in get_args(annotation))
    return next((model for model in models if model), None)


def _unknown_type(source: Source, path: Path, given: Any) -> Finding:
    keys = list(given) if isinstance(given, dict) else []
    misspelt = next((key for key in keys if key != "type" and did_you_mean(key, ["type"])), None)
    if "type" not in keys and misspelt:
        message = f"“{misspelt}” is not a key that belongs here. Did you mean “type”?"
        return source.finding((*path, misspelt), message, rule="unknown-key", at_key=True)
    rule, message = _about_type(given.get("type") if isinstance(given, dict) else None)
    return source.finding((*path, "type"), message, rule=rule)


def _about_type(name: Any) -> tuple[str, str]:
    known = ", ".join(sorted(_QUESTION_MODELS))
    if not name or not isinstance(name, str):
        return "question-type", f"Say which type of question this is: one of {known}."
    plain = name.lower().replace(" ", "_")
    if plain in _IDENTIFYING_TYPES:
        message = f"There is no type “{name}”: it would tell who the person is. Ask it no more."
        return "identifying-type", message
    first, _, rest = name.partition(" ")
    if first in _QUESTION_MODELS and rest:
        return "question-type", f"Write “type: {first}” and “choices: {rest.strip()}”."
    near = did_you_mean(plain, _QUESTION_MODELS)
    return "question-type", f"There is no type “{name}”.{near} Types: {known}."


_SENTENCES = {
    "int_parsing": "A whole number belongs here, such as 5.",
    "int_parsing_size": "This number is too large. Write a smaller one.",
    "int_type": "A whole number belongs here, such as 5.",
    "int_from_float": "A whole number belongs here, such as 5.",
    "float_parsing": "A number belongs here, such as 2.5.",
    "float_type": "A number belongs here, such as 2.5.",
    "finite_number": "A number belongs here, such as 2.5.",
    "bool_parsing": "Write true or false.",
    "bool_type": "Write true or false.",
    "list_type": "A list belongs here: lines that start with “- ”, or [one, two].",
    "dict_type": "A text belongs here, or one text for each language: {en: …, fr: …}.",
    "model_type": "Keys with values belong here, such as “name: …”, not a single text.",
    "model_attributes_type": "Keys with values belong here, such as “name: …”, not a single text.",
    "string_type": "One text belongs here, without keys or a list.",
    "string_too_short": "This text is empty. Write it, or remove the line.",
}


def _say(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    kind = details["type"]
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    if kind == "literal_error":
        return f"Write one of: {_plain_options(context)}.{_near_option(details, context)}"
    if kind == "string_pattern_mismatch":
        return _pattern(str(context.get("pattern", "")))
    if kind == "value_error":
        return str(context.get("error", details["msg"]))
    if kind.startswith("date"):
        return "A date belongs here, written as year-month-day: 2027-05-01."
    return _limit(kind, context) or details["msg"].rstrip(".") + "."


def _plain_options(context: Mapping[str, Any]) -> str:
    return str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")


def _near_option(details: ErrorDetails, context: Mapping[str, Any]) -> str:
    given = details["input"]
    options = _plain_options(context).split(", ")
    return did_you_mean(given, options) if isinstance(given, str) else ""


def _limit(kind: str, context: Mapping[str, Any]) -> str:
    """What to say about a number or a length outside its limits; "" for other errors."""
    limits = {
        "greater_than_equal": ("Write {} or more.", "ge"),
        "less_than_equal": ("Write {} or less.", "le"),
        "too_short": ("At least {} belong into this list.", "min_length"),
        "too_long": ("At most {} fit into this list.", "max_length"),
        "string_too_long": ("This text is too long: at most {} signs.", "max_length"),
    }
    if kind not in limits:
        return ""
    words, name = limits[kind]
    return words.format(context.get(name, ""))


_PATTERNS: Iterable[tuple[str, str]] = (
    ("^https", "An address that starts with https:// belongs here."),
    ("^([A-Z]{2}|all)$", "Write the two capital letters of a country, such as NP, or all."),
    ("^[A-Z]{2}$", "Write the two capital letters of a country, such as NP."),
    ("^[a-z][a-z0-9-]*$", "Use only small letters a-z, digits and -, and start with a letter."),
    ("^[a-z][a-z0-9_]*$", "Use only small letters a-z, digits and _, and start with a letter."),
    ("^[a-z0-9][a-z0-9_]*$", "Use only small letters a-z, digits and _."),
    ("\\.[a-z0-9]{2,4}$", "Write the name of a file in surveys/media/, such as faces/sad.svg."),
)


def _pattern(pattern: str) -> str:
    said = (words for part, words in _PATTERNS if part in pattern)
    return next(said, "This is not written as it should be.")


def _got(details: ErrorDetails) -> str:
    given = details["input"]
    if not isinstance(given, str) or not given:
        return ""
    short = given if len(given) <= 60 else given[:57] + "…"  # noqa: PLR2004
    return f"It says “{' '.join(short.split())}”."
