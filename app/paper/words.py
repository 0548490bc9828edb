"""Heard's own sentences on paper, from the catalogues of the interface; without Flask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.support import Translations

CATALOGUES = Path(__file__).parents[1] / "translations"
SOURCE_LANGUAGE = "en"
"""The language of the sentences in the source; it has no catalogue."""

QUOTES = {"fr": "«\u202f{}\u202f»", "es": "«{}»", "ar": "«{}»"}
"""Where a language does not quote “like this” (as the catalogues do)."""


class MissingSentence(Exception):
    """A sentence of Heard is not translated: nothing is printed with English in between (R75)."""

    def __init__(self, language: str, sentence: str) -> None:
        name = Locale.parse(language, sep="-").get_display_name("en")
        super().__init__(
            f"Heard cannot print in {name} ({language}) yet: its own sentence “{sentence}” has no "
            f"translation. Choose another --language, or complete app/translations/{language}."
        )


class _Refusing(NullTranslations):
    """What a catalogue turns to when it lacks a sentence."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def gettext(self, message: str) -> str:
        raise MissingSentence(self._language, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise MissingSentence(self._language, msgid1)


class Words:
    """The sentences of one language, and how it writes lists, days and quotations."""

    def __init__(self, language: str, catalogues: Path = CATALOGUES) -> None:
        """Choose a language.

        Args:
            language: a BCP 47 tag that Babel knows, such as `ne` or `pt-BR`.
            catalogues: the folder with `<language>/LC_MESSAGES/messages.mo`.
        """
        self.language = language
        self.locale = Locale.parse(language, sep="-")
        self._sentences = self._open(catalogues)

    def _open(self, catalogues: Path) -> NullTranslations:
        if self.locale.language == SOURCE_LANGUAGE:
            return NullTranslations()
        found = Translations.load(str(catalogues), [str(self.locale), self.locale.language])
        if not isinstance(found, Translations):
            return _Refusing(self.language)
        found.add_fallback(_Refusing(self.language))
        return found

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`: which way the language is written (Unicode CLDR)."""
        return str(self.locale.text_direction)

    def gettext(self, sentence: str, **values: object) -> str:
        """Return a sentence in this language; raises `MissingSentence`."""
        said = self._sentences.gettext(sentence)
        return said % values if values else said

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """Return a sentence for a number of things; raises `MissingSentence`."""
        return self._sentences.ngettext(one, many, num) % {"num": num, **values}

    def any_of(self, items: Iterable[str]) -> str:
        """Join items with “or” as this language does."""
        return format_list(list(items), "or", self.locale)

    def all_of(self, items: Iterable[str]) -> str:
        """Join items with “and” as this language does."""
        return format_list(list(items), "standard", self.locale)

    def quoted(self, words: str) -> str:
        """Put words between the quotation marks of this language."""
        return QUOTES.get(self.locale.language, "“{}”").format(words)

    def day(self, day: dt.date) -> str:
        """Write a day, with its month in words."""
        return format_date(day, "long", self.locale)

    def month(self, day: dt.date) -> str:
        """Write a month and its year."""
        return format_date(day, "MMMM yyyy", self.locale)
