"""Words that arrive when the draft they belong to has gone.

The page that says so holds them, and the person can begin again with them. Nothing of them is kept
on the server meanwhile. See docs/decisions/nothing-lost.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.consultation import Definition
from app.journey import Draft, store_page
from app.web.languages import speaking

from .forms import form_class, read_form
from .reading import Reading

CODE, LANGUAGE, TYPED = "start-code", "start-language", "typed-here"
"""What a page of questions carries for this: how to begin again, and which fields are typed in."""
PREFIX = "kept-"
"""Marks a field of that page in the form that begins again. No question has a hyphen."""

HELD = "held"
"""In the address of support, when the page that leads there holds such words."""

OWN_FIELDS = frozenset({"csrf_token", "step", "shown", "told", "action", "asked_by", "asking"})
"""Fields of a page that hold no answer."""

PAGES = ("steps.store", "leaving.stop")
BEGINNING = "entry.start"
NOT_WANTED = ("skip", "delete")
"""Buttons by which a person says that what stands in the form is to go."""


@dataclass(frozen=True)
class LateWords:
    """What a form held whose draft is gone.

    Args:
        code: the entry code with which the person began; "" when it is not known.
        language: the language in which they answered; "" when it is not known.
        step: the key of the step that they were at.
        shown: the names of the questions on it, with spaces between.
        typed: the names of the fields that one types in, with spaces between.
        fields: every field of the questions that is not empty.
    """

    code: str
    language: str
    step: str
    shown: str
    typed: str
    fields: tuple[tuple[str, str], ...]

    @property
    def boxes(self) -> list[tuple[str, str]]:
        """The fields that were typed in: the person sees them."""
        return [field for field in self.fields if field[0] in self.typed.split()]

    @property
    def ticked(self) -> list[tuple[str, str]]:
        """The others: choices, which say nothing without their question."""
        return [field for field in self.fields if field[0] not in self.typed.split()]


def late_words() -> LateWords | None:
    """What the posted form holds, of a page of questions or of the page that holds such words."""
    if request.method != "POST":
        return None
    if request.endpoint in PAGES and request.form.get("action") not in NOT_WANTED:
        return _of_a_page()
    return _held_before() if request.endpoint == BEGINNING else None


def _of_a_page() -> LateWords | None:
    """What the form of a page of questions holds."""
    form = request.form
    fields = tuple(
        (name, value)
        for name, value in form.items(multi=True)
        if value and "-" not in name and name not in OWN_FIELDS
    )
    if TYPED not in form or not fields:
        return None
    return _late(fields, CODE, LANGUAGE, "step", "shown")


def _held_before() -> LateWords | None:
    """What the form holds that begins again with such words."""
    form = request.form
    fields = tuple(
        (name.removeprefix(PREFIX), value)
        for name, value in form.items(multi=True)
        if value and name.startswith(PREFIX)
    )
    if TYPED not in form or not fields:
        return None
    return _late(fields, "code", "language", "late-step", "late-shown")


def _late(fields: tuple[tuple[str, str], ...], *names: str) -> LateWords:
    code, language, step, shown, typed = (request.form.get(name, "") for name in (*names, TYPED))
    return LateWords(code, language, step, shown, typed, fields)


def say_it_was_sent(draft: Draft) -> Response | None:
    """A page that holds words which came after everything was sent, or kept; None without any."""
    late = late_words()
    if late is None or not late.boxes:
        return None
    with speaking(draft.language):
        if draft.kept:
            return copy_words(
                late,
                _("Your answers are kept. They are not sent yet."),
                _(
                    "These words came later and are not kept with them. They are still here, if "
                    "you want to copy them."
                ),
            )
        return copy_words(
            late,
            _("Your answers were sent before."),
            _("Nothing more was sent now. Your words are still here, if you want to copy them."),
        )


def copy_words(late: LateWords, heading: str, advice: str, status: int = 200) -> Response:
    """A page from which words can be copied that cannot be kept."""
    body = render_template("copy_words.html", boxes=late.boxes, heading=heading, advice=advice)
    return make_response(body, status)


def problem_with(late: LateWords, definition: Definition) -> str:
    """A sentence about the first typed words that could not be kept; "" when all can."""
    reading = _read(late, definition)
    for name, value in late.boxes:
        question = name.partition("__")[0]
        kept = question in reading.answers and question not in reading.far_too_long
        if value.strip() and not kept:
            said = reading.errors.get(question)
            return said[0] if said else _("These questions have changed since. You can copy this.")
    return ""


def put_in_place(draft: Draft, late: LateWords | None, definition: Definition) -> Draft:
    """The draft with late words where they belong, for when the person comes to that page."""
    if late is None:
        return draft
    given = _read(late, definition).page_answers()
    return store_page(draft, {*given.answers, *given.declined, *given.beside}, given)


def _read(late: LateWords, definition: Definition) -> Reading:
    page = definition.pages_by_name.get(late.step.removeprefix("page:"))
    shown = late.shown.split()
    questions = [question for question in page.asked if question.name in shown] if page else []
    return read_form(form_class(questions)(MultiDict(late.fields)), questions)
