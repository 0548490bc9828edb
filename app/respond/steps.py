"""The steps of the journey: GET shows, POST stores and answers 303."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultation import text_in
from app.journey import (
    Draft,
    Step,
    decide_warning,
    finish_page,
    mark_done,
    remove_answer,
    skip_page,
    store_page,
    unmet_constraints,
)

from .choosing import left_out, store_age, store_consent, store_leave_out, store_understanding
from .elsewhere import go_elsewhere
from .entry import front_page
from .forms import form_class, read_form
from .notices import ask_once, follow_choice, pieces_of
from .question_views import Shown
from .reading import Reading
from .sending import deliver
from .session import person_only
from .step_views import render_step
from .visit import Visit, go_on, go_to, said_again, show_again

steps = Blueprint("steps", __name__)


@steps.get("/page/<int:number>")
@person_only
def show(draft: Draft, number: int) -> ResponseReturnValue:
    """Show one step; a number beyond what was reached leads to the furthest step reached."""
    if draft.sent:
        return front_page()
    visit = Visit.of(draft)
    step = visit.path.step(number)
    if step is None:
        return go_to(visit.path.reachable + 1)
    return_to = "" if step.key == draft.return_to else draft.return_to
    visit = visit.with_draft(replace(draft, at=step.key, return_to=return_to)).keep()
    said = said_again(draft, step)
    return render_step(visit, step, shown=_shown(visit, said), message=said.get("message", ""))


def _shown(visit: Visit, said: Mapping[str, Any]) -> Shown | None:
    """What a page of questions has to show once more; None when it was not just posted."""
    if not said:
        return None
    return Shown(
        visit.draft.answers,
        frozenset(visit.draft.declined),
        errors=said.get("errors", {}),
        typed=said.get("typed", {}),
        notices={name: pieces_of(visit, name) for name in said.get("notices", ())},
        taken=said.get("taken", ()),
    )


def _typed_just_now(draft: Draft, reading: Reading) -> Shown:
    """What a page of questions shows of the very form that it answers."""
    return Shown(
        {**draft.answers, **reading.answers},
        frozenset(reading.declined),
        errors=reading.errors,
        typed={**reading.places, **reading.beside},
    )


@steps.post("/page/<int:number>")
@person_only
def store(draft: Draft, number: int) -> ResponseReturnValue:
    """Store one step and go where the pressed button leads."""
    visit = Visit.of(draft)
    if draft.sent:
        return deliver(visit, "complete")
    step = posted_step(visit, number)
    if step is None:
        return go_to(visit.path.reachable + 1)
    visit = visit.with_draft(replace(draft, at=step.key, again={}))
    return _STORE[step.kind](visit, step, request.form.get("action", "continue"))


def posted_step(visit: Visit, number: int) -> Step | None:
    """The step that the posted form belongs to: the one it names, else the one at its address.

    An earlier answer changed in another tab can move a page to another number, or take it out of
    the path; the words belong to the page they were typed on and to no other, least of all to a
    warning that nobody has seen.
    """
    name = request.form.get("step")
    if name is None:
        return visit.path.step(number)
    named = visit.path.index(name)
    return None if named is None else visit.path.step(named + 1)


def keep_typed(visit: Visit, step: Step) -> Visit:
    """The visit with whatever the posted form of a step holds, complete or not."""
    if step.kind == "page":
        reading, names = read_page(visit, step)
        return visit.with_draft(store_page(visit.draft, names, reading.page_answers()))
    if step.kind == "leave_out" and step.key in visit.draft.done:
        return visit.with_draft(left_out(visit))
    return visit


def read_page(visit: Visit, step: Step) -> tuple[Reading, list[str]]:
    """What the posted form of a page holds, and the names of the questions that it showed."""
    page = visit.page(step)
    shown = request.form.get("shown")
    names = shown.split(" ") if shown is not None else visit.path.visible[page.name]
    questions = [question for question in page.asked if question.name in names]
    form = form_class(questions)()
    told = request.form.get("told", "").split(" ")
    return read_form(form, questions, told), [question.name for question in questions]


def _store_simple(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    elsewhere = go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    draft = visit.draft
    if step.kind == "safety":
        draft = replace(draft, shortcut_off=bool(request.form.get("shortcut_off")))
    return go_on(visit.with_draft(mark_done(draft, step.key)), step.key)


def _store_warning(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    elsewhere = go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    if action not in ("continue", "skip", "skip_topic"):
        return go_to(visit.path.number_of(step.key))
    draft = decide_warning(visit.draft, visit.page(step), action, visit.definition)  # type: ignore[arg-type]
    return go_on(visit.with_draft(draft), step.key)


def _store_page(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    page = visit.page(step)
    reading, names = read_page(visit, step)
    if action == "skip":
        return go_on(visit.with_draft(skip_page(visit.draft, page, names)), step.key)
    visit = visit.with_draft(store_page(visit.draft, names, reading.page_answers()))
    elsewhere = go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    reading.errors.update(_unmet(visit, step, reading))
    again = follow_choice(visit, step, reading, action) or _look_again(visit, step, reading)
    if again is not None:
        return again
    return go_on(visit.with_draft(finish_page(visit.draft, page, names)), step.key)


def _look_again(visit: Visit, step: Step, reading: Reading) -> ResponseReturnValue | None:
    """Ask about what cannot stay as it is, or might tell who somebody is; None when nothing."""
    if reading.far_too_long:
        # The draft has room for a part of it; the whole stays on this page alone.
        visit.keep()
        return render_step(visit, step, shown=_typed_just_now(visit.draft, reading))
    if reading.errors:
        return show_again(visit, step, errors=reading.errors, typed=reading.places)
    return ask_once(visit, step, reading)


def _unmet(visit: Visit, step: Step, reading: Reading) -> dict[str, list[str]]:
    """What a constraint of the definition asks to look at again."""
    language = visit.draft.language
    return {
        name: [
            text_in(visit.definition.questions[name].constraint_message, language)
            or _("Please look at this answer again. You can also skip it.")
        ]
        for name in unmet_constraints(visit.page(step), visit.path)
        if name not in reading.errors
    }


def _store_check(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    elsewhere = go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    if action.startswith("remove:"):
        name = action.partition(":")[2]
        if name in visit.definition.questions:
            visit = visit.with_draft(remove_answer(visit.draft, name)).keep()
        return go_to(visit.path.number_of(step.key))
    if action == "send":
        return deliver(visit, "complete")
    return go_to(visit.path.number_of(step.key))


_STORE: Mapping[str, Callable[[Visit, Step, str], ResponseReturnValue]] = {
    "about": _store_simple,
    "safety": _store_simple,
    "age": store_age,
    "consent": store_consent,
    "understanding": store_understanding,
    "leave_out": store_leave_out,
    "warning": _store_warning,
    "page": _store_page,
    "check": _store_check,
}
