"""Catalogues that stand in for languages that nobody has translated Heard into yet.

Each sentence becomes as many words of that script as it has in English, with its placeholders, so
that shaping, lengths and line breaks are those of the script. Real catalogues are tested with the
samples; these are for the typesetter alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")

WORDS = {
    "ne": "राष्ट्रिय प्रश्न तपाईंले उत्तर दिनुहुन्छ भने विद्यार्थी पृष्ठ छोड्न सक्नुहुन्छ श्री द्वारा ट्रक",
    "bn": "প্রশ্ন উত্তর দিতে পারেন ক্ষুদ্র শিক্ষার্থী স্ত্রী কর্তৃপক্ষ বাংলাদেশে পৃষ্ঠা বন্ধু জন্য দ্রুত",
}


def sentences() -> Iterator[tuple[str, ...]]:
    """Every sentence on paper: one form, or a singular and a plural."""
    for room in ("paper", "support"):
        found = extract_from_dir(str(ROOT / "app" / room), [("**.py", "python")])
        for _file, _line, message, *_rest in found:
            yield (message,) if isinstance(message, str) else tuple(message)


def pretend(sentence: str, language: str) -> str:
    """As many words of the language as the sentence has, then its placeholders."""
    words = islice(cycle(WORDS[language].split()), len(sentence.split()))
    return " ".join([*words, *PLACEHOLDER.findall(sentence)])


def write_catalogue(folder: Path, language: str, *, without: str = "") -> Path:
    """Write a compiled catalogue of the language below `folder`; returns `folder`."""
    catalogue = Catalog(locale=language)
    for forms in sentences():
        if without not in forms:
            pretended = tuple(pretend(form, language) for form in forms)
            catalogue.add(
                forms if len(forms) > 1 else forms[0],
                pretended if len(forms) > 1 else pretended[0],
            )
    place = folder / language / "LC_MESSAGES" / "messages.mo"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        write_mo(file, catalogue)
    return folder
