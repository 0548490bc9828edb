"""What a person chooses before the questions: age, consent, what to leave out.

Consent and what to leave out can be looked at and changed from every page afterwards (R16, R25).
"""

from __future__ import annotations

from dataclasses import replace

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultation.ages import age_spans
from app.journey import Draft, Step, choose_age, give_consent, leave_out, mark_done
from app.web.languages import speaking

from .cards import free_card
from .elsewhere import go_elsewhere
from .session import destroy
from .visit import Visit, go_on, show_again


def store_age(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    """Keep the chosen span of ages for the text to read; end kindly when it is not asked (R18)."""
    spans = {span.value: span for span in age_spans(visit.definition.audience)}
    chosen = spans.get(request.form.get("age", ""))
    age = chosen.value if chosen and chosen.inside and action != "skip" else ""
    if age and "age" not in visit.draft.done:
        visit = visit.with_draft(replace(visit.draft, age=age))
    elsewhere = go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    if chosen and not chosen.inside and action != "skip":
        return _end(visit, "outside.html")
    return go_on(visit.with_draft(choose_age(visit.draft, age)), step.key)


def store_consent(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    """Keep which statements were ticked, or end: at once, and whatever was written before (R16)."""
    draft, given_before = visit.draft, "consent" in visit.draft.done
    if action == "decline":
        return _end(visit, "stopped.html" if given_before else "declined.html")
    statements = visit.definition.consent.statements
    given = [statement.name for statement in statements if request.form.get(statement.name)]
    takes_part = all(s.name in given for s in statements if not s.optional)
    if takes_part or not given_before:
        visit = visit.with_draft(replace(draft, consent=tuple(given)))
    elsewhere = go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    if not takes_part:
        message = _("To go on, tick the first box. Or choose “No thanks”: that is fine too.")
        return show_again(visit, step, message=message)
    return go_on(visit.with_draft(give_consent(visit.draft, given)), step.key)


def _end(visit: Visit, template: str) -> Response:
    """Destroy everything and show a last page in the person's language."""
    free_card(visit.draft)
    destroy(page_follows=True)
    with speaking(visit.draft.language):
        return Response(render_template(template, definition=visit.definition))


def store_understanding(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    """Explain in easier words what was taken otherwise; nobody is held here (R15).

    What was chosen is kept nowhere: while an explanation is on screen, the form says which.
    """
    questions = visit.definition.consent.understanding
    told = [n for n in range(len(questions)) if str(n + 1) in request.form.get("told", "").split()]
    if told:
        shown_again = {"step": step.key, "explain": told}
        visit = visit.with_draft(replace(visit.draft, again=shown_again))
    elsewhere = go_elsewhere(visit, step, action)
    if elsewhere is not None:
        return elsewhere
    visit = visit.with_draft(replace(visit.draft, again={}))
    if action != "skip":
        explain = [number for number in range(len(questions)) if _is_meant_otherwise(visit, number)]
        if explain:
            return show_again(visit, step, explain=explain)
    return go_on(visit.with_draft(mark_done(visit.draft, step.key)), step.key)


def _is_meant_otherwise(visit: Visit, number: int) -> bool:
    """Whether a choice was made that is not what the text means."""
    choices = visit.definition.consent.understanding[number].choices
    chosen = request.form.get(f"clear_{number + 1}", "")
    right = [str(place) for place, choice in enumerate(choices, 1) if choice.right]
    return chosen in [str(place) for place in range(1, len(choices) + 1)] and chosen not in right


def store_leave_out(visit: Visit, step: Step, action: str) -> ResponseReturnValue:
    """Keep what the person would rather not see."""
    chosen = visit.with_draft(left_out(visit))
    elsewhere = go_elsewhere(chosen, step, action)
    return go_on(chosen, step.key) if elsewhere is None else elsewhere


def left_out(visit: Visit) -> Draft:
    """The draft with the topics that the posted form leaves out."""
    known = {topic.name for topic in visit.definition.topics}
    chosen = [topic for topic in request.form.getlist("leave_out") if topic in known]
    return leave_out(visit.draft, dict.fromkeys(chosen), visit.definition)
