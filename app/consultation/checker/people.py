"""Who could be recognised by who they are: R8, R90."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from math import prod

from ..questions import (
    Country,
    Date,
    Decimal,
    Integer,
    Matrix,
    Scale,
    SelectMultiple,
    SelectOne,
    choices_of,
)
from .registry import Spot, rule
from .sheet import Asked, Sheet
from .word_lists import find_words

COUNTRIES = 249  # officially assigned codes of ISO 3166-1
YEARS = 100
MONTHS = 12


@rule("group-size", "gate", "R8", "A link is shared by enough people that it is nobody's own.")
def _group_size(sheet: Sheet) -> Iterator[Spot]:
    definition = sheet.definition
    links = len(definition.collectors) or 1
    shared = definition.collectors or definition.access == "group_code"
    if not shared:
        return
    where = ("collectors",) if definition.collectors else ("access",)
    if definition.expected_responses is None:
        yield (
            where,
            "How many people will answer is not said, so nobody can tell whether a link is shared "
            "by enough of them. Add “expected_responses: …” at the top.",
        )
    elif definition.expected_responses < links * definition.smallest_group:
        yield (
            where,
            f"{definition.expected_responses} people on {links} links are fewer than "
            f"{definition.smallest_group} a link. Use fewer collectors.",
        )


@rule("about-you-why", "gate", "R90", "A question about who somebody is says why it is asked.")
def _why(sheet: Sheet) -> Iterator[Spot]:
    for one in sheet.about_people:
        if not one.question.why:
            yield (
                one.path,
                f"“{one.question.name}” asks who the person is. Add “why: We ask because …”, or "
                "leave the question out.",
            )


@rule("about-you-last", "advice", "R90", "Questions about who somebody is come last.")
def _last(sheet: Sheet) -> Iterator[Spot]:
    paths = {one.path for one in sheet.about_people}
    at_the_end = {one.path for one in takewhile(lambda o: o.path in paths, reversed(sheet.asked))}
    for one in sheet.about_people:
        if one.path not in at_the_end:
            yield (
                one.path,
                f"“{one.question.name}” asks who the person is. Move it to the last page, so that "
                "people know by then what they told.",
            )


@rule("combinations", "advice", "R90", "Answers about oneself are shared by enough people.")
def _combinations(sheet: Sheet) -> Iterator[Spot]:
    definition = sheet.definition
    if not sheet.about_people:
        return
    where = sheet.about_people[0].path
    links = len(definition.collectors) or 1
    count = links * prod(_answers(one) for one in sheet.about_people)
    if definition.expected_responses is None:
        yield (
            where,
            f"The questions about the person make {count} combinations. Say how many people will "
            "answer: add “expected_responses: …” at the top.",
        )
    elif count * definition.smallest_group > definition.expected_responses:
        yield (
            where,
            f"The questions about the person make {count} combinations, and "
            f"{definition.expected_responses} people are expected: fewer than "
            f"{definition.smallest_group} for each. Ask fewer of them, or with fewer choices.",
        )


def _answers(one: Asked) -> int:
    """How many different answers a question has."""
    question = one.question
    if isinstance(question, SelectMultiple):
        free = sum(not choice.exclusive for choice in question.choices)
        return int(2**free) + len(question.choices) - free
    if isinstance(question, Matrix):
        return int(len(question.choices) ** len(question.rows))
    if isinstance(question, (Integer, Decimal)):
        low, high = question.from_, question.to
        return int(high - low) + 1 if low is not None and high is not None else YEARS
    if isinstance(question, Date):
        return YEARS * (MONTHS if question.precision == "month" else 1)
    if isinstance(question, Scale):
        return len(question.points)
    return COUNTRIES if isinstance(question, Country) else len(choices_of(question)) or 1


@rule("bare-other", "advice", "R90", "Nobody is a bare “Other”.")
def _bare_other(sheet: Sheet) -> Iterator[Spot]:
    for one in sheet.about_people:
        if not isinstance(one.question, (SelectOne, SelectMultiple)):
            continue
        for index, choice in enumerate(one.question.choices):
            for tag, label in choice.label.items():
                if find_words("other", tag, label):
                    yield (
                        (*one.path, "choices", index, "label", tag),
                        f"“{label}” sorts people out. Write “In another way”, or leave it to "
                        "“I prefer not to say”.",
                    )
