"""What templates need to show one question: plain values, texts already in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext as _
from markupsafe import Markup

from app.consultation import choices_of, render_inline, render_markdown, text_in
from app.consultation.identifying import Piece
from app.consultation.questions import (
    PREFER_NOT_TO_SAY,
    AnyQuestion,
    Choice,
    Country,
    Date,
    Matrix,
    Note,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
)

from .countries import all_countries, country_name
from .forms import decline_field, has_decline_box

Option = dict[str, Any]
TAG = re.compile(r"<[^<>]*>")


def words_only(html: str) -> str:
    """Return cleaned HTML as words; spaces that must not break stay (French needs them)."""
    return unescape(TAG.sub("", html))


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
    decline: Option | None = None
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
    taken_out: bool = False
    pictures: list[Option] = field(default_factory=list)
    sounds: list[Option] = field(default_factory=list)
    media_shown: bool = False
    room_limits: str | None = None


@dataclass(frozen=True)
class Shown:
    """What a page shows beside its questions: answers so far, and what to look at again."""

    answers: Mapping[str, Any]
    declined: frozenset[str]
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    typed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notices: Mapping[str, list[Piece]] = field(default_factory=dict)
    taken: Sequence[str] = ()
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    media: frozenset[str] = frozenset()

    def offered(self, question: AnyQuestion) -> Sequence[Choice]:
        """The choices of a question, as they are offered to this person."""
        return self.choices.get(question.name, choices_of(question))


def question_view(
    question: AnyQuestion, shown: Shown, language: str, put_in: Callable[[str], str] = str
) -> QuestionView:
    """Return the view of one question in one language.

    Args:
        question: the question.
        shown: answers so far, and what to look at again.
        language: the tag of the language.
        put_in: puts labels of earlier choices into a text.
    """
    label = put_in(text_in(question.label, language))
    render = render_markdown if isinstance(question, Note) else render_inline
    hint = put_in(text_in(question.hint, language))
    view = QuestionView(
        name=question.name,
        type=question.type,
        label=Markup(render(label)),  # noqa: S704 - cleaned by bleach
        hint=Markup(render_inline(hint)) if hint else None,  # noqa: S704 - cleaned by bleach
        why=text_in(question.why, language),
        errors=_errors(question, shown),
        notice=shown.notices.get(question.name, []),
        taken_out=question.name in shown.taken,
    )
    _fill_media(view, question, shown, language)
    if has_decline_box(question):
        view.decline = {**_prefer(question, shown), "field": decline_field(question)}
    answer = shown.answers.get(question.name)
    _FILL.get(question.type, _fill_typed)(view, question, answer, shown, language)
    return view


def _fill_media(view: QuestionView, question: AnyQuestion, shown: Shown, language: str) -> None:
    """Pictures and sounds of the question and of its choices, in words until asked for (R24)."""
    view.media_shown = question.name in shown.media
    holders: list[tuple[str, Any]] = [("", question)]
    holders += [(text_in(c.label, language), c) for c in shown.offered(question)]
    for label, holder in holders:
        if holder.image:
            words = text_in(holder.image.alt, language)
            view.pictures.append(
                {"address": f"/media/{holder.image.file}", "words": words, "label": label}
            )
        if holder.audio:
            words = text_in(holder.audio.transcript, language)
            view.sounds.append(
                {"address": f"/media/{holder.audio.file}", "words": words, "label": label}
            )


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
    chosen = list(shown.typed.get(question.name, chosen))
    view.choices = [
        {
            "value": choice.name,
            "label": text_in(choice.label, language),
            "checked": choice.name in chosen,
            "exclusive": choice.exclusive,
        }
        for choice in shown.offered(question)
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
        face = _mouth(question, point) if question.faces else None
        view.points.append(
            {"value": point, "label": label, "checked": answer == point, "mouth": face}
        )
    view.low, view.high = (text_in(question.labels.get(str(end)), language) for end in ends)
    if question.prefer_not_to_say:
        view.prefer = _prefer(question, shown)


def _mouth(question: Scale, point: int) -> int:
    """How far the middle of a face's mouth hangs below its corners: -5 (sad) to 5 (glad)."""
    return round(10 * (point - question.from_) / (question.to - question.from_)) - 5


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
            for choice in shown.offered(question)
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
    offered = shown.offered(question)
    for choice in offered:
        place = str(order.index(choice.name) + 1) if choice.name in order else ""
        if typed is not None:
            place = typed.get(choice.name, "")
        options = [{"value": "", "label": _("No place"), "selected": not place}]
        for number in range(1, len(offered) + 1):
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
    view: QuestionView, question: Country, answer: Any, shown: Shown, language: str
) -> None:
    answer = shown.typed.get(question.name, {}).get("typed", answer)
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
