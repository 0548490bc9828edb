"""The reference of the consultation language, made from the model so that it cannot drift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, get_args

from pydantic import BaseModel

from .consent import (
    Assent,
    Consent,
    Statement,
    UnderstandingChoice,
    UnderstandingQuestion,
    Waiver,
)
from .duties import (
    Account,
    Approval,
    Duties,
    Ethics,
    Influence,
    Listener,
    Participation,
    Pilot,
    Safeguarding,
)
from .model import (
    AgeBand,
    Audience,
    Collector,
    Dates,
    Definition,
    NoneKnown,
    Organisation,
    Page,
    Review,
    Revision,
    Silenced,
    Support,
    Thanks,
    Topic,
)
from .outcomes import Outcome
from .questions import AnyQuestion, Audio, Choice, Image, Question, Row
from .schema import consultation_schema, model_schema

PARTS: tuple[tuple[str, tuple[type[BaseModel], ...]], ...] = (
    ("The whole file", (Definition,)),
    ("Who asks, whom, and when", (Organisation, Audience, AgeBand, Dates, Collector, Review)),
    ("Pages", (Page, Topic)),
    ("What every question can have", (Question, Choice, Row, Image, Audio)),
    ("Types of questions", get_args(get_args(AnyQuestion)[0])),
    (
        "Consent",
        (Consent, Statement, Assent, UnderstandingQuestion, UnderstandingChoice, Waiver),
    ),
    ("Support", (Support, NoneKnown)),
    (
        "Duties",
        (Duties, Ethics, Approval, Account, Safeguarding, Pilot),
    ),
    ("The four doors of participation", (Participation, Listener, Influence)),
    ("The end, what came of it, and the checker", (Thanks, Outcome, Revision, Silenced)),
)

HEAD = """\
# The consultation language: reference

Made from the model by `heard schema --format markdown`; do not edit it here. How to begin is in
[for-facilitators.md](for-facilitators.md).

“text” is one sentence in the first language, or one for each language:
`{en: "Yes", fr: "Oui"}`. A key without “needed” can be left out.
"""

EXPRESSIONS = """\
## Expressions

`relevant` and `constraint` use XLSForm's spelling:

| write | it is |
| --- | --- |
| `${name}` | the answer to an earlier question |
| `.` | this answer, in `constraint` |
| `'words'`, `12`, `1.5` | words and numbers |
| `=` `!=` `<` `<=` `>` `>=` | comparisons |
| `and` `or` `not(…)` | both, one of them, not |
| `selected(${many}, 'x')` | whether x was chosen |
| `count_selected(${many})` | how many were chosen |
| `answered(${name})` | whether there is an answer |
| `+` `-` `*` | sums |

A comparison with a question that was skipped or not shown is false. So `${told} != 'yes'` is false
for someone who skipped it, and `not(${told} = 'yes')` is true.

Another implementation can run the test vectors in
[expression-vectors.json](expression-vectors.json).
"""


def language_reference() -> str:
    """Return the reference as Markdown."""
    schema = consultation_schema()
    return "\n".join([HEAD, *_parts(schema), EXPRESSIONS])


def _parts(schema: dict[str, Any]) -> Iterator[str]:
    for title, models in PARTS:
        yield f"## {title}\n"
        for model in models:
            yield from _model(model, schema)


def _model(model: type[BaseModel], schema: dict[str, Any]) -> Iterator[str]:
    name = model.__name__
    described = schema if name == "Definition" else schema["$defs"].get(name)
    described = described or model_schema(model)
    yield f"### {_heading(model)}\n"
    yield f"{described['description']}\n"
    own = _own_keys(model)
    yield "| key | what stands there | |\n| --- | --- | --- |"
    needed = described.get("required", [])
    for key, field in described["properties"].items():
        if key in own:
            words = field.get("description") or _referred(field, schema)
            note = f"{_kind(field)}{', needed' if key in needed else ''}"
            yield f"| `{key}` | {' '.join(words.split())} | {note} |"
    yield ""


def _own_keys(model: type[BaseModel]) -> set[str]:
    """The keys of a model; of a question type, those that not every question has."""
    common = set(Question.model_fields) if model not in (Question,) else set()
    inherited = common if issubclass(model, Question) else set()
    return {
        field.alias or name for name, field in model.model_fields.items() if name not in inherited
    }


def _heading(model: type[BaseModel]) -> str:
    if issubclass(model, Question) and model is not Question:
        return f"`{get_args(model.model_fields['type'].annotation)[0]}`"
    return model.__name__


def _referred(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """A description that stands with the part a key refers to."""
    return str(schema["$defs"][field["$ref"].rsplit("/", 1)[-1]]["description"])


def _kind(field: dict[str, Any]) -> str:
    """The kind of value, in a word or two."""
    for key, say in _SAYINGS.items():
        if key in field:
            return say(field)
    if field.get("format") == "date":
        return "day"
    return _PLAIN.get(str(field.get("type")), "words")


def _any_of(field: dict[str, Any]) -> str:
    kinds = [_kind(option) for option in field["anyOf"] if option.get("type") != "null"]
    return "text" if kinds == ["words", "keys"] else " or ".join(dict.fromkeys(kinds))


_SAYINGS: dict[str, Callable[[dict[str, Any]], str]] = {
    "enum": lambda field: " or ".join(f"`{value}`" for value in field["enum"]),
    "const": lambda field: f"`{field['const']}`",
    "$ref": lambda field: str(field["$ref"]).rsplit("/", 1)[-1],
    "anyOf": _any_of,
    "oneOf": lambda _field: "questions",
    "items": lambda field: f"list of {_kind(field['items'])}",
}
_PLAIN = {
    "string": "words",
    "integer": "number",
    "number": "number",
    "object": "keys",
    "boolean": "`true` or `false`",
}
