"""What each step shows: one template a kind of step, with plain values."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from app.consultation import render_inline, text_in
from app.consultation.model import Page
from app.consultation.questions import Note, TextQuestion
from app.journey import Step, pipe, state_of
from app.web.languages import speaking

from .choice_views import (
    age_values,
    consent_values,
    leave_out_values,
    markdown_in,
    understanding_values,
)
from .question_views import QuestionView, Shown, answer_words, question_view, words_only
from .reading import beside_words
from .shared_device import shared
from .site import languages_of, site
from .visit import Visit

FORM_ID = "step"
FORM_BYTES = 4


def render_step(
    visit: Visit, step: Step, *, shown: Shown | None = None, message: str = ""
) -> Response:
    """Return the page of one step.

    Args:
        visit: the person's draft and path.
        step: a step of that path.
        shown: what a page of questions shows when its form was just posted; else what is stored.
        message: one sentence to show on top.
    """
    draft, definition = visit.draft, visit.definition
    language = draft.language
    with speaking(language):
        values = _VALUES[step.kind](visit, step, shown)
        body = render_template(
            f"steps/{step.kind}.html",
            definition=definition,
            draft=draft,
            step=step,
            number=visit.path.number_of(step.key),
            title=text_in(definition.public_name, language),
            form_id=FORM_ID,
            csrf=generate_csrf(),
            message=message,
            first=visit.path.index(step.key) == 0,
            consented="consent" in draft.done,
            can_leave_out="leave_out" in draft.done,
            over=not message and shown is None and _hard_part_is_over(visit, step),
            language_choices=languages_of(definition),
            shortcut=not draft.shortcut_off,
            text=lambda text: text_in(text, language),
            **values,
        )
    response = make_response(body)
    response.headers["Content-Language"] = language
    return response


def _hard_part_is_over(visit: Visit, step: Step) -> bool:
    """Whether this is the first step after pages that came with a warning."""
    before = visit.path.steps[max(0, (visit.path.index(step.key) or 0) - 1)]
    if before.kind != "page" or step.kind not in ("page", "check"):
        return False
    return visit.page(before).content_warning is not None


def _about(visit: Visit, _step: Step, _shown: Shown | None) -> dict[str, Any]:
    definition, language = visit.definition, visit.draft.language
    return {
        "about": markdown_in(definition.about, language),
        "count": _count_asked(definition.pages),
    }


def _count_asked(pages: list[Page]) -> int:
    return sum(len(page.asked) for page in pages)


def _nothing(_visit: Visit, _step: Step, _shown: Shown | None) -> dict[str, Any]:
    return {}


def _safety(visit: Visit, _step: Step, _shown: Shown | None) -> dict[str, Any]:
    host = urlsplit(site().exit_for(visit.definition, visit.draft.language)).hostname or ""
    return {"exit_host": host.removeprefix("www.")}


def _warning(visit: Visit, step: Step, _shown: Shown | None) -> dict[str, Any]:
    """R22: how many questions and how many writing boxes is computed, never typed."""
    page = visit.page(step)
    return {
        "warning": text_in(page.content_warning, visit.draft.language),
        "count": len(page.asked),
        "writing": sum(isinstance(question, TextQuestion) for question in page.asked),
        "topic": bool(page.topics),
    }


def _page(visit: Visit, step: Step, shown: Shown | None) -> dict[str, Any]:
    page, draft, path = visit.page(step), visit.draft, visit.path
    shown = shown or Shown(path.answers, frozenset(draft.declined))
    visible = path.visible[page.name]
    beside = [name for name in draft.beside if name in visible]
    errors = {name: [beside_words(declined=name in draft.declined)] for name in beside}
    shown = replace(
        shown,
        choices=path.choices,
        media=frozenset(draft.media),
        errors={**errors, **shown.errors},
        typed={**draft.beside, **shown.typed},
    )

    def put_in(text: str) -> str:
        return pipe(text, visit.definition, path.answers, draft.language)

    questions = [question for question in page.questions if question.name in visible]
    views = [question_view(question, shown, draft.language, put_in) for question in questions]
    asked = [question for question in questions if not isinstance(question, Note)]
    device = shared()
    for view in views:
        view.room_limits = device.limits_in(draft.language) if device else None
    return {
        "page_title": text_in(page.title, draft.language),
        "questions": views,
        "shown": " ".join(question.name for question in asked),
        "shown_as": " ".join(
            [secrets.token_hex(FORM_BYTES), *(state_of(draft, q.name) for q in asked)]
        ),
        "asked": len(asked),
        "errors": _errors(views, shown),
        "progress": _progress(visit, page),
        "sensitive": bool(page.topics or page.content_warning),
        "told": " ".join(beside),
    }


def _errors(views: list[QuestionView], shown: Shown) -> list[dict[str, str]]:
    return (
        [
            {"field": view.name, "message": f"{words_only(view.label)} {message}"}
            for view in views
            for message in view.errors
        ]
        if shown.errors
        else []
    )


def _progress(visit: Visit, page: Page) -> tuple[int, int]:
    """The number of the page's first question, and about how many there are (R29)."""
    before, total, found = 0, 0, False
    for step in visit.path.steps:
        if step.kind == "warning" and step.page not in visit.path.visible:
            total += len(visit.definition.pages_by_name[step.page].asked)
        if step.kind != "page":
            continue
        found = found or step.page == page.name
        asked = {question.name for question in visit.definition.pages_by_name[step.page].asked}
        count = len(asked & set(visit.path.visible[step.page]))
        total += count
        before += 0 if found else count
    return before + 1, max(total, before + 1)


def _check(visit: Visit, _step: Step, _shown: Shown | None) -> dict[str, Any]:
    draft = visit.draft
    return {
        "answers": [
            {
                "name": name,
                "question": _plain_label(visit, name),
                "answers": _words(visit, name),
                "address": _address(visit, name),
            }
            for names in visit.path.visible.values()
            for name in names
            if name in visit.path.answers or name in draft.declined
        ],
        "quotes": "quotes" in draft.consent,
    }


def _plain_label(visit: Visit, name: str) -> str:
    """A question's label as one line of words."""
    language = visit.draft.language
    label = text_in(visit.definition.questions[name].label, language)
    piped = pipe(label, visit.definition, visit.path.answers, language)
    return words_only(render_inline(piped))


def _words(visit: Visit, name: str) -> list[str]:
    if name in visit.path.answers:
        question = visit.definition.questions[name]
        return answer_words(question, visit.path.answers[name], visit.draft.language)
    return [_("I prefer not to say")]


def _address(visit: Visit, name: str) -> str:
    page = visit.definition.page_of[name].name
    return f"/page/{visit.path.number_of(f'page:{page}')}#{name}"


_VALUES: Mapping[str, Callable[[Visit, Step, Shown | None], dict[str, Any]]] = {
    "about": _about,
    "safety": _safety,
    "age": age_values,
    "consent": consent_values,
    "understanding": understanding_values,
    "leave_out": leave_out_values,
    "warning": _warning,
    "page": _page,
    "check": _check,
}
