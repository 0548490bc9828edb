"""Every language complete, reviewed and easy to read: R75 to R78."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..findings import Path
from .reading import grade, paragraphs, sentences, words
from .registry import Spot, rule
from .sheet import Passage, Sheet
from .word_lists import base_language, find_words, has_lists

ADULT_GRADE, TEEN_GRADE, CHILD_GRADE = 6, 5, 4
TEEN_AGE, CHILD_AGE = 15, 12
"""Below these ages the lower grades hold: 4 to 5 for the under-15 track (R76)."""

SENTENCE_WORDS = {"en": 20, "fr": 24, "es": 24, "pt": 24, "it": 24, "ar": 20, "ne": 20, "bn": 20}
"""Words of a sentence at most. Romance languages need about a fifth more words than English."""
OTHER_SENTENCE_WORDS = 20
PARAGRAPH_SENTENCES = 3
PARAGRAPH_WORDS = 40
"""A few very short sentences, as in easy-read texts, are no wall of words."""
SCREEN_WORDS = 20
"""A grade of fewer words than these says more about the words than about the text."""
SHOWN = 60
"""Letters of a sentence that a message repeats."""


@rule(
    *("incomplete-language", "gate", "R75"),
    "A language is offered when every text is there.",
    firm=True,
)
def _incomplete(sheet: Sheet) -> Iterator[Spot]:
    for path, text in sheet.texts:
        missing = [tag for tag in sheet.definition.languages if not text.get(tag, "").strip()]
        if missing:
            yield (
                path,
                f"This text is missing in {', '.join(missing)}. Add it, or take the language out "
                "of the list at the top.",
            )


@rule("interface-language", "gate", "R75", "Heard's own sentences are there in every language.")
def _interface(sheet: Sheet) -> Iterator[Spot]:
    known = sheet.around.interface
    for index, tag in enumerate(sheet.definition.languages):
        if known is not None and tag not in known and base_language(tag) not in known:
            yield (
                ("languages", index),
                f"Heard's own sentences are not there in “{tag}”. Take it out, or have them "
                f"translated first. There are: {', '.join(sorted(known))}.",
            )


@rule(
    *("reviewer", "gate", "R76"),
    "A native speaker has read every language but English.",
    in_demo="advice",
    firm=True,
)
def _reviewer(sheet: Sheet) -> Iterator[Spot]:
    definition = sheet.definition
    for index, tag in enumerate(definition.languages):
        if base_language(tag) != "en" and tag not in definition.reviewers:
            yield (
                ("languages", index),
                f"No native speaker is named who has read the texts in “{tag}”. Add at the top: "
                f"reviewers: {{{tag}: {{by: …, date: …}}}}.",
            )
    for tag in definition.reviewers:
        if tag not in definition.languages:
            yield ("reviewers", tag), f"“{tag}” is not in the list languages. Remove this line."


@rule("interface-review", "advice", "R75", "Heard's own sentences wait for a native speaker too.")
def _interface_review(sheet: Sheet) -> Iterator[Spot]:
    for index, tag in enumerate(sheet.definition.languages):
        if base_language(tag) in sheet.around.unreviewed:
            yield (
                ("languages", index),
                f"No native speaker has reviewed Heard's own sentences in “{tag}” yet. Ask one to "
                "go through the whole path and to tell the maintainers.",
            )


def limit_for(age: int) -> int:
    """The school grade that texts for people from this age on may have (R76)."""
    if age < CHILD_AGE:
        return CHILD_GRADE
    return TEEN_GRADE if age < TEEN_AGE else ADULT_GRADE


@rule(
    "reading-grade", "gate", "R76", "English is as plain as the youngest who are invited need it."
)
def _grade(sheet: Sheet) -> Iterator[Spot]:
    from_age = sheet.definition.audience.from_age
    for path, passages in _screens(sheet).items():
        adults = _is_for_adults(path)
        limit = ADULT_GRADE if adults else limit_for(from_age)
        texts = [passage.text for passage in passages]
        found = grade(texts)
        if found > limit and sum(len(words(text)) for text in texts) >= SCREEN_WORDS:
            yield (
                path,
                f"The English here needs school grade {found:.0f}; for "
                f"{'adults' if adults else f'people from {from_age} on'} it may need {limit}. "
                "Use shorter words and shorter sentences.",
            )
    yield from _assent_grade(sheet)


def _screens(sheet: Sheet) -> dict[Path, list[Passage]]:
    """English texts by the screen on which they stand."""
    screens: dict[Path, list[Passage]] = {}
    for passage in sheet.read_by_people:
        if base_language(passage.language) != "en" or passage.path[:2] == ("consent", "assent"):
            continue
        length = 2 if passage.path[0] in ("pages", "outcomes") else 1
        for_children = ("child_version",) if "child_version" in passage.path else ()
        screens.setdefault((*passage.path[:length], *for_children), []).append(passage)
    return screens


def _is_for_adults(path: Path) -> bool:
    """Whether children have a version of their own of this (R94)."""
    return path[0] == "outcomes" and "child_version" not in path


def _assent_grade(sheet: Sheet) -> Iterator[Spot]:
    for index, band in enumerate(sheet.definition.consent.assent):
        for tag, text in band.text.items():
            limit = limit_for(band.from_age)
            found = grade([text]) if base_language(tag) == "en" else 0
            if found > limit and len(words(text)) >= SCREEN_WORDS:
                yield (
                    ("consent", "assent", index, "text", tag),
                    f"This needs school grade {found:.0f}; people of {band.from_age} read grade "
                    f"{limit}. Use shorter words and shorter sentences.",
                )


@rule("long-sentence", "gate", "R76", "A sentence is short enough to be held in mind.")
def _long_sentence(sheet: Sheet) -> Iterator[Spot]:
    for passage, sentence in _sentences(sheet.read_by_people):
        most = SENTENCE_WORDS.get(base_language(passage.language), OTHER_SENTENCE_WORDS)
        count = len(words(sentence))
        if count > most:
            short = sentence if len(sentence) <= SHOWN else sentence[:SHOWN].rstrip() + "…"
            yield (
                passage.path,
                f"“{short}” has {count} words. Make two sentences of it, of at most {most} words.",
            )


def _sentences(passages: Iterable[Passage]) -> Iterator[tuple[Passage, str]]:
    for passage in passages:
        for paragraph in paragraphs(passage.text):
            for sentence in sentences(paragraph):
                yield passage, sentence


@rule("long-paragraph", "gate", "R76", "A paragraph has at most three sentences.")
def _long_paragraph(sheet: Sheet) -> Iterator[Spot]:
    for passage in sheet.read_by_people:
        for paragraph in paragraphs(passage.text):
            count = len(sentences(paragraph))
            if count > PARAGRAPH_SENTENCES and len(words(paragraph)) > PARAGRAPH_WORDS:
                short = paragraph[:SHOWN].rstrip()
                yield (
                    passage.path,
                    f"The paragraph “{short}…” has {count} sentences. Put an empty line after the "
                    f"third at the latest, or leave some out.",
                )


@rule("easy-version", "advice", "R77", "There is an easy version for people who need one.")
def _easy_version(sheet: Sheet) -> Iterator[Spot]:
    easy, known = sheet.definition.easy_version, sheet.around.consultations
    if easy is None:
        yield (
            ("consultation",),
            "There is no easy version. Write one with short sentences, and name it here: "
            "easy_version: its-id (its own id, if this is the easy one).",
        )
    elif known is not None and easy not in known:
        yield ("easy_version",), f"There is no consultation “{easy}” beside this file. Correct it."


@rule("legal-words", "gate", "R78", "Children meet no words of lawyers and reports.")
def _legal_words(sheet: Sheet) -> Iterator[Spot]:
    for passage in sheet.read_by_children if sheet.for_children else ():
        found = find_words("legal", passage.language, passage.text)
        if found:
            yield (
                passage.path,
                f"“{', '.join(found)}” is not a child's word. Say it in words that a child uses.",
            )


@rule(
    "word-lists", "advice", "R23", "Heard has word lists for a language, or a person looks instead."
)
def _word_lists(sheet: Sheet) -> Iterator[Spot]:
    for index, tag in enumerate(sheet.definition.languages):
        if not has_lists(tag):
            yield (
                ("languages", index),
                f"Heard has no word lists in “{tag}”, so nothing was looked for there. Have a "
                "native speaker read docs/rules/ beside the texts.",
            )
