"""Easy-read (`layout: easy`): one thing at a time, in short sentences. R26, R76, R77."""

from __future__ import annotations

from collections.abc import Iterator

from .reading import paragraphs, sentences, words
from .registry import Spot, rule
from .sheet import Sheet
from .word_lists import base_language

EASY_WORDS = {"fr": 15, "es": 15, "pt": 15, "it": 15}
"""Words of a sentence at most. Romance languages need about a fifth more words than English."""
OTHER_EASY_WORDS = 12
SHOWN = 60
"""Letters of a sentence that a message repeats."""


@rule("easy-page", "advice", "R26, R77", "In easy-read, a page asks one thing.")
def _easy_page(sheet: Sheet) -> Iterator[Spot]:
    if sheet.definition.layout != "easy":
        return
    for index, page in enumerate(sheet.definition.pages):
        for second in page.asked[1:]:
            yield (
                ("pages", index, "questions", page.questions.index(second)),
                f"“{page.name}” asks more than one thing. Give this question a page of its own.",
            )


@rule("easy-sentence", "advice", "R76, R77", "In easy-read, a sentence holds one idea.")
def _easy_sentence(sheet: Sheet) -> Iterator[Spot]:
    if sheet.definition.layout != "easy":
        return
    for passage in sheet.read_by_children:
        most = EASY_WORDS.get(base_language(passage.language), OTHER_EASY_WORDS)
        for paragraph in paragraphs(passage.text):
            for sentence in sentences(paragraph):
                count = len(words(sentence))
                if count > most:
                    yield (
                        passage.path,
                        f"This sentence has {count} words; easy-read has at most {most}. Make two "
                        f"of it: “{sentence[:SHOWN]}”",
                    )
