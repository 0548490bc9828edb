"""Texts that people read, in the languages of a consultation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from pydantic import BeforeValidator, ValidationInfo

DEFAULT_LANGUAGE = "default_language"
"""Key of the validation context under which the loader gives the consultation's first language."""


def _by_language(value: Any, info: ValidationInfo) -> Any:
    """A plain string is a text in the consultation's first language."""
    if isinstance(value, str):
        context = info.context or {}
        return {str(context.get(DEFAULT_LANGUAGE, "en")): value}
    return value


Text = Annotated[dict[str, str], BeforeValidator(_by_language)]
"""A text by BCP 47 language tag. In YAML, a plain string stands for the first language."""


def text_in(text: Mapping[str, str] | None, language: str) -> str:
    """Return `text` in `language`, else in its own first language, else an empty string."""
    if not text:
        return ""
    return text.get(language) or next(iter(text.values()))


def is_language_tag(tag: str) -> bool:
    """Whether `tag` is a BCP 47 tag of a language that Babel knows."""
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True
