"""How questions are asked and in which order: R17, R23, R26, R27, R38, R72."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..questions import SelectOne, TextQuestion
from .reading import paragraphs, sentences
from .registry import Spot, rule
from .sheet import Asked, Passage, Sheet
from .word_lists import base_language, find_words

QUESTIONS_A_PAGE = 3
EASY_ENDS = 2
AGE_BAND_YEARS = 2


VERB_LAST = frozenset({"ne", "bn"})
"""Languages in which “not” stands behind the verb, at the end of the sentence."""


def _asks(name: str, passage: Passage) -> list[str]:
    """What a text asks for; “you need not …” asks for nothing."""
    return [
        found
        for paragraph in paragraphs(passage.text)
        for sentence in sentences(paragraph)
        for found in find_words(name, passage.language, sentence)
        if not _is_denied(found, sentence, passage.language)
    ]


def _is_denied(found: str, sentence: str, language: str) -> bool:
    """Whether “not” or its like stands before the words, with no comma between."""
    before = re.split(r"[,;:،؛—–]", sentence.partition(found)[0])[-1]  # noqa: RUF001
    clause = sentence if base_language(language) in VERB_LAST else before
    return bool(find_words("negations", language, clause))


@rule("birth-date", "gate", "R17", "Nobody is asked when they were born.", firm=True)
def _birth_date(sheet: Sheet) -> Iterator[Spot]:
    for one in sheet.asked:
        for passage in sheet.words_of(one):
            if one.is_open and _asks("birth", passage):
                yield (
                    passage.path,
                    "A day or year of birth helps to tell who somebody is. Ask for an age band "
                    "with select_one, or for nothing.",
                )


@rule("exact-age", "gate", "R17", "Age is asked in bands of two years or more.")
def _exact_age(sheet: Sheet) -> Iterator[Spot]:
    for one in sheet.asked:
        if not sheet.finds("ages", one):
            continue
        if one.is_open and not isinstance(one.question, TextQuestion):
            yield (
                one.path,
                "This asks for an exact age. Use select_one with bands such as 13 to 15.",
            )
        if isinstance(one.question, SelectOne):
            yield from _narrow_bands(one, one.question)


def _narrow_bands(one: Asked, question: SelectOne) -> Iterator[Spot]:
    for index, choice in enumerate(question.choices):
        label = next(iter(choice.label.values()), "")
        numbers = [int(found) for found in re.findall(r"\d+", label)]
        beside = re.sub(r"\b(years?|old|ans|años|anos|سنة)\b", "", re.sub(r"\d+", "", label))
        exact = len(numbers) == 1 and not re.search(r"\w|[+<>≥≤]", beside)
        narrow = len(numbers) > 1 and abs(numbers[1] - numbers[0]) + 1 < AGE_BAND_YEARS
        if exact or narrow:
            yield (
                (*one.path, "choices", index),
                f"“{label}” is a single year of age. Write bands such as 13 to 15.",
            )


@rule(
    "identifying-question", "gate", "R17, R72", "No question asks for what tells who somebody is."
)
def _identifying(sheet: Sheet) -> Iterator[Spot]:
    for one in sheet.asked:
        for passage in sheet.words_of(one):
            found = _asks("identifying", passage) if one.is_open else []
            if found:
                yield (
                    passage.path,
                    f"“{found[0]}”: the answer would tell who somebody is. Leave the question out, "
                    "or ask for a kind of thing with select_one.",
                )


@rule("account-of-abuse", "gate", "R23", "Nobody is asked to tell what was done to them.")
def _account(sheet: Sheet) -> Iterator[Spot]:
    duties = sheet.definition.duties
    allowed = duties.ethics.accounts if duties and duties.ethics else []
    names = {account.question for account in allowed}
    for index, account in enumerate(allowed):
        if account.question not in sheet.definition.questions:
            yield (
                ("duties", "ethics", "accounts", index, "question"),
                f"There is no question “{account.question}”. Write its name, or remove this.",
            )
    for one in sheet.asked:
        for passage in sheet.words_of(one) if one.question.name not in names else ():
            found = _asks("accounts", passage)
            if found:
                yield (
                    passage.path,
                    f"“{found[0]}” asks for an account of what happened. Ask what helped, what "
                    "stood in the way, or what should change.",
                )


@rule("questions-per-page", "gate", "R26", "A page has one question, or at most three short ones.")
def _per_page(sheet: Sheet) -> Iterator[Spot]:
    for index, page in enumerate(sheet.definition.pages):
        if len(page.asked) > QUESTIONS_A_PAGE:
            fourth = page.questions.index(page.asked[QUESTIONS_A_PAGE])
            yield (
                ("pages", index, "questions", fourth),
                f"This page has {len(page.asked)} questions. Begin a new page here.",
            )


@rule("easy-ends", "gate", "R27", "The first two and the last two questions are easy ones.")
def _easy_ends(sheet: Sheet) -> Iterator[Spot]:
    first, last = sheet.asked[:EASY_ENDS], sheet.asked[-EASY_ENDS:]
    for ends, where, move in ((first, "first", "later"), (last, "last", "earlier")):
        for path in dict.fromkeys(one.page_path for one in ends if one.is_hard):
            yield (
                path,
                f"The {where} two questions are on a page with a hard topic. Move this page "
                f"{move}: begin and end with something easy.",
            )


@rule("prefer-not-to-say", "gate", "R38", "On a hard page, “I prefer not to say” is an answer.")
def _prefer_not(sheet: Sheet) -> Iterator[Spot]:
    for one in sheet.asked:
        if one.is_hard and not one.question.prefer_not_to_say:
            yield (
                one.path,
                f"“{one.question.name}” is on a page with a hard topic. Add “prefer_not_to_say: "
                "true”.",
            )
