"""Texts that people read, in the languages of a consultation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, BeforeValidator, ValidationInfo

DEFAULT_LANGUAGE = "default_language"
"""Key of the validation context under which the loader gives the consultation's first language."""


def _by_language(value: Any, info: ValidationInfo) -> Any:
    """A plain string is a text in the consultation's first language."""
    if isinstance(value, str):
        context = info.context or {}
        return {str(context.get(DEFAULT_LANGUAGE, "en")): value}
    return value


_BY_LANGUAGE = BeforeValidator(_by_language)
Text = Annotated[dict[str, str], _BY_LANGUAGE]
"""A text by BCP 47 language tag. In YAML, a plain string stands for the first language."""


def text_in(text: Mapping[str, str] | None, language: str) -> str:
    """Return `text` in `language`, else in its own first language, else an empty string."""
    if not text:
        return ""
    return text.get(language) or next(iter(text.values()))


def texts_of(
    model: BaseModel, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], dict[str, str]]]:
    """Yield every text in `model` with its path, in the order of the model's keys.

    A choice list is met once by itself and once in each question that uses it.
    """
    for name, key, annotation in _fields(type(model)):
        yield from _texts_in(getattr(model, name), annotation, (*path, key))


@lru_cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, str, Any], ...]:
    return tuple(
        (name, field.alias or name, field.rebuild_annotation())
        for name, field in model.model_fields.items()
    )


def _texts_in(
    value: Any, annotation: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], dict[str, str]]]:
    if isinstance(value, BaseModel):
        yield from texts_of(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts_in(item, None, (*path, index))
    elif isinstance(value, dict):
        if _is_text(annotation):
            yield path, value
            return
        inner = (get_args(annotation) or (None,))[-1]
        for key, item in value.items():
            yield from _texts_in(item, inner, (*path, key))


def _is_text(annotation: Any) -> bool:
    """Whether a key holds one text, or one text or nothing; not a dict of texts."""
    union = get_origin(annotation) in (Union, UnionType)
    options = get_args(annotation) if union else (annotation,)
    return any(_BY_LANGUAGE in getattr(option, "__metadata__", ()) for option in options)


def is_language_tag(tag: str) -> bool:
    """Whether `tag` is a BCP 47 tag of a language that Babel knows."""
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True
