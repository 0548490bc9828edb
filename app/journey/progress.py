"""What each act of a person does to the draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from app.consultation import Definition, Page

from .draft import Draft


@dataclass(frozen=True)
class PageAnswers:
    """What a person gave on one page: stored answers, and questions they prefer not to answer.

    `beside` is what was given beside a choice that excludes it, field by field as typed.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()
    beside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def mark_done(draft: Draft, key: str) -> Draft:
    """The step with this key was gone through."""
    return draft if key in draft.done else replace(draft, done=(*draft.done, key))


def store_page(draft: Draft, asked: Iterable[str], given: PageAnswers) -> Draft:
    """Keep what was given to the questions `asked`; what was left empty is kept nowhere (R38)."""
    names = set(asked)
    answers = {name: value for name, value in draft.answers.items() if name not in names}
    answers.update({name: value for name, value in given.answers.items() if name in names})
    beside = {name: typed for name, typed in draft.beside.items() if name not in names}
    beside.update({name: typed for name, typed in given.beside.items() if name in names})
    declined = [name for name in draft.declined if name not in names]
    declined += sorted(given.declined & names)
    return replace(draft, answers=answers, declined=tuple(declined), beside=beside)


def finish_page(draft: Draft, page: Page, shown: Iterable[str]) -> Draft:
    """The page was gone through with the questions `shown` on screen."""
    seen = dict.fromkeys((*draft.seen, *shown))
    return mark_done(replace(draft, seen=tuple(seen)), f"page:{page.name}")


def skip_page(draft: Draft, page: Page, shown: Iterable[str]) -> Draft:
    """Skip the questions `shown` of a page: nothing about the page stays (R37, R38)."""
    skipped = store_page(draft, [question.name for question in page.questions], PageAnswers())
    forms = {name: form for name, form in draft.forms.items() if name != page.name}
    skipped = replace(skipped, forms=forms)
    return finish_page(skipped, page, shown)


def remove_answer(draft: Draft, question: str) -> Draft:
    """Take one answer out again, from the list of answers (R34)."""
    return store_page(draft, [question], PageAnswers())


def give_consent(draft: Draft, statements: Iterable[str]) -> Draft:
    """Keep which statements the person agreed to (R11)."""
    return mark_done(replace(draft, consent=tuple(statements)), "consent")


def choose_age(draft: Draft, age: str) -> Draft:
    """Keep the span of ages, for the text to read; "" when the person did not say.

    Whoever changes it after consent reads another text, and is asked anew.
    """
    if age != draft.age and "consent" in draft.done:
        still = (key for key in draft.done if key not in ("consent", "understanding"))
        draft = replace(draft, consent=(), done=tuple(still))
    return mark_done(replace(draft, age=age), "age")


def leave_out(draft: Draft, topics: Iterable[str], definition: Definition) -> Draft:
    """Leave out every page with one of these topics, but keep pages that were answered already.

    A topic that is no longer left out comes back, with the warnings that were answered by "no".
    """
    before, now = set(draft.left_out), tuple(topics)
    back = {
        f"warning:{page.name}"
        for page in definition.pages
        if set(page.topics) & before and not set(page.topics) & set(now)
        if page.name not in draft.accepted
    }
    draft = replace(draft, left_out=now, done=tuple(key for key in draft.done if key not in back))
    return mark_done(_close(draft, definition), "leave_out")


def _close(draft: Draft, definition: Definition) -> Draft:
    """Take back the way into each page that is left out now and was opened but not answered."""
    closed = {
        name
        for name in draft.accepted
        if f"page:{name}" not in draft.done
        and set(definition.pages_by_name[name].topics) & set(draft.left_out)
    }
    warnings = {f"warning:{name}" for name in closed}
    return replace(
        draft,
        accepted=tuple(name for name in draft.accepted if name not in closed),
        done=tuple(key for key in draft.done if key not in warnings),
    )


def decide_warning(
    draft: Draft,
    page: Page,
    decision: Literal["continue", "skip", "skip_topic"],
    definition: Definition,
) -> Draft:
    """Answer a content warning: go on, skip this page, or skip its whole topic (R21)."""
    draft = mark_done(draft, f"warning:{page.name}")
    if decision == "continue":
        accepted = (*draft.accepted, page.name)
        return draft if page.name in draft.accepted else replace(draft, accepted=accepted)
    draft = store_page(draft, [question.name for question in page.questions], PageAnswers())
    draft = replace(
        draft,
        accepted=tuple(name for name in draft.accepted if name != page.name),
        done=tuple(key for key in draft.done if key != f"page:{page.name}"),
    )
    if decision == "skip_topic":
        topics = dict.fromkeys((*draft.left_out, *page.topics))
        return _close(replace(draft, left_out=tuple(topics)), definition)
    return draft
