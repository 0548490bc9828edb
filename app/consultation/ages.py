"""Ages as spans to choose from, and what people of one span read before they choose (R13, R17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .model import Audience, Definition

ADULT_AGE = 18
YOUNGEST = 6
"""No consultation asks younger children, so there is nobody to tell apart below."""


@dataclass(frozen=True)
class AgeSpan:
    """A span of ages that a person can choose; None where it has no end."""

    low: int | None
    high: int | None
    inside: bool

    @property
    def value(self) -> str:
        """What the form sends, such as `12-14`, `-11` or `18-`."""
        return f"{'' if self.low is None else self.low}-{'' if self.high is None else self.high}"


@dataclass(frozen=True)
class ConsentText:
    """A text that people of some ages read before they choose; None where it has no end."""

    from_age: int
    to_age: int | None
    text: Mapping[str, str]


def age_spans(audience: Audience) -> tuple[AgeSpan, ...]:
    """The spans to choose from, from young to old, everybody's age in exactly one of them.

    Ages below and above the bands get a span of their own, so that who is outside finds an answer
    too; which spans are asked for is in no text (R18).
    """
    bands = sorted(audience.bands, key=lambda band: band.from_age)
    if not bands:
        return ()
    spans = [AgeSpan(b.from_age, b.to_age, _is_inside(b.from_age, audience)) for b in bands]
    first, last = bands[0].from_age, bands[-1].to_age
    if first > YOUNGEST:
        spans.insert(0, AgeSpan(None, first - 1, inside=False))
    if last is not None:
        spans.append(AgeSpan(last + 1, None, inside=False))
    return tuple(spans)


def _is_inside(age: int, audience: Audience) -> bool:
    return audience.from_age <= age and (audience.to_age is None or age <= audience.to_age)


def consent_texts(definition: Definition, age: str = "") -> list[ConsentText]:
    """What people read before they choose, for one span of ages or, with "", for all of them.

    One text for everybody needs no ages. Where children have a text of their own, the text for
    adults is for adults alone.
    """
    texts = list(_all_texts(definition))
    span = next((s for s in age_spans(definition.audience) if age and s.value == age), None)
    if span is None:
        return texts
    return [text for text in texts if _meet(text, span)] or texts


def _all_texts(definition: Definition) -> Iterator[ConsentText]:
    consent, audience = definition.consent, definition.audience
    for assent in consent.assent:
        yield ConsentText(assent.from_age, assent.to_age, assent.text)
    adults_too = audience.to_age is None or audience.to_age >= ADULT_AGE
    if consent.text and (adults_too or not consent.assent):
        low = max(audience.from_age, ADULT_AGE if consent.assent else 0)
        yield ConsentText(low, audience.to_age, consent.text)


def _meet(text: ConsentText, span: AgeSpan) -> bool:
    return (span.high is None or text.from_age <= span.high) and (
        text.to_age is None or span.low is None or span.low <= text.to_age
    )
