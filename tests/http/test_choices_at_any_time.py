"""Consent and what to leave out, looked at and changed from every page, with the way back."""

from __future__ import annotations

import pytest

from tests.person import Page, Person
from tests.place import SAMPLES, Place, key_of
from tests.walks import step_of, walk

from .test_before_the_questions import SMALL, at, typed

TEXT = "storm_words"
HARD = "page:thunder"
PLACES = ("page:start", "warning:thunder", HARD, "page:end", "check")
BACK = "/back-to-questions"


def follow(person: Person, to: str) -> Page:
    """Press the quiet words that lead to an earlier choice, whatever page shows them."""
    link = f"{BACK}?to={to}"
    return person.open(link) if link in person.seen.links else person.press(to)


def offers(page: Page, to: str) -> bool:
    buttons = [value for form in page.forms for _, value, _ in form.buttons]
    return to in buttons or f"{BACK}?to={to}" in page.links


@pytest.mark.parametrize("consultation", SAMPLES)
def test_r16_r25_every_page_after_consent_leads_to_both_choices(
    place: Place, consultation: str
) -> None:
    seen: list[Page] = []
    person = place.person(consultation)
    walk(person, until="check", look=seen.append)
    aside = [person.open(path) for path in ("/pause", "/support", "/support?country=GB", "/")]
    after = {step_of(page): page for page in seen}
    consent = list(after).index("consent")

    for step, page in list(after.items())[consent + 1 :]:
        assert offers(page, "consent"), step
        assert offers(page, "leave_out") == (step != "leave_out"), step
    for page in aside:
        assert offers(page, "consent"), page.path
        assert offers(page, "leave_out"), page.path
    for step, page in list(after.items())[: consent + 1]:
        assert not offers(page, "consent"), step
        assert not offers(page, "leave_out"), step


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("step", PLACES)
@pytest.mark.parametrize("to", ["consent", "leave_out"])
@pytest.mark.parametrize("way", ["continue", "back"])
def test_r16_r28_it_comes_back_to_where_the_person_was(
    small: Place, step: str, to: str, way: str
) -> None:
    person = at(small, step)
    number = person.seen.path

    assert step_of(follow(person, to)) == to
    person.press(way)

    assert (step_of(person.seen), person.seen.path) == (step, number)
    assert small.draft_of(person).return_to == ""


@pytest.mark.parametrize("path", ["/pause", "/support", "/support?country=GB", "/"])
def test_r16_from_a_page_beside_the_questions_it_comes_back_to_the_question(
    small: Place, path: str
) -> None:
    person = at(small, HARD)
    person.open(path)

    assert step_of(follow(person, "consent")) == "consent"
    person.press("support")
    person.open(BACK)
    assert step_of(person.seen) == "consent"
    person.press("continue")

    assert step_of(person.seen) == HARD


def test_from_one_choice_to_the_other_and_back_to_the_question(small: Place) -> None:
    person = at(small, HARD)

    follow(person, "consent")
    follow(person, "leave_out")
    follow(person, "consent")
    person.press("continue")

    assert step_of(person.seen) == HARD


def test_r28_step_by_step_back_through_the_choices_goes_on_step_by_step(small: Place) -> None:
    person = at(small, "page:start")

    steps = [step_of(person.press("back")) for _ in range(4)]
    assert steps == ["leave_out", "understanding", "consent", "age"]
    steps = [step_of(person.press("continue")) for _ in range(4)]
    assert steps == ["consent", "understanding", "leave_out", "page:start"]


@pytest.mark.parametrize("to", ["consent", "leave_out"])
def test_no_word_is_lost_on_the_way(small: Place, to: str) -> None:
    person = at(small, HARD)
    words = {TEXT: "half a sent", "loud": "no"}

    person.press(to, words)
    person.press("continue")

    assert words.items() <= dict(person.seen.form.fields).items()


# --- consent ---


def test_r16_what_was_agreed_is_read_again_with_its_ticks(small: Place) -> None:
    person = at(small, "consent")
    person.press("continue", {"take_part": "yes", "quotes": "yes"})
    walk(person, typed, until=HARD)

    page = follow(person, "consent")

    for part in ("What you agreed to", "These are words for", "You said yes to I want to answer"):
        assert part in page.words
    assert ("quotes", "yes") in page.form.fields
    assert page.form.boxes == {"quotes": ["yes"]}


@pytest.mark.parametrize("before", [True, False])
def test_r11_r16_quotes_are_changed_at_any_time(small: Place, before: bool) -> None:
    person = at(small, "consent")
    person.press("continue", {"take_part": "yes", **({"quotes": "yes"} if before else {})})
    walk(person, typed, until="check")
    said = "You agreed that your words may be quoted"
    assert (said in person.seen.words) == before

    follow(person, "consent")
    person.press("continue", {"quotes": [] if before else "yes"})

    assert step_of(person.seen) == "check"
    assert (said in person.seen.words) != before
    (document,) = small.sent_by(lambda: person.press("send"), SMALL)
    assert document["consent"] == ["take_part", *([] if before else ["quotes"])]


@pytest.mark.parametrize("step", PLACES)
def test_r16_withdrawing_deletes_everything_at_once(small: Place, step: str) -> None:
    person = at(small, step)
    key = key_of(person)
    follow(person, "consent")

    assert small.sent_by(lambda: person.press("decline"), SMALL) == []

    assert "You stopped. What you wrote is deleted." in person.seen.words
    assert small.draft_row(key) is None
    assert person.cookies == {}


def test_r16_an_old_form_cannot_take_taking_part_away_unasked(small: Place) -> None:
    """A page of before, where the first box is not ticked, pressed in another tab."""
    person = at(small, "consent")
    old = person.seen
    walk(person, typed, until=HARD)
    answers = small.draft_of(person).answers

    person.post(old.path, [*old.form.fields, ("action", "continue")])

    assert step_of(person.seen) == "consent"
    assert small.draft_of(person).answers == answers
    assert "take_part" in small.draft_of(person).consent


def test_ticks_stay_through_help_before_anything_is_agreed(small: Place) -> None:
    person = at(small, "consent")
    person.press("support", {"quotes": "yes"})
    person.open(BACK)

    assert ("quotes", "yes") in person.seen.form.fields
    assert "What you agreed to" not in person.seen.words


# --- what to leave out ---


def test_r25_leaving_a_topic_out_takes_its_pages_away_at_once(small: Place) -> None:
    person = at(small, "warning:thunder")

    follow(person, "leave_out")
    person.press("continue", {"leave_out": ["storms"]})

    assert step_of(person.seen) == "warning:cold"
    seen: list[Page] = []
    (document,) = small.sent_by(lambda: walk(person, typed, look=seen.append), SMALL)
    assert not {"warning:thunder", HARD, "warning:water"} & {step_of(page) for page in seen}
    assert {"loud", TEXT, "flood_words"} <= set(document["not_shown"])


def test_r25_a_topic_that_comes_back_is_asked_on_the_way_and_then_it_goes_on(
    small: Place,
) -> None:
    person = at(small, "leave_out")
    person.press("continue", {"leave_out": ["storms", "floods"]})
    walk(person, typed, until="page:end")
    person.press("leave_out", {"seasons": "summer"})

    person.press("continue", {"leave_out": []})
    steps = [step_of(person.seen)]
    for _ in range(4):
        steps.append(step_of(person.press("continue")))

    # What was gone through already, `warning:cold` and its page, is not gone through again.
    assert steps == ["warning:thunder", HARD, "warning:water", "page:water", "page:end"]
    assert ("seasons", "summer") in person.seen.form.fields


def test_a_topic_skipped_at_its_warning_can_come_back(small: Place) -> None:
    person = at(small, "warning:thunder")
    person.press("skip_topic")
    assert step_of(person.seen) == "warning:cold"

    page = follow(person, "leave_out")
    assert ("leave_out", "storms") in page.form.fields
    person.press("continue", {"leave_out": []})

    assert step_of(person.seen) == "warning:thunder"


def test_what_was_answered_stays_and_the_page_says_so(small: Place) -> None:
    person = at(small, "warning:cold")
    answers = small.draft_of(person).answers
    assert TEXT in answers

    page = follow(person, "leave_out")
    assert "What you answered already stays. You can remove it before you send." in page.words
    person.press("continue", {"leave_out": ["storms", "floods"]})

    assert step_of(person.seen) == "warning:cold"
    assert small.draft_of(person).answers == answers


def test_nothing_is_said_of_answers_where_there_are_none(small: Place) -> None:
    assert "What you answered already" not in at(small, "leave_out").seen.words
