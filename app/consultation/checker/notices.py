"""Content warnings: R19, R22, R25."""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Path
from ..model import Page
from .reading import words
from .registry import Spot, rule
from .sheet import Sheet
from .word_lists import base_language, find_words

FEWEST_WORDS, MOST_WORDS = 3, 20
WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})
"""Languages that write no spaces between words: there, words cannot be counted like this."""


def _pages(sheet: Sheet) -> Iterator[tuple[Path, Page]]:
    for index, page in enumerate(sheet.definition.pages):
        yield ("pages", index), page


@rule("warning-missing", "gate", "R19", "A page on a hard topic says so before it is opened.")
def _missing(sheet: Sheet) -> Iterator[Spot]:
    for path, page in _pages(sheet):
        if page.topics and not page.content_warning:
            yield (
                (*path, "topics"),
                "This page has a topic and no content_warning. Add one line that names the topic: "
                "content_warning: These questions are about ….",
            )


@rule("warning-length", "gate", "R19", "A warning is short: 3 to 20 words.")
def _length(sheet: Sheet) -> Iterator[Spot]:
    for path, page in _pages(sheet):
        for tag, text in (page.content_warning or {}).items():
            count = len(words(text))
            if base_language(tag) in WITHOUT_SPACES or FEWEST_WORDS <= count <= MOST_WORDS:
                continue
            yield (
                (*path, "content_warning", tag),
                f"This warning has {count} words in {tag}. Name the topic in {FEWEST_WORDS} to "
                f"{MOST_WORDS} words.",
            )


@rule(
    "warning-describes",
    "gate",
    "R19",
    "A warning names its topic; it neither paints nor foretells.",
)
def _describes(sheet: Sheet) -> Iterator[Spot]:
    for path, page in _pages(sheet):
        for tag, text in (page.content_warning or {}).items():
            found = find_words("dramatic", tag, text)
            if found:
                yield (
                    (*path, "content_warning", tag),
                    f"“{', '.join(found)}” describes or frightens. Only name the topic: These "
                    "questions are about ….",
                )


@rule("hard-words", "gate", "R19", "Words for abuse and violence stand on pages that warn of them.")
def _hard_words(sheet: Sheet) -> Iterator[Spot]:
    for path, text in sheet.texts:
        match path:
            case ("pages", int(number), "questions", *_):
                page = sheet.definition.pages[number]
            case _:
                continue
        if page.content_warning:
            continue
        for tag, said in text.items():
            found = find_words("sensitive", tag, said)
            if found:
                yield (
                    (*path, tag),
                    f"“{', '.join(found)}” comes without a warning. Give the page a "
                    "content_warning and topics, or ask with another word.",
                )


@rule("warning-topic", "advice", "R19", "People can leave a topic out before they begin.")
def _topic(sheet: Sheet) -> Iterator[Spot]:
    for path, page in _pages(sheet):
        if page.content_warning and not page.topics:
            yield (
                (*path, "content_warning"),
                "This page warns but has no topic, so nobody can leave it out beforehand. Add "
                "topics: [name] here, and the name with a label to the list topics at the top.",
            )


@rule("warning-count", "advice", "R22", "How many questions follow is counted, never typed.")
def _count(sheet: Sheet) -> Iterator[Spot]:
    for path, page in _pages(sheet):
        for tag, text in (page.content_warning or {}).items():
            numbers = {int(part) for part in text.split() if part.isdecimal()}
            if numbers and numbers != {len(page.asked)}:
                yield (
                    (*path, "content_warning", tag),
                    f"The page has {len(page.asked)} questions. Leave the number out: it is added "
                    "for you.",
                )


@rule("many-warnings", "advice", "R25", "Warnings lose their effect when every other page is one.")
def _many(sheet: Sheet) -> Iterator[Spot]:
    pages = sheet.definition.pages
    warned = [index for index, page in enumerate(pages) if page.content_warning]
    steps = len(pages) + len(warned)
    if len(warned) * 3 > steps:
        yield (
            ("pages", warned[-1], "content_warning"),
            f"{len(warned)} of {steps} steps are warnings, more than a third. Put questions on one "
            "topic together on one page, or ask fewer of them.",
        )
