"""Lists of countries, told by their labels in any language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from .choices import ListedChoice

CODE_LETTERS = 2
MOSTLY = 0.6
"""The share of a list's labels that have to be countries for it to be a list of countries."""


def country_codes(listed: Sequence[ListedChoice]) -> Mapping[str, str] | None:
    """The ISO code of each choice by its name in the form; `None` for other lists."""
    codes = {choice.written: code for choice in listed if (code := _code(choice))}
    return codes if len(codes) >= MOSTLY * len(listed) else None


_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def countries_in(tag: str) -> Mapping[str, str]:
    """The name of every country in a language, by its ISO code."""
    names = Locale.parse(tag, sep="-").territories
    known = sorted(str(code) for code in Locale("en").territories)
    codes = [code for code in known if len(code) == CODE_LETTERS and code.isalpha()]
    return {code: str(names.get(code, code)) for code in codes if code not in _NOT_COUNTRIES}


def _code(choice: ListedChoice) -> str | None:
    for tag, label in choice.label.items():
        code = _territories(tag).get(_plain(label))
        if code:
            return code
    return None


@lru_cache(maxsize=32)
def _territories(tag: str) -> Mapping[str, str]:
    try:
        names = Locale.parse(tag, sep="-").territories
    except (ValueError, UnknownLocaleError):
        return {}
    return {_plain(name): code for code, name in names.items() if len(code) == CODE_LETTERS}


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())
