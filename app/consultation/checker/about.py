"""What stands around the questions: R2, R9, R54, and the files that belong to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ..findings import Path
from ..kinds import EVERYWHERE
from .neutral_site import faults_of_exit
from .reading import words
from .registry import Spot, rule
from .sheet import Sheet
from .word_lists import find_words, fold

ABOUT_WORDS = 150
"""One screen of a phone is what people read before they decide (R2)."""
TOPIC_LETTERS = 4
"""Shorter words of a topic's name, such as `of`, tell nothing."""


@rule("about-length", "gate", "R2", "The first page says everything on one screen: 150 words.")
def _about_length(sheet: Sheet) -> Iterator[Spot]:
    for tag, text in sheet.definition.about.items():
        count = len(words(text))
        if count > ABOUT_WORDS:
            yield (
                ("about", tag),
                f"“about” has {count} words in {tag}. Keep who asks, what about, and who it is "
                f"for, in {ABOUT_WORDS} words.",
            )


@rule("neutral-outside", "gate", "R9", "Nothing that a browser's history keeps names the subject.")
def _neutral_outside(sheet: Sheet) -> Iterator[Spot]:
    definition = sheet.definition
    topics = {
        word
        for topic in definition.topics
        for word in fold(topic.name).split("_")
        if len(word) >= TOPIC_LETTERS
    }
    for path, tag, text in _outside(sheet):
        shown = text.replace("_", " ")
        found = find_words("telling", tag, shown)
        found += [word for word in words(fold(shown)) if word in topics and word not in found]
        if found:
            yield (
                path,
                f"“{', '.join(found)}” tells a bystander what this is about. Write a word such as "
                "“Questions”, or the name of a place.",
            )


def _outside(sheet: Sheet) -> Iterator[tuple[Path, str, str]]:
    """Place, language and text of what shows outside the journey."""
    definition = sheet.definition
    for tag, text in definition.public_name.items():
        yield ("public_name", tag), tag, text
    for index, collector in enumerate(definition.collectors):
        yield ("collectors", index, "name"), "en", collector.name
        for tag, text in collector.label.items():
            yield ("collectors", index, "label", tag), tag, text


@rule(
    "neutral-exit", "gate", "R54", "Exit leads to a page that shows nothing of why somebody left."
)
def _neutral_exit(sheet: Sheet) -> Iterator[Spot]:
    definition = sheet.definition
    for tag, address in definition.exit_to.items():
        path: Path = ("exit_to",) if tag == EVERYWHERE else ("exit_to", tag)
        for fault in faults_of_exit(address):
            yield path, fault
    missing = [tag for tag in definition.languages if tag not in definition.exit_to]
    if missing and EVERYWHERE not in definition.exit_to:
        yield (
            ("exit_to",),
            f"There is no exit for {', '.join(missing)}. Add an address for each, or write "
            f"“{EVERYWHERE}: …” for all the others.",
        )


@rule("sealed-to", "gate", "Architecture", "Answers are sealed to researchers who can open them.")
def _sealed_to(sheet: Sheet) -> Iterator[Spot]:
    if not sheet.definition.sealed_to:
        yield (
            ("sealed_to",),
            "“sealed_to” is empty, so nobody could open the answers. Name the researchers' .pub "
            "file there: sealed_to: [keys/research-team.pub].",
        )


@rule("file-name", "gate", "Specification", "A consultation is found by the name of its file.")
def _file_name(sheet: Sheet) -> Iterator[Spot]:
    stem = PurePath(sheet.source.file).stem
    name = sheet.definition.consultation
    if stem != name:
        yield (
            ("consultation",),
            f"The file is called {stem} and the consultation {name}. Make both the same.",
        )


@rule("media-there", "gate", "R24", "A picture or a sound that is named is there to be shown.")
def _media_there(sheet: Sheet) -> Iterator[Spot]:
    if sheet.around.media is None:
        return
    for one in sheet.asked:
        holders: list[tuple[Path, object]] = [(one.path, one.question)]
        choices = getattr(one.question, "choices", [])
        holders += [((*one.path, "choices", i), choice) for i, choice in enumerate(choices)]
        for path, holder in holders:
            for key in ("image", "audio"):
                thing = getattr(holder, key, None)
                if thing is not None and thing.file not in sheet.around.media:
                    yield (
                        (*path, key, "file"),
                        f"There is no file “{thing.file}” in the folder media. Put it there, or "
                        "correct its name.",
                    )
