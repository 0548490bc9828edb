"""The themes that texts are sorted under: a small YAML file, read strictly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from app.consultation.findings import DefinitionErrors, Finding, did_you_mean
from app.consultation.yaml_source import Source, read_yaml

MOST_THEMES: Final = 60
NONE: Final = "none"
RULE: Final = "themes"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Theme(_Strict):
    """One theme.

    Attributes:
        name: what stands in `coding.json` and `coding.csv`.
        label: what the report says.
        definition: what belongs under it.
        when: when to use it, and when not.
        words: words or beginnings (`wait*`) that suggest it; they never choose it.
        questions: the questions it is for; all of them when empty.
    """

    name: Name
    label: Words
    definition: Words
    when: Words | None = None
    words: tuple[Words, ...] = ()
    questions: tuple[Words, ...] = ()


class ThemeBook(_Strict):
    """All themes, in the order in which a coder reads them."""

    themes: Annotated[tuple[Theme, ...], Field(min_length=1, max_length=MOST_THEMES)]

    def for_question(self, question: str) -> tuple[Theme, ...]:
        """The themes that texts of a question can have."""
        return tuple(
            theme for theme in self.themes if not theme.questions or question in theme.questions
        )


def load_themes(path: Path) -> ThemeBook:
    """Return the themes in a file.

    Raises DefinitionErrors, each finding with its line and what to write; OSError.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = "Save the file as UTF-8 (in the editor: “Encoding”)."
        raise DefinitionErrors([Finding(str(path), 1, 1, message)]) from None
    source = read_yaml(text, str(path))
    if not isinstance(source.tree, dict):
        message = "Begin with “themes:” and list them below it, each with “- name: …”."
        raise DefinitionErrors([Finding(str(path), 1, 1, message)])
    try:
        book = ThemeBook.model_validate(source.tree)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise DefinitionErrors({_explain(source, each) for each in details}) from None
    findings = list(_doubtful(book, source))
    if findings:
        raise DefinitionErrors(findings)
    return book


def _doubtful(book: ThemeBook, source: Source) -> Iterator[Finding]:
    names = Counter(theme.name for theme in book.themes)
    for index, theme in enumerate(book.themes):
        where = ("themes", index, "name")
        if theme.name == NONE:
            message = "“none” is what a coder says when no theme fits. Rename it."
            yield source.finding(where, message, rule=RULE)
        elif names[theme.name] > 1:
            yield source.finding(
                where, f"Two themes are called “{theme.name}”. Rename one.", rule=RULE
            )


_SENTENCES: Final = {
    "string_type": "A text belongs here.",
    "string_too_short": "This is empty. Write it, or remove the line.",
    "tuple_type": "A list belongs here, such as [slow, wait*].",
    "string_pattern_mismatch": "Use only small letters a-z, digits and _, and begin with a letter.",
    "model_type": "Each theme has keys, such as “- name: speed”.",
}
_EXAMPLES: Final = {
    "themes": "Add “themes:” and list them below it, each with “- name: …”.",
    "name": "Add “name: …”, a short name such as speed.",
    "label": "Add “label: …”, what the report says.",
    "definition": "Add “definition: …”, what belongs under this theme.",
}


def _explain(source: Source, details: ErrorDetails) -> Finding:
    location = details["loc"]
    key = str(location[-1]) if location else ""
    kind: str = details["type"]
    if kind == "missing":
        return source.finding(location[:-1], _EXAMPLES.get(key, f"Add “{key}: …”."), rule=RULE)
    if kind == "extra_forbidden":
        known = ThemeBook.model_fields if len(location) == 1 else Theme.model_fields
        hint = did_you_mean(key, known) or f" Keys here: {', '.join(known)}."
        return source.finding(
            location, f"“{key}” is not a key of themes.{hint}", rule=RULE, at_key=True
        )
    return source.finding(location, _SENTENCES.get(kind) or _limit(kind, details), rule=RULE)


def _limit(kind: str, details: ErrorDetails) -> str:
    context: dict[str, Any] = details.get("ctx", {})
    if kind == "string_too_long":
        return f"This is too long: at most {context['max_length']} signs."
    if kind == "too_long":
        return f"More than {MOST_THEMES} themes are more than anybody keeps in mind. Join some."
    if kind == "too_short":
        return "List at least one theme."
    return f"{details['msg']}."
