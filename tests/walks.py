"""Walking through a consultation by HTTP, the way a person with a plain browser does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.person import Form, Page, Person

HIDDEN = frozenset(
    {
        *("csrf_token", "step", "shown", "shown-as", "told", "asked_by", "asking"),
        *("start-code", "start-language", "typed-here"),
    }
)
LEFT = frozenset({"leave_out", "shortcut_off", "age"})
"""Boxes that nobody ticks who only wants to see everything."""
CHECKED = "clear_"
"""How the fields of the check of understanding begin."""
DECLINE = "prefer_not_to_say"
MOST_STEPS = 60

Words = Callable[[str], str]
"""What is typed into the text box of this name."""

Answers = dict[str, str | list[str]]


def step_of(page: Page) -> str:
    """The key of the step on screen, such as `page:online_life`; "" on any other page."""
    posting = [form for form in page.forms if form.method == "post"]
    return dict(posting[0].fields).get("step", "") if posting else ""


def full_answers(form: Form, words: Words) -> Answers:
    """An answer in every field of a form: words, the first choice, places in order."""
    given: Answers = {}
    places: dict[str, int] = {}
    for name, values in form.boxes.items():
        choices = [value for value in values if value and value != DECLINE]
        question = name.partition("__")[0]
        if not choices or name in LEFT or name.startswith(CHECKED):
            continue
        if choices[:2] == ["1", "2"] and "" in values:  # a place in a ranking
            places[question] = places.get(question, 0) + 1
            given[name] = str(places[question])
        else:
            given[name] = choices[0]
    for name, _value in form.fields:
        if name not in HIDDEN and name not in form.boxes:
            given[name] = words(name)
    return given


def walk(
    person: Person,
    words: Words = lambda _name: "some words",
    *,
    until: str = "",
    empty: bool = False,
    look: Callable[[Page], None] = lambda _page: None,
    decisions: Mapping[str, str] | None = None,
) -> None:
    """Go on from the step on screen to the page "sent", or to the step `until`.

    Args:
        person: at a step.
        words: what is typed into each text box.
        until: the key of a step where the walk stops, before anything is done there.
        empty: leave every question empty.
        look: is shown each page on the way.
        decisions: what is pressed on a step, by its key; otherwise "continue", and "send".
    """
    for _ in range(MOST_STEPS):
        page, step = person.seen, step_of(person.seen)
        look(page)
        if page.path == "/sent" or (until and step == until):
            return
        assert page.status == 200, (page.status, page.path, page.words[:200])
        form = page.form
        given: Answers = {} if empty and step.startswith("page:") else full_answers(form, words)
        person.press(
            (decisions or {}).get(step) or ("send" if step == "check" else "continue"), given
        )
    raise AssertionError(f"still at {person.seen.path} {step_of(person.seen)}")
