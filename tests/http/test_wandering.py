"""People who press whatever is there, in any order, with pages of long ago still open."""

from __future__ import annotations

import random
from html import unescape

import pytest

from tests.person import Form, Page, Person
from tests.place import SAMPLES, Place
from tests.walks import Answers, full_answers, step_of, walk

PRESSES = 60
LEAVING = {"decline", "send", "delete", "again"}


def anything(form: Form, chance: random.Random) -> Answers:
    """Some of the fields of a form, filled in."""
    given = full_answers(form, lambda name: chance.choice(["", "some words", "ama@example.org"]))
    for topic in form.boxes.get("leave_out", []):
        if chance.random() < 0.3:
            given["leave_out"] = topic
    return {name: value for name, value in given.items() if chance.random() < 0.7}


def one_press(person: Person, old: list[Page], chance: random.Random) -> None:
    """A button on screen, a form of long ago, an address, or the way to help and back."""
    what = chance.random()
    forms = [form for form in person.seen.forms if form.method == "post" and form.action == ""]
    if what < 0.15:
        person.open(f"/page/{chance.randint(1, 30)}")
    elif what < 0.25:
        person.open(chance.choice(["/pause", "/support", "/", "/language/fr", "/language/en"]))
    elif what < 0.4 and old:
        page = chance.choice(old)
        person.post(page.path, [*page.form.fields, ("action", "continue")])
    elif forms:
        values = {value for _, value, _ in forms[0].buttons if value not in LEAVING}
        if "continue" in values and chance.random() < 0.5:
            values = {"continue"}
        if values:
            person.press(chance.choice(sorted(values)), anything(forms[0], chance))
            return
        person.open("/back-to-questions")
    else:
        person.open("/back-to-questions")


@pytest.mark.in_turn(3)
@pytest.mark.parametrize("consultation", SAMPLES)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.requirement("R1", "R20", "R28")
def test_whoever_wanders_sees_no_question_too_early_and_arrives(
    place: Place, consultation: str, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - presses of a test
    definition = place.definition(consultation)
    hard = {page.name for page in definition.pages if page.content_warning}
    labels = {
        page.name: [q.label["en"] for q in page.asked if len(q.label["en"]) > 25]
        for page in definition.pages
    }
    person = place.person(consultation)
    old: list[Page] = []
    for _ in range(PRESSES):
        if step_of(person.seen):
            old.append(person.seen)
        one_press(person, old, chance)
        page = person.seen
        assert page.status in (200, 403), (page.status, page.path)
        assert page.links[0] == "/leave"
        draft = place.draft_of(person)
        shown = [
            name for name, texts in labels.items() if any(t in unescape(page.body) for t in texts)
        ]
        if shown and step_of(page) != "check":
            assert "consent" in draft.done
            for name in set(shown) & hard:
                assert f"warning:{name}" in draft.done
                assert name in draft.accepted
        asked = {question.name for question in definition.asked}
        assert set(draft.answers) <= asked
        assert not set(draft.answers) & set(draft.declined)

    person.open("/language/en")
    person.open("/back-to-questions")
    (document,) = place.sent_by(lambda: walk(person), consultation)
    assert document["ended"] == "complete"
    assert not set(document["answers"]) & set(document["not_shown"])
