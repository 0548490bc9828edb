"""Forms of pages: what a browser sends, checked and turned into stored answers.

Every field is optional: an empty form is a page that was skipped (R36). An error therefore only
says that something cannot be kept as it stands; the words stay in the form (R84).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal as Number
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import (
    BooleanField,
    Field,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from app.consultation.questions import (
    PREFER_NOT_TO_SAY,
    AnyQuestion,
    Country,
    Date,
    Decimal,
    Integer,
    Matrix,
    Note,
    Rank,
    Scale,
    SelectMultiple,
    SelectOne,
    TextQuestion,
)

from .countries import country_codes
from .reading import MOST_KEPT, Reading, put_beside

Q = TypeVar("Q", bound=AnyQuestion)

PREFIX = "field_"
"""Keeps a question's name apart from the attributes that a form has of its own."""

MAX_DIGITS = 15
WHOLE = re.compile(rf"[+-]?\d{{1,{MAX_DIGITS}}}")
ARABIC_POINT = "\u066b"
PART = re.compile(rf"[+-]?\d{{1,{MAX_DIGITS}}}([.,{ARABIC_POINT}]\d{{1,{MAX_DIGITS}}})?")
GROUPED = re.compile(r"([+-]?)(\d{1,3})[.,](\d{3})")
"""One thousand for half of the world, one and a little for the other half."""
YEAR = re.compile(r"\d{4}")
"""Digits of any script. No exponents: "1e-999999999" would be written out as a gigabyte."""
EARLIEST_YEAR = 1900


def form_class(questions: Sequence[AnyQuestion]) -> type[Form]:
    """Return a form with the fields of these questions, named as the page names them.

    Its token was checked before any view was called, and no sentence of WTForms is ever shown: so
    it is a form that looks for neither.
    """
    fields: dict[str, Any] = {}
    for question in questions:
        for name, unbound in _FIELDS[type(question)](question).items():
            fields[PREFIX + name] = unbound
        if has_decline_box(question):
            name = decline_field(question)
            fields[PREFIX + name] = BooleanField(name=name)
    return type("PageForm", (Form,), fields)


def read_form(form: Form, questions: Sequence[AnyQuestion], told: Iterable[str] = ()) -> Reading:
    """Return what the posted form holds for each question; values that no choice has are left.

    Args:
        form: the posted form.
        questions: those that the page showed.
        told: names of questions that said already what happens to an answer beside a choice that
            excludes it: now it happens.
    """
    reading = Reading()
    for question in questions:
        if isinstance(question, Note):
            continue
        _READERS[type(question)](form, question, reading)
        if has_decline_box(question) and _value(form, decline_field(question)):
            _read_decline(form, question, reading)
    for name in reading.beside.keys() & set(told):
        del reading.beside[name], reading.errors[name]
        reading.far_too_long.discard(name)
    return reading


def has_decline_box(question: AnyQuestion) -> bool:
    """Whether "I prefer not to say" is a box of its own, because there is no list to stand in."""
    without_list = (TextQuestion, Integer, Decimal, Date, Country, Rank)
    return question.prefer_not_to_say and isinstance(question, without_list)


def decline_field(question: AnyQuestion) -> str:
    """The name of that box; no choice and no row can have this name."""
    return f"{question.name}__{PREFER_NOT_TO_SAY}"


def _read_decline(form: Form, question: AnyQuestion, reading: Reading) -> None:
    reading.declined.add(question.name)
    fields = _FIELDS[type(question)](question)
    wrong = reading.errors.keys() & {question.name, *fields}
    if question.name not in reading.answers and not wrong:
        return
    for name in wrong:
        del reading.errors[name]
    reading.answers.pop(question.name, None)
    reading.places.pop(question.name, None)
    last_parts = {name.removeprefix(f"{question.name}__"): name for name in fields}
    put_beside(
        question,
        {
            "typed" if name == question.name else part: clean_text(_value(form, name) or "")
            for part, name in last_parts.items()
        },
        reading,
    )


def _value(form: Form, name: str) -> Any:
    return form[PREFIX + name].data


def _decline(question: AnyQuestion) -> list[str]:
    return [PREFER_NOT_TO_SAY] if question.prefer_not_to_say else []


def _radio(name: str, choices: list[str]) -> Field:
    return RadioField(name=name, choices=choices, validate_choice=False)


def _select_one_fields(question: SelectOne) -> dict[str, Field]:
    return {question.name: _radio(question.name, _names(question))}


def _read_select_one(form: Form, question: SelectOne, reading: Reading) -> None:
    _keep_choice(question, _value(form, question.name), _names(question), reading)


def _names(question: SelectOne | SelectMultiple | Rank | Matrix) -> list[str]:
    return [choice.name for choice in question.choices]


def _keep_choice(
    question: AnyQuestion,
    value: Any,
    known: Sequence[str],
    reading: Reading,
    stored: Callable[[str], Any] = str,
) -> None:
    if not value:
        return
    if value == PREFER_NOT_TO_SAY and question.prefer_not_to_say:
        reading.declined.add(question.name)
    elif value in known:
        reading.answers[question.name] = stored(value)
    else:
        _not_on_the_list(question.name, reading)


def _not_on_the_list(name: str, reading: Reading) -> None:
    reading.errors.setdefault(name, []).append(
        _("That answer is not on the list. Choose another one, or skip this.")
    )


def _many_fields(question: SelectMultiple) -> dict[str, Field]:
    choices = _names(question) + _decline(question)
    return {
        question.name: SelectMultipleField(
            name=question.name, choices=choices, validate_choice=False
        )
    }


def _read_many(form: Form, question: SelectMultiple, reading: Reading) -> None:
    given = _value(form, question.name) or []
    known = _names(question)
    if any(value not in known and value != PREFER_NOT_TO_SAY for value in given):
        _not_on_the_list(question.name, reading)
    chosen = [name for name in known if name in given]
    declines = PREFER_NOT_TO_SAY in given and question.prefer_not_to_say
    alone = [choice.name for choice in question.choices if choice.exclusive]
    if declines:
        reading.declined.add(question.name)
    if len(chosen) + declines > 1 and (declines or any(name in alone for name in chosen)):
        put_beside(question, dict.fromkeys(chosen, "yes"), reading)
    elif chosen:
        reading.answers[question.name] = chosen


def _scale_fields(question: Scale) -> dict[str, Field]:
    return {question.name: _radio(question.name, [str(point) for point in question.points])}


def _read_scale(form: Form, question: Scale, reading: Reading) -> None:
    known = [str(point) for point in question.points]
    _keep_choice(question, _value(form, question.name), known, reading, int)


def _matrix_fields(question: Matrix) -> dict[str, Field]:
    names = [f"{question.name}__{row.name}" for row in question.rows]
    return {name: _radio(name, _names(question)) for name in names}


def _read_matrix(form: Form, question: Matrix, reading: Reading) -> None:
    chosen, declined = {}, False
    for row in question.rows:
        value = _value(form, f"{question.name}__{row.name}")
        if value == PREFER_NOT_TO_SAY and question.prefer_not_to_say:
            declined = True
        elif value in _names(question):
            chosen[row.name] = value
        elif value:
            _not_on_the_list(f"{question.name}__{row.name}", reading)
    if chosen:
        reading.answers[question.name] = chosen
    elif declined:
        reading.declined.add(question.name)


def _rank_fields(question: Rank) -> dict[str, Field]:
    places = [str(place) for place in range(1, len(question.choices) + 1)]
    names = [f"{question.name}__{choice.name}" for choice in question.choices]
    return {
        name: SelectField(name=name, choices=["", *places], validate_choice=False) for name in names
    }


def _read_rank(form: Form, question: Rank, reading: Reading) -> None:
    """Places become an order; a gap between them says nothing."""
    known = [str(place) for place in range(1, len(question.choices) + 1)]
    places: dict[str, str] = {}
    for choice in question.choices:
        value = _value(form, f"{question.name}__{choice.name}") or ""
        if value in known:
            places[choice.name] = value
        elif value:
            _not_on_the_list(f"{question.name}__{choice.name}", reading)
    if len(set(places.values())) < len(places):
        reading.errors.setdefault(question.name, []).append(
            _("Two of them have the same place. Give each one a place of its own.")
        )
    reading.places[question.name] = places
    if places:
        reading.answers[question.name] = sorted(places, key=lambda name: int(places[name]))


def _text_fields(question: TextQuestion) -> dict[str, Field]:
    kind: Any = StringField if question.lines == 1 else TextAreaField
    return {question.name: kind(name=question.name)}


def _read_text(form: Form, question: TextQuestion, reading: Reading) -> None:
    text = clean_text(_value(form, question.name) or "")
    if not text:
        return
    reading.answers[question.name] = text
    over = len(text) - question.max_length
    if len(text) > MOST_KEPT:
        reading.far_too_long.add(question.name)
    if over > 0:
        reading.errors[question.name] = [
            ngettext(
                "This is %(num)d character longer than we can keep. Make it shorter, or skip it.",
                "This is %(num)d characters longer than we can keep. Make it shorter, or skip it.",
                over,
            )
        ]


def clean_text(text: str) -> str:
    """One kind of line break, no control characters that nobody typed, no space around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or (c >= " " and c != "\x7f")).strip()


def _number_fields(question: Integer | Decimal) -> dict[str, Field]:
    return {question.name: StringField(name=question.name)}


def _read_number(form: Form, question: Integer | Decimal, reading: Reading) -> None:
    text = "".join(clean_text(_value(form, question.name) or "").split())
    if not text:
        return
    whole = isinstance(question, Integer)
    # A whole number takes no comma and no dot: "1,000" would become 1 for half of the world.
    if not (WHOLE if whole else PART).fullmatch(text):
        message = _("Write a whole number in digits, such as 12.") if whole else ""
        message = message or _("Write a number in digits, such as 12.5.")
        _ask_for_the_number_again(question, text, message, reading)
        return
    meant = [number for number in _readings(text) if _is_asked_about(number, question)]
    if len(meant) > 1:
        one, other = format(meant[1], "f"), _without_doubt(meant[0])
        message = _("Do you mean %(one)s or %(other)s? Write it like that.", one=one, other=other)
        _ask_for_the_number_again(question, text, message, reading)
        return
    if not meant:
        reading.errors[question.name] = [_("That number is outside what we ask about.")]
    number = meant[0] if meant else _readings(text)[0]
    reading.answers[question.name] = int(number) if whole else format(number, "f")


def _ask_for_the_number_again(
    question: Integer | Decimal, text: str, message: str, reading: Reading
) -> None:
    reading.errors[question.name] = [message]
    reading.places[question.name] = {"typed": text[: 2 * MAX_DIGITS]}


def _readings(text: str) -> list[Number]:
    """What a number that matches `PART` can mean: "1,000" is 1 or 1000."""
    number = Number(text.replace(",", ".").replace(ARABIC_POINT, "."))
    grouped = GROUPED.fullmatch(text)
    if not grouped or int(grouped[2]) == 0:
        return [number]
    return [number, Number("".join(grouped.groups()))]


def _without_doubt(number: Number) -> str:
    """A number with three decimals, written with more or fewer: 1.000 as 1.0, 1.125 as 1.1250."""
    whole, _point, decimals = format(number, "f").partition(".")
    fewer = decimals.rstrip("0")
    return f"{whole}.{decimals}0" if len(fewer) == len(decimals) else f"{whole}.{fewer or '0'}"


def _is_asked_about(number: Number, question: Integer | Decimal) -> bool:
    low, high = question.from_, question.to
    return (low is None or number >= low) and (high is None or number <= high)


def _date_fields(question: Date) -> dict[str, Field]:
    names = [f"{question.name}__month", f"{question.name}__year"]
    return {name: StringField(name=name) for name in names}


def _read_date(form: Form, question: Date, reading: Reading) -> None:
    month = _value(form, f"{question.name}__month") or ""
    year = clean_text(_value(form, f"{question.name}__year") or "")
    if not year:
        return
    latest = dt.datetime.now(dt.UTC).year + 10
    if not (YEAR.fullmatch(year) and EARLIEST_YEAR <= int(year) <= latest):
        reading.errors[question.name] = [_("Write the year with four digits, such as 2024.")]
        reading.places[question.name] = {"year": year[:10], "month": month[:2]}
        return
    months = [str(number) for number in range(1, 13)]
    with_month = question.precision == "month" and month in months
    reading.answers[question.name] = (
        f"{int(year)}-{int(month):02d}" if with_month else str(int(year))
    )


def _country_fields(question: Country) -> dict[str, Field]:
    return {question.name: StringField(name=question.name)}


def _read_country(form: Form, question: Country, reading: Reading) -> None:
    _keep_choice(question, _value(form, question.name), country_codes(), reading)


_FIELDS: Mapping[type, Callable[[Any], dict[str, Field]]] = {
    Note: lambda _question: {},
    SelectOne: _select_one_fields,
    SelectMultiple: _many_fields,
    Scale: _scale_fields,
    Matrix: _matrix_fields,
    Rank: _rank_fields,
    TextQuestion: _text_fields,
    Integer: _number_fields,
    Decimal: _number_fields,
    Date: _date_fields,
    Country: _country_fields,
}

_READERS: Mapping[type, Callable[[Form, Any, Reading], None]] = {
    SelectOne: _read_select_one,
    SelectMultiple: _read_many,
    Scale: _read_scale,
    Matrix: _read_matrix,
    Rank: _read_rank,
    TextQuestion: _read_text,
    Integer: _read_number,
    Decimal: _read_number,
    Date: _read_date,
    Country: _read_country,
}
