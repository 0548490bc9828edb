"""From the text of a YAML file to a definition, or to messages that say what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .findings import DefinitionErrors, Finding, Path, did_you_mean
from .model import Definition
from .questions import AnyQuestion
from .structure import check_structure
from .texts import DEFAULT_LANGUAGE
from .yaml_source import Source, read_yaml

_QUESTION_MODELS: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["type"].annotation)[0]: model
    for model in get_args(get_args(AnyQuestion)[0])
}
_REFUSED_TYPES = dict.fromkeys(
    [
        *("email", "phone", "name", "address", "signature", "photo", "image", "file"),
        *("location", "geopoint", "date_of_birth", "barcode"),
    ],
    "it would tell who the person is (R17)",
)
_REFUSED_KEYS = {
    "required": "No question can be required (R36). Remove this line: a skipped question stores "
    "nothing.",
}


def load_definition(text: str, path: str) -> Definition:
    """Return the definition in `text`; `path` is the file's name in messages.

    Raises `DefinitionErrors` with every finding, each at its line and column.
    """
    source = read_yaml(text, path)
    if not isinstance(source.tree, dict):
        message = "A consultation starts with keys such as “consultation:” and “pages:”."
        raise DefinitionErrors([Finding(path, 1, 1, message)])
    unresolved = list(_resolve_choice_lists(source))
    if unresolved:
        raise DefinitionErrors(unresolved)
    languages = source.tree.get("languages")
    first = languages[0] if isinstance(languages, list) and languages else "en"
    try:
        definition = Definition.model_validate(source.tree, context={DEFAULT_LANGUAGE: first})
    except ValidationError as error:
        raise DefinitionErrors(
            _explain(source, details) for details in error.errors(include_url=False)
        ) from None
    findings = [source.finding(where, message) for where, message in check_structure(definition)]
    if findings:
        raise DefinitionErrors(findings)
    return definition


def load_definition_file(path: FilePath) -> Definition:
    """Return the definition in the file at `path`; raises `DefinitionErrors`, `OSError`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        raise DefinitionErrors([Finding(str(path), 1, 1, message)]) from None
    return load_definition(text, str(path))


def _resolve_choice_lists(source: Source) -> Iterator[Finding]:
    """Put each named choice list in the place of its name."""
    lists = source.tree.get("choice_lists")
    lists = lists if isinstance(lists, dict) else {}
    for path, question in _questions(source.tree):
        named = question.get("choices")
        if not isinstance(named, str):
            continue
        if named in lists:
            question["choices"] = lists[named]
        else:
            hint = did_you_mean(named, lists)
            message = f"There is no choice list “{named}” under choice_lists.{hint}"
            yield source.finding((*path, "choices"), message)


def _questions(tree: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    pages = tree.get("pages")
    for page_index, page in enumerate(pages if isinstance(pages, list) else []):
        questions = page.get("questions") if isinstance(page, dict) else None
        for index, question in enumerate(questions if isinstance(questions, list) else []):
            if isinstance(question, dict):
                yield ("pages", page_index, "questions", index), question


def _real_path(tree: Any, location: tuple[int | str, ...]) -> Path:
    """`location` without the names that pydantic adds for the members of a union."""
    path: list[int | str] = []
    node = tree
    for item in location:
        if isinstance(node, dict) and item in node:
            node = node[str(item)]
        elif isinstance(node, list) and isinstance(item, int) and item < len(node):
            node = node[item]
        else:
            continue
        path.append(item)
    return tuple(path)


def _explain(source: Source, details: ErrorDetails) -> Finding:
    path = _real_path(source.tree, details["loc"])
    kind, key = details["type"], str(details["loc"][-1]) if details["loc"] else ""
    if kind == "extra_forbidden":
        return source.finding(path, _unknown_key(details["loc"], key), at_key=True)
    if kind == "missing":
        return source.finding(path, f"“{key}” is missing here. Add a line “{key}: …”.")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return source.finding((*path, "type"), _unknown_type(details["input"]))
    return source.finding(path, f"{_say(details)} {_got(details)}".strip())


def _unknown_key(location: tuple[int | str, ...], key: str) -> str:
    if key in _REFUSED_KEYS:
        return _REFUSED_KEYS[key]
    model = _model_at(location[:-1])
    known = [field.alias or name for name, field in model.model_fields.items()] if model else []
    return f"“{key}” is not a key that belongs here.{did_you_mean(key, known)}"


def _model_at(location: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model whose keys stand at `location`, as far as it can be told."""
    model: type[BaseModel] | None = Definition
    for item in location:
        if isinstance(item, int) or model is None:
            continue
        if item in _QUESTION_MODELS:
            model = _QUESTION_MODELS[item]
            continue
        field = next((f for name, f in model.model_fields.items() if item in (name, f.alias)), None)
        model = _inner_model(field.annotation) if field else None
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_inner_model(argument) for argument in get_args(annotation))
    return next((model for model in models if model), None)


def _unknown_type(given: Any) -> str:
    known = ", ".join(sorted(_QUESTION_MODELS))
    name = given.get("type", "") if isinstance(given, dict) else ""
    if not name:
        return f"Say which type of question this is: one of {known}."
    if name in _REFUSED_TYPES:
        return f"There is no type “{name}”: {_REFUSED_TYPES[name]}."
    return f"There is no type “{name}”.{did_you_mean(name, _QUESTION_MODELS)} Types: {known}."


def _say(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    kind = details["type"]
    sentences = {
        "int_parsing": "A whole number belongs here.",
        "int_type": "A whole number belongs here.",
        "float_parsing": "A number belongs here.",
        "bool_parsing": "Write true or false.",
        "bool_type": "Write true or false.",
        "list_type": "A list belongs here: lines that start with “- ”.",
        "dict_type": "A text belongs here, or one text for each language.",
        "model_type": "Keys with values belong here, not a single text.",
        "model_attributes_type": "Keys with values belong here, not a single text.",
        "string_type": "One text belongs here.",
        "string_too_short": "This text is empty.",
    }
    if kind in sentences:
        return sentences[kind]
    if kind == "literal_error":
        return f"Write one of: {context.get('expected', '')}."
    if kind == "string_pattern_mismatch":
        return _pattern(str(context.get("pattern", "")))
    if kind.startswith("date"):
        return "A date belongs here, written as year-month-day: 2027-05-01."
    return details["msg"].rstrip(".") + "."


def _pattern(pattern: str) -> str:
    if pattern.startswith("^https"):
        return "An address that starts with https:// belongs here."
    if pattern == r"^[A-Z]{2}$":
        return "Write the two capital letters of a country, such as NP."
    return "Use only small letters a-z, digits and _ (in an id: -), and start with a letter."


def _got(details: ErrorDetails) -> str:
    given = details["input"]
    return f"It says “{given[:60]}”." if isinstance(given, str) and given else ""
