"""The steps of the journey: GET shows, POST stores and answers 303."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultation import text_in
from app.consultation.questions import TextQuestion
from app.journey import (
    Draft,
    OpenedPage,
    Step,
    decide_warning,
    finish_page,
    mark_done,
    remove_answer,
    skip_page,
    store_in_turn,
    unmet_constraints,
)

from .choosing import left_out, store_age, store_consent, store_leave_out, store_understanding
from .elsewhere import go_elsewhere
from .entry import front_page
from .forms import read_form
from .kept_drafts import forget_kept
from .late_words import say_it_was_sent
from .notices import ask_once, follow_choice, pieces_of
from .posting import asked_by_script
from .prepared_forms import form_of
from .question_views import Shown
from .reading import Reading
from .sending import deliver
from .session import hold_lost, open_to, person_only
from .step_views import render_step
from .visit import Visit, at_step, go_on, go_to, said_again, show_again

steps = Blueprint("steps", __name__)

BETWEEN = {True: "\n\n", False: " "}
"""What stands between the words of two tabs, by whether a box has several lines."""


@steps.get("/page/<int:number>")
@person_only
def show(draft: Draft, number: int) -> ResponseReturnValue:
    """Show one step; a number beyond what was reached leads to the furthest step reached."""
    if draft.sent and draft.views_of_code:  # sent, but the answer to that never arrived
        return redirect(url_for("sending.sent"), 303)
    if draft.sent:
        return front_page()
    visit = Visit.of(forget_kept(draft))
    step = visit.path.step(number)
    if step is None:
        return go_to(visit.path.reachable + 1)
    said = said_again(visit.draft, step)
    visit = at_step(visit, number).keep()
    return render_step(visit, step, shown=_shown(visit, said), message=said.get("message", ""))


@steps.get("/page/here")
@open_to("a person answering")
def here() -> ResponseReturnValue:
    """Somebody is still writing: having been read, the draft stays another hour (R30)."""
    if not asked_by_script():
        return front_page()
    hold_lost()
    return Response(status=204)


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
        return say_it_was_sent(draft) or deliver(visit, "complete")
    step = posted_step(visit, number)
    if step is None:
        return go_to(keep_for_later(visit).keep().path.reachable + 1)
    visit = visit.noting(at=step.key, again={})
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
        return store_form(visit, step)[0]
    if step.kind == "leave_out" and step.key in visit.draft.done:
        return visit.with_draft(left_out(visit))
    return visit


def keep_for_later(visit: Visit) -> Visit:
    """The visit with the words of a page that is not in the path now, or not reached yet.

    In another tab the person changed an earlier answer. If the page comes into the path again, the
    words are there; nothing outside the path is sent.
    """
    kind, _colon, page = request.form.get("step", "").partition(":")
    if kind != "page" or page not in visit.definition.pages_by_name:
        return visit
    if request.form.get("action") == "skip" or "consent" not in visit.draft.done:
        return visit
    return store_form(visit, Step("page", page))[0]


def store_form(visit: Visit, step: Step) -> tuple[Visit, Reading, list[str]]:
    """The visit with what the posted form of a page holds, together with another tab's.

    Returns what was read too, and the questions that were answered in words in both tabs.
    """
    page = visit.page(step)
    asked = {question.name: question for question in page.asked}
    names = shown_on(visit, step)
    questions = [question for name, question in asked.items() if name in names]
    told = request.form.get("told", "").split()
    form = form_of(visit.draft.digest, tuple(question.name for question in questions))
    reading = read_form(form(request.form), questions, told)
    shown_as, *states = request.form.get("shown-as", "").split() or [""]
    opened = dict(zip(names, states, strict=False))
    between = {q.name: BETWEEN[q.lines > 1] for q in questions if isinstance(q, TextQuestion)}
    stored, both = store_in_turn(
        visit.draft,
        [question.name for question in questions],
        reading.page_answers(),
        OpenedPage(page.name, shown_as, {n: state for n, state in opened.items() if n in asked}),
        between,
    )
    return visit.with_draft(stored), reading, both


def shown_on(visit: Visit, step: Step) -> list[str]:
    """The names of the questions that the posted form of a page showed."""
    shown = request.form.get("shown")
    return list(visit.path.visible.get(step.page, ())) if shown is None else shown.split()


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
    names = shown_on(visit, step)
    shown = [question.name for question in page.asked if question.name in names]
    if action == "skip":
        return go_on(visit.with_draft(skip_page(visit.draft, page, shown)), step.key)
    visit, reading, both = store_form(visit, step)
    elsewhere = go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    reading.errors.update(_unmet(visit, step, reading))
    again = follow_choice(visit, step, reading, action) or _look_again(visit, step, reading)
    if again is not None:
        return again
    if both:
        message = _("You wrote here in another tab too. Both are here now.")
        return show_again(visit, step, message=message)
    return go_on(visit.with_draft(finish_page(visit.draft, page, shown)), step.key)


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
    if not visit.page(step).constrained:
        return {}  # most pages have none, and their path need not be found
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
