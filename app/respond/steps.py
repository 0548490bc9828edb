"""The steps of the journey: GET shows, POST stores and answers 303."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app.consultation import text_in
from app.journey import (
    Draft,
    Step,
    decide_warning,
    give_consent,
    leave_out,
    mark_done,
    remove_answer,
    skip_page,
    store_page,
    unmet_constraints,
)

from .entry import front_page
from .forms import Reading, form_class, read_form
from .notices import ask_once, follow_choice, pieces_of
from .question_views import Shown
from .sending import deliver
from .session import destroy, person_only
from .site import languages_of
from .step_views import render_step
from .visit import Visit, go_back, go_on, go_to, said_again, show_again

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
    visit = visit.with_draft(replace(draft, at=step.key)).keep()
    said = said_again(draft, step)
    if "consent" in said:
        visit = visit.with_draft(replace(visit.draft, consent=tuple(said["consent"])))
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
        typed=reading.places,
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
        return visit.with_draft(_left_out(visit))
    return visit


def read_page(visit: Visit, step: Step) -> tuple[Reading, list[str]]:
    """What the posted form of a page holds, and the names of the questions that it showed."""
    page = visit.page(step)
    shown = request.form.get("shown")
    names = shown.split(" ") if shown is not None else visit.path.visible[page.name]
    questions = [question for question in page.asked if question.name in names]
    form = form_class(questions)()
    return read_form(form, questions), [question.name for question in questions]


def _go_elsewhere(visit: Visit, step: Step, action: str) -> ResponseReturnValue | None:
    """What the buttons do that stand on every step; None for the step's own buttons."""
    if action.startswith("language:"):
        tag = action.partition(":")[2]
        if tag in languages_of(visit.definition):
            visit = visit.with_draft(replace(visit.draft, language=tag))
        visit.keep()
        return go_to(visit.path.number_of(step.key))
    if action == "back":
        return go_back(visit, step.key)
    if action.startswith("show:"):
        asked_for = dict.fromkeys((*visit.draft.media, action.partition(":")[2]))
        known = tuple(name for name in asked_for if name in visit.definition.questions)
        visit = visit.with_draft(replace(visit.draft, media=known)).keep()
        return go_to(visit.path.number_of(step.key))
    if action == "stay":
        visit.keep()
        return go_to(visit.path.number_of(step.key))
    if action in ("pause", "support"):
        visit.keep()
        return redirect(url_for(f"help.{action}"), 303)
    return None


def _store_simple(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    elsewhere = _go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    draft = visit.draft
    if step.kind == "safety":
        draft = replace(draft, shortcut_off=bool(request.form.get("shortcut_off")))
    return go_on(visit.with_draft(mark_done(draft, step.key)), step.key)


def _store_consent(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    if action == "decline":
        destroy()
        with force_locale(visit.draft.language.replace("-", "_")):
            return Response(render_template("declined.html", definition=visit.definition))
    elsewhere = _go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    statements = visit.definition.consent.statements
    given = [statement.name for statement in statements if request.form.get(statement.name)]
    if any(s.name not in given for s in statements if not s.optional):
        message = _("To go on, tick the first box. Or choose “No thanks”: that is fine too.")
        return show_again(visit, step, message=message, consent=given)
    return go_on(visit.with_draft(give_consent(visit.draft, given)), step.key)


def _left_out(visit: Visit) -> Draft:
    known = {topic.name for topic in visit.definition.topics}
    chosen = [topic for topic in request.form.getlist("leave_out") if topic in known]
    return leave_out(visit.draft, dict.fromkeys(chosen), visit.definition)


def _store_leave_out(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    chosen = visit.with_draft(_left_out(visit))
    elsewhere = _go_elsewhere(chosen, step, action)
    return go_on(chosen, step.key) if elsewhere is None else elsewhere


def _store_warning(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    elsewhere = _go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    if action not in ("continue", "skip", "skip_topic"):
        return go_to(visit.path.number_of(step.key))
    draft = decide_warning(visit.draft, visit.page(step), action, visit.definition)  # type: ignore[arg-type]
    return go_on(visit.with_draft(draft), step.key)


def _store_page(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    page = visit.page(step)
    if action == "skip":
        return go_on(visit.with_draft(skip_page(visit.draft, page)), step.key)
    reading, names = read_page(visit, step)
    visit = visit.with_draft(store_page(visit.draft, names, reading.page_answers()))
    elsewhere = _go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    reading.errors.update(_unmet(visit, step, reading))
    again = follow_choice(visit, step, reading, action) or _look_again(visit, step, reading)
    if again is not None:
        return again
    visit = visit.with_draft(mark_done(visit.draft, step.key))
    if set(visit.path.visible.get(page.name, ())) - set(names) - _notes(visit, step):
        visit.keep()
        return go_to(visit.path.number_of(step.key))
    return go_on(visit, step.key)


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


def _notes(visit: Visit, step: Step) -> set[str]:
    page = visit.page(step)
    return {question.name for question in page.questions} - {q.name for q in page.asked}


def _store_check(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    elsewhere = _go_elsewhere(visit, step, action)
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
    "consent": _store_consent,
    "leave_out": _store_leave_out,
    "warning": _store_warning,
    "page": _store_page,
    "check": _store_check,
}
