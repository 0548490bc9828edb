"""Countries by their ISO 3166 codes, named and ordered for a language (Unicode CLDR via Babel)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from babel import Locale

CODE_LETTERS = 2
NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


@lru_cache(maxsize=1)
def country_codes() -> tuple[str, ...]:
    """Every two-letter code that names a country or a territory."""
    names: list[str] = [str(code) for code in Locale("en").territories]
    return tuple(
        sorted(
            code
            for code in names
            if len(code) == CODE_LETTERS and code.isalpha() and code not in NOT_COUNTRIES
        )
    )


def country_name(code: str, language: str) -> str:
    """The country's name in a language; the code itself when it has none."""
    return str(Locale.parse(language, sep="-").territories.get(code, code))


def named(codes: Sequence[str], language: str) -> list[tuple[str, str]]:
    """Codes with names, in the order of the names."""
    return sorted(((code, country_name(code, language)) for code in codes), key=lambda c: c[1])


@lru_cache(maxsize=32)
def all_countries(language: str) -> tuple[tuple[str, str], ...]:
    """All codes with names, in the order of the names."""
    return tuple(named(country_codes(), language))
