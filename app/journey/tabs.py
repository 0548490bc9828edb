"""One page open in two tabs: what was given in one must not be wiped out by the other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .draft import Draft
from .progress import PageAnswers, store_page

LETTERS = 8


@dataclass(frozen=True)
class OpenedPage:
    """How a page was when it was opened, as its form says.

    Args:
        name: the page's name.
        form: an id of this very form; "" when it has none.
        states: by question, `state_of` the draft at that moment.
    """

    name: str
    form: str = ""
    states: Mapping[str, str] = field(default_factory=dict)


def state_of(draft: Draft, question: str) -> str:
    """A few letters that are others when another answer to the question is in the draft."""
    given = _given(draft, question)
    return _digest([given.answers, sorted(given.declined), given.beside])


def _given(draft: Draft, question: str) -> PageAnswers:
    """What the draft has of one question."""
    return PageAnswers(
        {name: value for name, value in draft.answers.items() if name == question},
        frozenset({question} & set(draft.declined)),
        {name: typed for name, typed in draft.beside.items() if name == question},
    )


def store_in_turn(
    draft: Draft,
    asked: Sequence[str],
    given: PageAnswers,
    opened: OpenedPage,
    between: Mapping[str, str],
) -> tuple[Draft, list[str]]:
    """Keep what was given on a page, together with what another tab gave since it was opened.

    A form can come a second time, because no answer came or the browser went back to it as it was
    left. Then only what changed in it since the first time counts: a word taken out is taken out.

    Args:
        draft: the draft as it is now.
        asked: the questions that the form showed.
        given: what the form holds.
        opened: how the page was when it was opened.
        between: what stands between two texts that answer the same question, by question; one
            that is not named takes what was given last.

    Returns the draft, and the questions that were answered in words in both tabs.
    """
    here = store_page(draft, asked, given)
    form, *states = draft.forms.get(opened.name, "").split(" ")
    again = bool(form) and form == opened.form
    before = dict(zip(asked, states, strict=False)) if again else opened.states
    stored, both = here, []
    for question, state in before.items():
        if state_of(draft, question) in (state, state_of(here, question)):
            continue  # nothing came from elsewhere, or the same
        there, mine = draft.answers.get(question), given.answers.get(question)
        if state_of(here, question) == state:
            stored = store_page(stored, [question], _given(draft, question))
        elif question in between and there is not None and mine is not None:
            words = {question: f"{there}{between[question]}{mine}"}
            stored = store_page(stored, [question], replace(_given(here, question), answers=words))
            both.append(question)
    if opened.form:
        mark = " ".join([opened.form, *(state_of(here, question) for question in asked)])
        stored = replace(stored, forms={**draft.forms, opened.name: mark})
    return stored, both


def _digest(plain: object) -> str:
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]
