"""What the steps before the questions show: age, consent, understanding, what to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.consultation import render_inline, render_markdown, text_in
from app.consultation.ages import AgeSpan, age_spans, consent_texts
from app.consultation.texts import Text
from app.journey import Step

from .question_views import Shown
from .visit import Visit, said_again


def markdown_in(text: Mapping[str, str] | None, language: str) -> Markup:
    """A text in one language, as cleaned HTML."""
    return Markup(render_markdown(text_in(text, language)))  # noqa: S704 - cleaned by bleach


def age_values(visit: Visit, _step: Step, _shown: Shown | None) -> dict[str, Any]:
    """The spans of ages to choose from."""
    return {
        "spans": [
            {"value": span.value, "label": _span(span), "checked": span.value == visit.draft.age}
            for span in age_spans(visit.definition.audience)
        ]
    }


def _span(span: AgeSpan) -> str:
    if span.low is None:
        return _("Younger than %(age)d", age=(span.high or 0) + 1)
    if span.high is None:
        return _("%(age)d or older", age=span.low)
    return _("%(low)d to %(high)d", low=span.low, high=span.high)


def consent_values(visit: Visit, _step: Step, _shown: Shown | None) -> dict[str, Any]:
    """The text for this person's age, and each statement with its tick."""
    consent, language = visit.definition.consent, visit.draft.language
    return {
        "readings": [
            {
                "from_age": each.from_age,
                "to_age": each.to_age,
                "text": markdown_in(each.text, language),
            }
            for each in consent_texts(visit.definition, visit.draft.age)
        ],
        "statements": [
            {
                "name": statement.name,
                "label": text_in(statement.label, language),
                "optional": statement.optional,
                "checked": statement.name in visit.draft.consent,
            }
            for statement in consent.statements
        ],
    }


def understanding_values(visit: Visit, step: Step, _shown: Shown | None) -> dict[str, Any]:
    """The questions; with explanations, only those that were taken otherwise."""
    language = visit.draft.language
    explain = said_again(visit.draft, step).get("explain", ())
    questions = visit.definition.consent.understanding
    return {
        "explained": bool(explain),
        "told": " ".join(str(number + 1) for number in explain),
        "questions": [
            {
                "field": f"clear_{number + 1}",
                "label": _inline(question.label, language),
                "explanation": markdown_in(question.explanation, language),
                "choices": [text_in(choice.label, language) for choice in question.choices],
            }
            for number, question in enumerate(questions)
            if not explain or number in explain
        ],
    }


def _inline(text: Text, language: str) -> Markup:
    return Markup(render_inline(text_in(text, language)))  # noqa: S704 - cleaned by bleach


def leave_out_values(visit: Visit, _step: Step, _shown: Shown | None) -> dict[str, Any]:
    """The topics, and whether any of their pages was answered already."""
    draft, definition = visit.draft, visit.definition
    return {
        "topics": [
            {
                "value": topic.name,
                "label": text_in(topic.label, draft.language),
                "checked": topic.name in draft.left_out,
            }
            for topic in definition.topics
        ],
        "answered": any(
            page.topics and f"page:{page.name}" in draft.done for page in definition.pages
        ),
    }
