"""What templates need to show one question: plain values, texts already in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext as _
from markupsafe import Markup

from app.consultation import render_inline, render_markdown, text_in
from app.consultation.questions import (
    PREFER_NOT_TO_SAY,
    AnyQuestion,
    Country,
    Date,
    Matrix,
    Note,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
)
from app.journey.identifying import Piece

from .countries import all_countries, country_name

Option = dict[str, Any]


@dataclass
class QuestionView:
    """One question as the macros in `macros.html` expect it."""

    name: str
    type: str
    label: Markup
    hint: Markup | None = None
    why: str = ""
    choices: list[Option] = field(default_factory=list)
    rows: list[Option] = field(default_factory=list)
    points: list[Option] = field(default_factory=list)
    low: str = ""
    high: str = ""
    prefer: Option | None = None
    places: list[Option] = field(default_factory=list)
    value: Any = ""
    lines: int = 1
    max_length: int = 0
    unit: str = ""
    months: list[Option] = field(default_factory=list)
    month_field: str = ""
    year_field: str = ""
    year: str = ""
    errors: list[str] = field(default_factory=list)
    notice: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """What a page shows beside its questions: answers so far, and what to look at again."""

    answers: Mapping[str, Any]
    declined: frozenset[str]
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    typed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notices: Mapping[str, list[Piece]] = field(default_factory=dict)


def question_view(question: AnyQuestion, shown: Shown, language: str) -> QuestionView:
    """Return the view of one question in one language."""
    label = text_in(question.label, language)
    render = render_markdown if isinstance(question, Note) else render_inline
    hint = text_in(question.hint, language)
    view = QuestionView(
        name=question.name,
        type=question.type,
        label=Markup(render(label)),  # noqa: S704 - cleaned by bleach
        hint=Markup(render_inline(hint)) if hint else None,  # noqa: S704 - cleaned by bleach
        why=text_in(question.why, language),
        errors=_errors(question, shown),
        notice=shown.notices.get(question.name, []),
    )
    answer = shown.answers.get(question.name)
    _FILL.get(question.type, _fill_typed)(view, question, answer, shown, language)
    return view


def _errors(question: AnyQuestion, shown: Shown) -> list[str]:
    """The messages of a question and of the fields it is made of."""
    return [
        message
        for name, messages in shown.errors.items()
        if name == question.name or name.startswith(f"{question.name}__")
        for message in messages
    ]


def _prefer(question: AnyQuestion, shown: Shown) -> Option:
    return {
        "value": PREFER_NOT_TO_SAY,
        "label": _("I prefer not to say"),
        "checked": question.name in shown.declined,
        "exclusive": True,
    }


def _fill_choices(
    view: QuestionView,
    question: SelectOne | SelectMultiple,
    answer: Any,
    shown: Shown,
    language: str,
) -> None:
    chosen = answer if isinstance(answer, list) else [answer]
    view.choices = [
        {
            "value": choice.name,
            "label": text_in(choice.label, language),
            "checked": choice.name in chosen,
            "exclusive": choice.exclusive,
        }
        for choice in question.choices
    ]
    if question.prefer_not_to_say:
        view.choices.append(_prefer(question, shown))


def _fill_scale(
    view: QuestionView, question: Scale, answer: Any, shown: Shown, language: str
) -> None:
    ends = (question.from_, question.to)
    for point in question.points:
        words = text_in(question.labels.get(str(point)), language)
        label = f"{point} {words}" if words and point not in ends else str(point)
        view.points.append({"value": point, "label": label, "checked": answer == point})
    view.low, view.high = (text_in(question.labels.get(str(end)), language) for end in ends)
    if question.prefer_not_to_say:
        view.prefer = _prefer(question, shown)


def _fill_matrix(
    view: QuestionView, question: Matrix, answer: Any, shown: Shown, language: str
) -> None:
    chosen = answer or {}
    for row in question.rows:
        options = [
            {
                "value": choice.name,
                "label": text_in(choice.label, language),
                "checked": chosen.get(row.name) == choice.name,
            }
            for choice in question.choices
        ]
        if question.prefer_not_to_say:
            options.append(_prefer(question, shown))
        label = text_in(row.label, language)
        name = f"{question.name}__{row.name}"
        view.rows.append({"name": row.name, "label": label, "field": name, "options": options})


def _fill_rank(
    view: QuestionView, question: Rank, answer: Any, shown: Shown, language: str
) -> None:
    order = answer or []
    typed = shown.typed.get(question.name)
    for choice in question.choices:
        place = str(order.index(choice.name) + 1) if choice.name in order else ""
        if typed is not None:
            place = typed.get(choice.name, "")
        options = [{"value": "", "label": _("No place"), "selected": not place}]
        for number in range(1, len(question.choices) + 1):
            value = str(number)
            options.append({"value": value, "label": value, "selected": value == place})
        name = f"{question.name}__{choice.name}"
        label = text_in(choice.label, language)
        view.places.append({"field": name, "label": label, "options": options})


def _fill_date(
    view: QuestionView, question: Date, answer: Any, shown: Shown, language: str
) -> None:
    year, _dash, month = str(answer or "").partition("-")
    typed = shown.typed.get(question.name, {})
    view.year = typed.get("year", year)
    chosen = typed.get("month", month.lstrip("0"))
    view.year_field, view.month_field = f"{question.name}__year", f"{question.name}__month"
    if question.precision == "month":
        names = get_month_names("wide", context="stand-alone", locale=language.replace("-", "_"))
        view.months = [
            {"value": str(number), "label": names[number], "selected": str(number) == chosen}
            for number in range(1, 13)
        ]


def _fill_country(
    view: QuestionView, _question: Country, answer: Any, _shown: Shown, language: str
) -> None:
    view.choices = [
        {"value": code, "label": name, "checked": code == answer}
        for code, name in all_countries(language)
    ]


def _fill_typed(
    view: QuestionView, question: AnyQuestion, answer: Any, shown: Shown, _language: str
) -> None:
    typed = shown.typed.get(question.name, {})
    view.value = typed.get("typed", "" if answer is None else answer)
    view.lines = getattr(question, "lines", 1)
    view.max_length = getattr(question, "max_length", 0)


_FILL: Mapping[str, Any] = {
    "select_one": _fill_choices,
    "select_multiple": _fill_choices,
    "scale": _fill_scale,
    "matrix": _fill_matrix,
    "rank": _fill_rank,
    "date": _fill_date,
    "country": _fill_country,
}


def answer_words(question: AnyQuestion, answer: Any, language: str) -> list[str]:
    """Return an answer as lines to read again before sending."""
    if isinstance(question, Matrix):
        labels = {choice.name: text_in(choice.label, language) for choice in question.choices}
        return [
            f"{text_in(row.label, language)}: {labels[answer[row.name]]}"
            for row in question.rows
            if answer.get(row.name) in labels
        ]
    if isinstance(question, (SelectOne, SelectMultiple, Rank)):
        labels = {choice.name: text_in(choice.label, language) for choice in question.choices}
        names = answer if isinstance(answer, list) else [answer]
        words = [labels[name] for name in names if name in labels]
        if isinstance(question, Rank):
            return [f"{place}. {word}" for place, word in enumerate(words, 1)]
        return words
    if isinstance(question, Scale):
        words_of = text_in(question.labels.get(str(answer)), language)
        return [f"{answer}: {words_of}" if words_of else str(answer)]
    if isinstance(question, Country):
        return [country_name(str(answer), language)]
    return str(answer).split("\n")
