"""Which language a column is in, from the many ways in which people write it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from ..texts import is_language_tag

_THREE_LETTERS = {
    **{"eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "ara": "ar", "por": "pt", "swa": "sw"},
    **{"nep": "ne", "ben": "bn", "deu": "de", "ger": "de", "ita": "it", "nld": "nl", "dut": "nl"},
    **{"rus": "ru", "ukr": "uk", "fas": "fa", "per": "fa", "urd": "ur", "hin": "hi", "som": "so"},
    **{"amh": "am", "tir": "ti", "hau": "ha", "tur": "tr", "ron": "ro", "rum": "ro", "sqi": "sq"},
    **{"alb": "sq", "bos": "bs", "hrv": "hr", "srp": "sr", "zho": "zh", "chi": "zh", "vie": "vi"},
    **{"tha": "th", "mya": "my", "bur": "my", "khm": "km", "lao": "lo", "ind": "id", "msa": "ms"},
    **{"tgl": "fil", "pus": "ps", "kur": "ku", "mon": "mn", "que": "qu", "hat": "ht"},
}
_OTHER_NAMES = {
    **{"kiswahili": "sw", "bangla": "bn", "farsi": "fa", "dari": "fa-AF", "castellano": "es"},
    **{"mandarin": "zh", "tagalog": "fil", "haitian creole": "ht", "creole": "ht", "inglese": "en"},
    **{"kreyol": "ht", "bahasa": "id", "bahasa indonesia": "id", "brazilian portuguese": "pt-BR"},
    **{"ingles": "en", "anglais": "en", "englisch": "en", "frances": "fr", "franzosisch": "fr"},
    **{"espanol": "es", "espagnol": "es", "spanisch": "es", "arabe": "ar", "arabisch": "ar"},
    **{"portugais": "pt", "portugues": "pt", "allemand": "de", "aleman": "de", "sorani": "ckb"},
    **{"kurmanji": "kmr", "kinyarwanda": "rw", "luganda": "lg", "chichewa": "ny", "pidgin": "pcm"},
}
_OWN_NAMES = (
    "ar am bn bs bg my ca zh hr cs da nl ka de el ha he hi hu id it ja km ko lo ms mn ne fa pl pt "
    "ro ru sr si so sw ta th ti tr uk ur vi sq"
)
"""Languages whose name for themselves is looked up."""
_COMMON_WORDS = {
    "en": "the of and to is you your what how are do this have with for",
    "fr": "le la les des est vous votre que quel quelle une dans pour avez",
    "es": "el los las del usted su que cual como una para por ha con",
    "pt": "o os da do voce seu sua que qual uma para com nao em",
    "de": "der die das und ist sie ihre ihren wie bitte sind nicht mit welche",
    "it": "il gli della che sono di una per con non come quale",
    "sw": "ya na wa kwa je ni katika yako gani kama la za",
    "nl": "de het een en van u uw hoe wat zijn niet met",
}
ENOUGH_WORDS = 3
"""Common words of a language that have to stand in a form before it is guessed."""
_SCRIPTS = {
    **{"ARABIC": "ar", "DEVANAGARI": "ne", "BENGALI": "bn", "CYRILLIC": "ru", "ETHIOPIC": "am"},
    **{"CJK": "zh", "HIRAGANA": "ja", "HANGUL": "ko", "THAI": "th", "MYANMAR": "my", "KHMER": "km"},
    **{"GREEK": "el", "HEBREW": "he", "TAMIL": "ta", "SINHALA": "si", "GEORGIAN": "ka"},
}


LONGEST = 200
"""Letters. Nobody writes more for a language; a file made to hurt does."""


def tag_of(written: str) -> str | None:
    """The language tag that `English (en)`, `en`, `english` or `العربية` stands for, if known."""
    written = " ".join(written.split())
    if not written or len(written) > LONGEST:
        return None
    inside = re.fullmatch(r"(.*?) ?[(\[] ?([A-Za-z]{2,3}(?:[-_]\w{2,8})*) ?[)\]]", written)
    if inside:
        return _known_tag(inside[2]) or tag_of(inside[1])
    plain = _plain(written)
    before, separator, after = plain.rpartition("-")
    found = (
        _named(plain)
        or _known_tag(written)
        or (separator and (_named(before) or _known_tag(after)))
        or _named(plain.partition("(")[0].strip())
        or _own_names().get(plain)
    )
    return found or None


def _named(plain: str) -> str | None:
    tag = _foreign_names().get(plain)
    return tag if tag and is_language_tag(tag) else None


def _known_tag(text: str) -> str | None:
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", text):
        return None
    first, *rest = re.split(r"[-_]", text)
    parts = [_THREE_LETTERS.get(first.lower(), first.lower())]
    parts += [part.title() if len(part) == 4 else part.upper() for part in rest]  # noqa: PLR2004 - ISO 15924 scripts
    tag = "-".join(parts)
    return tag if is_language_tag(tag) else None


def _plain(text: str) -> str:
    """Small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).strip()


@lru_cache(maxsize=1)
def _foreign_names() -> dict[str, str]:
    """Tags by the languages' names in English, French and Spanish."""
    names: dict[str, str] = {}
    for shown in ("en", "fr", "es"):
        for tag, name in Locale(shown).languages.items():
            names.setdefault(_plain(name), tag.replace("_", "-"))
    return names | _OTHER_NAMES


@lru_cache(maxsize=1)
def _own_names() -> dict[str, str]:
    """Tags by the languages' names for themselves; it takes a second or two to look them up."""
    return {_plain(Locale.parse(tag).get_language_name() or tag): tag for tag in _OWN_NAMES.split()}


def heading_of(tag: str) -> str:
    """How XLSForm writes a language in a heading: `English (en)`."""
    try:
        name = Locale.parse(tag, sep="-").get_language_name("en")
    except (ValueError, UnknownLocaleError):
        name = None
    return f"{name or tag} ({tag})"


def guess(texts: Iterable[str]) -> str:
    """The language that `texts` seem to be in; English when nothing tells."""
    sample = " ".join(texts)[:20_000]
    scripts = Counter(
        unicodedata.name(sign, "").partition(" ")[0]
        for sign in sample
        if sign.isalpha() and sign > "\xff"
    )
    if scripts:
        script, count = scripts.most_common(1)[0]
        if script in _SCRIPTS and count * 2 > sum(sign.isalpha() for sign in sample):
            return _SCRIPTS[script]
    words = Counter(re.findall(r"[a-z]+", _plain(sample)))
    scores = {
        tag: sum(words[word] for word in common.split()) for tag, common in _COMMON_WORDS.items()
    }
    best = max(scores, key=lambda tag: scores[tag])
    return best if scores[best] >= ENOUGH_WORDS else "en"
