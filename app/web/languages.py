"""The languages of Heard's own sentences: which there are, which to use, which way they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.support import NullTranslations as Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept

from .spoken import LANGUAGES

# Scripts written from right to left (Unicode Standard, chapters 9 and 19; ISO 15924 codes).
RIGHT_TO_LEFT_SCRIPTS = frozenset(
    {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
)
SCRIPT_LETTERS = 4


_SPOKEN = "heard_sentences"
"""Where a request remembers the sentences of its language."""
MOST_TAGS = 256
"""Languages of which the direction and the name are remembered."""


def script(tag: str) -> str | None:
    """Say which script a language is usually written in, as an ISO 15924 code.

    Args:
        tag: a BCP 47 language tag, such as `ar`, `pa-Arab` or `ur-PK`.

    Source: the tag itself, else the likely subtags of Unicode CLDR.
    """
    parts = tag.replace("_", "-").split("-")
    for part in parts[1:]:
        if len(part) == SCRIPT_LETTERS and part.isalpha():
            return part.title()
    likely = get_global("likely_subtags")
    full = likely.get("_".join(parts[:2])) or likely.get(parts[0].lower())
    return full.split("_")[1] if full else None


@lru_cache(maxsize=MOST_TAGS)
def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Say which way a language is written.

    Args:
        tag: a BCP 47 language tag; one that is not known counts as left to right.
    """
    return "rtl" if script(tag) in RIGHT_TO_LEFT_SCRIPTS else "ltr"


@lru_cache(maxsize=MOST_TAGS)
def language_name(tag: str) -> str:
    """Name a language in its own script, as its readers write it (R80).

    Args:
        tag: a BCP 47 language tag; one that is not known is given back as it is.
    """
    try:
        name = Locale.parse(tag, sep="-").get_display_name()
    except (ValueError, UnknownLocaleError):
        return tag
    if not name:
        return tag
    return name[0].upper() + name[1:]


def choose_language(
    offered: Sequence[str], asked: str | None, accepted: LanguageAccept | None
) -> str:
    """Choose one of the offered languages for a person.

    Args:
        offered: the tags there are; the first is taken when nothing else fits.
        asked: the tag that the person chose, if any.
        accepted: what the browser says its owner reads. It is used for this choice and for
            nothing else (R86).
    """
    if asked in offered:
        return str(asked)
    # Werkzeug's own best match takes "en;q=0.5" for a reader of "fr-CA" where there is only "fr".
    for wanted, quality in accepted or ():
        if quality <= 0:
            continue
        for tag in offered:
            if wanted.lower() == tag.lower():
                return tag
        for tag in offered:
            if _base(wanted) == _base(tag):
                return tag
    return offered[0]


def _base(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0].lower()


def interface_language(tag: str) -> str:
    """Choose the language of Heard's own sentences around a text in another language.

    Args:
        tag: the tag of the text, for example of a consultation in Nepali.
    """
    if tag in LANGUAGES:
        return tag
    return _base(tag) if _base(tag) in LANGUAGES else LANGUAGES[0]


def init_languages(
    app: Flask, translations: Path, chosen: Callable[[], str | None] | None = None
) -> None:
    """Set up Flask-Babel and give templates `language`, `direction_of` and `language_name`.

    Args:
        app: the application.
        translations: the folder with `<language>/LC_MESSAGES/messages.mo`.
        chosen: gives the tag that a session remembers, or None. `?language=` comes before it,
            the browser's own languages after it.
    """

    def select() -> str | None:
        if not has_request_context():
            return None
        asked = request.args.get("language")
        if asked not in LANGUAGES and chosen is not None:
            remembered = chosen()
            asked = interface_language(remembered) if remembered else None
        return choose_language(LANGUAGES, asked, request.accept_languages).replace("-", "_")

    Babel(  # type: ignore[no-untyped-call]
        app,
        default_locale=LANGUAGES[0],
        default_translation_directories=str(translations),
        locale_selector=select,
    )

    _speak_from_kept_catalogues(app)

    def page_language() -> dict[str, object]:
        language = current_language()
        return {"language": language, "direction": direction(language)}

    app.context_processor(page_language)
    app.add_template_global(direction, "direction_of")
    app.add_template_global(language_name, "language_name")


class _Sentences(dict[str, Markup]):
    """Heard's sentences in one language, each looked up once; the keys are those of templates."""

    def __init__(self, catalogue: Translations) -> None:
        super().__init__()
        self.catalogue = catalogue

    def __missing__(self, text: str) -> Markup:
        found = self[text] = Markup(self.catalogue.ugettext(text))  # noqa: S704 - our own words
        return found


def _speak_from_kept_catalogues(app: Flask) -> None:
    """Have templates find a sentence in one step; Jinja and Flask-Babel take many."""
    kept: dict[str, _Sentences] = {}

    def sentences() -> _Sentences:
        found: _Sentences | None = g.get(_SPOKEN)
        if found is None:
            tag = str(get_locale())
            if tag not in kept:
                kept[tag] = _Sentences(get_translations())
            found = kept[tag]
            setattr(g, _SPOKEN, found)
        return found

    def say(text: str, /, **given: object) -> Markup:
        return sentences()[text] % given

    def say_of(one: str, many: str, number: int, /, **given: object) -> Markup:
        said = Markup(sentences().catalogue.ungettext(one, many, number))  # noqa: S704 - our own
        return said % {"num": number, **given}

    app.jinja_env.globals.update(_=say, gettext=say, ngettext=say_of)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak a language in here, whichever the browser asks for.

    Args:
        tag: one of `LANGUAGES`, or another for which there are no sentences.
    """
    before = g.pop(_SPOKEN, None)
    try:
        with force_locale(tag.replace("-", "_")):
            yield
    finally:
        setattr(g, _SPOKEN, before)


def current_language() -> str:
    """Give the tag of the language in which the present response speaks."""
    locale = get_locale()
    return str(locale).replace("_", "-") if locale else LANGUAGES[0]
