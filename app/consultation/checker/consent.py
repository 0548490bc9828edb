"""Consent and assent: R11, R13, R14."""

from __future__ import annotations

from collections.abc import Iterator

from ..ages import age_spans, consent_texts
from ..questions import TextQuestion
from .registry import Spot, rule
from .sheet import ADULT_AGE, Sheet
from .word_lists import find_words

QUOTES = "quotes"
"""The statement without which no words of a person are quoted."""


@rule("consent-bundled", "gate", "R11", "Each decision has a tick of its own.")
def _bundled(sheet: Sheet) -> Iterator[Spot]:
    consent = sheet.definition.consent
    needed = [index for index, each in enumerate(consent.statements) if not each.optional]
    allowed = 2 if consent.model == "caregiver_and_assent" else 1
    for index in needed[allowed:]:
        yield (
            ("consent", "statements", index),
            "More than one statement has to be ticked. Write “optional: true” on every one but "
            "taking part.",
        )
    for index, statement in enumerate(consent.statements):
        for tag, label in statement.label.items():
            found = find_words("bundled", tag, label)
            if found:
                yield (
                    ("consent", "statements", index, "label", tag),
                    f"“{found[0]}” puts several decisions into one tick. Write a statement for "
                    "each.",
                )


@rule("quotes-asked", "advice", "R11", "Words are quoted only from people who said that they may.")
def _quotes(sheet: Sheet) -> Iterator[Spot]:
    statements = sheet.definition.consent.statements
    writes = any(isinstance(one.question, TextQuestion) for one in sheet.asked)
    if writes and QUOTES not in {each.name for each in statements}:
        yield (
            ("consent", "statements"),
            "People can write, but nobody is asked whether their words may be quoted, so none can "
            "be. Add {name: quotes, optional: true, label: …}.",
        )


@rule("assent", "gate", "R13", "Everybody under 18 finds a text for their age before they choose.")
def _assent(sheet: Sheet) -> Iterator[Spot]:
    definition = sheet.definition
    if not sheet.for_children or definition.consent.model == "adult":
        return
    first = definition.audience.from_age
    last = min(definition.audience.to_age or ADULT_AGE, ADULT_AGE - 1)
    covered = {
        age for band in definition.consent.assent for age in range(band.from_age, band.to_age + 1)
    }
    missing = [age for age in range(first, last + 1) if age not in covered]
    if missing:
        yield (
            ("consent", "assent") if definition.consent.assent else ("consent",),
            f"There is no assent text for people of {missing[0]} to {missing[-1]}. Add under "
            f"consent: assent: [{{from_age: {missing[0]}, to_age: {missing[-1]}, text: …}}].",
        )


@rule("assent-bands", "gate", "R13", "Everybody of one band of age reads the same text.")
def _one_text(sheet: Sheet) -> Iterator[Spot]:
    definition = sheet.definition
    places = {(band.from_age, band.to_age): n for n, band in enumerate(definition.audience.bands)}
    for span in age_spans(definition.audience):
        texts = consent_texts(definition, span.value) if span.inside else []
        if len(texts) > 1:
            starts = ", ".join(str(text.from_age) for text in texts[1:])
            yield (
                ("audience", "bands", places[span.low or 0, span.high]),
                f"People of this band read {len(texts)} texts. Let a band begin at {starts}, where "
                "another text begins.",
            )


@rule("consent-age", "gate", "R14", "The consent model fits the ages that are invited.")
def _fits_age(sheet: Sheet) -> Iterator[Spot]:
    model = sheet.definition.consent.model
    if model == "adult" and sheet.for_children:
        yield (
            ("consent", "model"),
            f"People from {sheet.definition.audience.from_age} years on are invited, and the model "
            "is adult. Write young_person_alone, caregiver_and_assent or waiver.",
        )
    if model != "adult" and not sheet.for_children:
        yield ("consent", "model"), "Only adults are invited. Write “model: adult”."


@rule("waiver", "gate", "R14", "Only a named ethics body can decide that no caregiver is asked.")
def _waiver(sheet: Sheet) -> Iterator[Spot]:
    consent = sheet.definition.consent
    if consent.model == "waiver" and consent.waiver is None:
        yield (
            ("consent", "model"),
            "A waiver needs the decision behind it. Add under consent: waiver: {body: …, "
            "reference: …, date: …, why: …}.",
        )
    if consent.model != "waiver" and consent.waiver is not None:
        yield ("consent", "waiver"), "There is a waiver, but the model is another. Remove one."
