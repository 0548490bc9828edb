"""Pauses, help, endings, and the small things that keep a person at their own pace."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

from app.consultation import Definition
from app.consultation.questions import TextQuestion
from tests.person import Page, Person
from tests.place import SAMPLES, Place
from tests.walks import step_of, walk

from .test_before_the_questions import SMALL, at, typed

OVER = "That part is over."
HARD = "page:thunder"
SHY = "storm_words"
SHY_BOX = f"{SHY}__prefer_not_to_say"
DECLINES = "prefer_not_to_say"
BOTH = "You gave an answer, and you also chose “I prefer not to say”."


def steps_of(place: Place, consultation: str) -> dict[str, Page]:
    """Every step of a whole walk, and the page after it, by its key."""
    seen: dict[str, Page] = {}
    walk(
        place.person(consultation),
        typed,
        look=lambda page: seen.__setitem__(step_of(page) or page.path, page),
    )
    return seen


def main_of(page: Page) -> str:
    """The main part of a page, without its foot."""
    return page.body.partition("<main")[2].partition("</main>")[0]


def helps(html: str) -> bool:
    """Whether something here leads to people to talk to."""
    return 'value="support"' in html or 'href="/support' in html


def is_hard(definition: Definition, step: str) -> bool:
    page = definition.pages_by_name.get(step.partition(":")[2])
    return bool(page and (page.topics or page.content_warning))


# --- help where it may be wanted ---


@pytest.mark.parametrize("consultation", SAMPLES)
def test_r66_help_is_offered_at_each_notice_and_each_hard_page_and_after_it(
    place: Place, consultation: str
) -> None:
    definition, seen = place.definition(consultation), steps_of(place, consultation)
    order = list(seen)

    hard = [step for step in order if is_hard(definition, step)]
    assert len([step for step in hard if step.startswith("warning:")]) >= 2
    for step in [*hard, "check", "/sent"]:
        assert helps(main_of(seen[step])), step
    for step in hard:
        after = order[order.index(step) + 1]
        assert helps(main_of(seen[after])), f"after {step}"


def test_r6_r66_help_is_offered_before_anything_and_at_every_end(small: Place) -> None:
    about = small.person(SMALL).seen
    pause = at(small, "page:start").open("/pause")
    declined = at(small, "consent").press("decline")
    stopped = at(small, "page:end").press("delete")
    early = small.person(SMALL).press("delete")
    outside = at(small, "age").press("continue", {"age": "25-"})

    assert helps(about.body)
    for page in (pause, declined, stopped, early, outside):
        assert helps(main_of(page)), page.words[:60]


def test_r59_help_stands_in_the_same_place_on_every_step(place: Place) -> None:
    for step, page in steps_of(place, SAMPLES[0]).items():
        foot = page.body.partition("<footer")[2]
        assert helps(foot) or step == "/sent", step


@pytest.mark.requirement("R74")
def test_whether_somebody_wants_to_talk_is_asked_at_the_end_and_kept_nowhere(
    small: Place,
) -> None:
    person = at(small, "check")
    assert "Would you like to talk to someone now?" in person.seen.words
    before = small.draft_of(person)

    person.press("support")
    assert person.seen.path == "/support"
    person.open("/back-to-questions")

    assert step_of(person.seen) == "check"
    assert small.draft_of(person) == before
    (document,) = small.sent_by(lambda: person.press("send"), SMALL)
    assert "support" not in json.dumps(document)


# --- three endings ---


def test_r39_three_endings_from_the_first_question_on(place: Place) -> None:
    seen = steps_of(place, SAMPLES[0])
    order = [step for step in seen if step != "/sent"]
    from_first = order[order.index("leave_out") :]
    assert from_first[1].startswith("page:")

    for step in order:
        page = seen[step]
        ends = [(value, to) for form in page.forms for _, value, to in form.buttons if to]
        assert page.links[0] == "/leave", step
        both = [("delete", "/stop"), ("send", "/stop")]
        assert ends == (both if step in from_first else both[:1]), step


def test_r39_each_ending_has_its_own_words_and_place(place: Place) -> None:
    page = steps_of(place, SAMPLES[0])["page:last_page"]
    top, _, rest = page.body.partition("<main")
    foot = rest.partition("</main>")[2]

    assert "Exit this page" in top
    for words in ("Stop and delete what I wrote", "Stop and send what I have"):
        assert words in foot
        assert words not in top
        assert words not in main_of(page)


@pytest.mark.parametrize("path", ["/pause", "/support", "/"])
@pytest.mark.requirement("R16", "R39")
def test_the_pages_beside_the_questions_have_the_same_endings(small: Place, path: str) -> None:
    deleting, sending = at(small, "page:end"), at(small, "page:end")
    answers = small.draft_of(sending).answers
    assert answers

    assert small.sent_by(lambda: (deleting.open(path), deleting.press("delete")), SMALL) == []
    assert "You stopped. What you wrote is deleted." in deleting.seen.words
    (document,) = small.sent_by(lambda: (sending.open(path), sending.press("send")), SMALL)
    assert (document["ended"], document["answers"]) == ("stopped", dict(answers))


@pytest.mark.parametrize("path", ["/pause", "/support"])
def test_r39_nothing_on_the_page_that_was_left_is_lost_by_ending_from_a_pause(
    small: Place, path: str
) -> None:
    person = at(small, HARD)
    person.press(path.strip("/"), {SHY: "typed before the pause"})

    (document,) = small.sent_by(lambda: person.press("send"), SMALL)

    assert document["answers"][SHY] == "typed before the pause"


def test_before_consent_stopping_says_that_nothing_was_kept(small: Place) -> None:
    page = small.person(SMALL).press("delete")

    assert "That is fine. Thank you for looking." in page.words
    assert "Nothing was kept" in page.words


# --- pauses ---


def test_r31_r32_a_pause_asks_for_nothing_and_offers_more_than_breathing(small: Place) -> None:
    page = at(small, HARD).open("/pause")
    main = main_of(page)
    ideas = re.findall(r"<li>(.*?)</li>", main)

    assert main.index("<details>") < main.index(ideas[0]) < main.index("</details>")
    assert ["breathe" in idea for idea in ideas] == [False] * (len(ideas) - 1) + [True]
    assert len(ideas) >= 4
    assert "There is nothing to do here." in page.words
    assert "if you like" in page.words
    for moving in ("<img", "<video", "<audio", "<canvas", "<svg", "<marquee", "http-equiv"):
        assert moving not in page.body


def test_r31_what_waits_after_a_pause_is_the_same_step(small: Place) -> None:
    person = at(small, HARD)
    person.press("pause", {SHY: "half a sent"})

    person.open("/back-to-questions")

    assert (step_of(person.seen), dict(person.seen.form.fields)[SHY]) == (HARD, "half a sent")


# --- after a hard page ---


def test_the_step_after_hard_pages_says_that_they_are_over(small: Place) -> None:
    seen = steps_of(small, SMALL)
    said = [step for step, page in seen.items() if OVER in page.words]

    # thunder, water and cold come one after the other, each with its own warning.
    assert said == ["page:end"]
    top = main_of(seen["page:end"]).partition("<fieldset")[0]
    assert OVER in top
    assert 'value="pause"' in top
    assert 'value="support"' in top


def test_nobody_is_told_that_a_part_is_over_that_they_did_not_see(small: Place) -> None:
    person = at(small, "warning:thunder")
    person.press("skip_topic")
    person.press("skip")

    assert step_of(person.seen) == "page:end"
    assert OVER not in person.seen.words


def test_the_check_page_follows_a_hard_page_kindly_too(place: Place) -> None:
    for consultation in SAMPLES:
        definition, seen = place.definition(consultation), steps_of(place, consultation)
        order = list(seen)
        for step, following in pairwise(order):
            hard = step.startswith("page:") and is_hard(definition, step)
            calm = following.startswith("page:") and not is_hard(definition, following)
            assert (OVER in seen[following].words) == (hard and (calm or following == "check"))


# --- warnings ---

COUNTS = {
    (1, 0): "This is about the next question. It does not ask you to write.",
    (1, 1): "This is about the next question. It has a box to write in.",
    (2, 0): "This is about the next 2 questions. None of them asks you to write.",
    (2, 1): "This is about the next 2 questions. One of them has a box to write in.",
    (3, 1): "This is about the next 3 questions. One of them has a box to write in.",
    (2, 2): "This is about the next 2 questions. Each of them has a box to write in.",
    (3, 2): "This is about the next 3 questions. 2 of them have a box to write in.",
}


@pytest.mark.parametrize("consultation", SAMPLES)
def test_r22_a_warning_counts_questions_and_boxes(place: Place, consultation: str) -> None:
    definition = place.definition(consultation)
    warnings = [
        (definition.pages_by_name[step.partition(":")[2]], page)
        for step, page in steps_of(place, consultation).items()
        if step.startswith("warning:")
    ]
    assert warnings

    for page, shown in warnings:
        writing = sum(isinstance(question, TextQuestion) for question in page.asked)
        words = re.sub(r"\s+", " ", shown.words)
        assert COUNTS[len(page.asked), writing] in words, page.name


# --- an answer beside "I prefer not to say" ---


def test_r38_r84_both_stay_on_screen_and_say_what_follows(small: Place) -> None:
    person = at(small, HARD)

    page = person.press("continue", {SHY: "what I wrote", SHY_BOX: DECLINES})

    assert step_of(page) == HARD
    assert BOTH in page.words
    assert {SHY: "what I wrote", SHY_BOX: DECLINES}.items() <= dict(page.form.fields).items()
    draft = small.draft_of(person)
    assert SHY not in draft.answers
    assert SHY in draft.declined


def test_r38_r84_a_second_press_goes_on_and_keeps_the_refusal_alone(small: Place) -> None:
    person = at(small, HARD)
    person.press("continue", {SHY: "what I wrote", SHY_BOX: DECLINES})

    person.press("continue")

    assert step_of(person.seen) == "warning:water"
    assert "what I wrote" not in json.dumps(small.draft_of(person).to_plain())
    (document,) = small.sent_by(lambda: walk(person, typed), SMALL)
    assert document["declined"] == [SHY]
    assert SHY not in document["answers"]


@pytest.mark.parametrize(("left", "answer"), [({SHY_BOX: []}, "what I wrote"), ({SHY: ""}, None)])
def test_either_of_them_can_be_kept(
    small: Place, left: dict[str, str | list[str]], answer: str | None
) -> None:
    person = at(small, HARD)
    person.press("continue", {SHY: "what I wrote", SHY_BOX: DECLINES})

    person.press("continue", left)

    assert step_of(person.seen) == "warning:water"
    draft = small.draft_of(person)
    assert draft.answers.get(SHY) == answer
    assert (SHY in draft.declined) == (answer is None)


@pytest.mark.parametrize("way", ["pause", "support", "consent", "leave_out"])
def test_r80_both_are_there_again_after_every_way_off_the_page(small: Place, way: str) -> None:
    person = at(small, HARD)
    both = {SHY: "what I wrote", SHY_BOX: DECLINES}

    person.press(way, both)
    person.open("/back-to-questions")
    if step_of(person.seen) != HARD:
        person.press("continue")

    assert step_of(person.seen) == HARD
    assert both.items() <= dict(person.seen.form.fields).items()
    assert BOTH in person.seen.words


def test_going_back_and_on_again_loses_neither(small: Place) -> None:
    person = at(small, HARD)
    person.press("back", {SHY: "what I wrote", SHY_BOX: DECLINES})

    person.press("continue")

    assert dict(person.seen.form.fields)[SHY] == "what I wrote"


def test_stopping_and_sending_meanwhile_sends_the_refusal_alone(small: Place) -> None:
    person = at(small, HARD)

    (document,) = small.sent_by(
        lambda: person.press("send", {SHY: "what I wrote", SHY_BOX: DECLINES}), SMALL
    )

    assert SHY not in document["answers"]
    assert SHY in document["declined"]


def test_two_choices_that_exclude_each_other_are_asked_about_once(place: Place) -> None:
    person = place.person()
    walk(person, until="page:online_life")
    both = {"uses": ["friends", "hardly"]}

    page = person.press("continue", both)
    assert "Two of your answers do not go together." in page.words
    ticked = [value for name, value in page.form.fields if name == "uses"]
    assert ticked == both["uses"]
    person.press("continue")

    assert step_of(person.seen) == "page:report_button"
    assert "uses" not in place.draft_of(person).answers


# --- a question that appears on a page gone through ---


def test_a_question_that_appears_later_is_asked_before_the_answers_are_sent(small: Place) -> None:
    person = at(small, "page:rain")
    number = person.seen.path
    person.press("continue", {"days": "0"})
    walk(person, lambda name: "0", until="page:end")
    person.press("continue", {"seasons": "winter"})
    check = person.seen.path
    assert step_of(person.seen) == "check"

    person.open(number)
    person.press("continue", {"days": "3"})
    person.open(check)

    assert step_of(person.seen) == "page:end"
    assert "How much snow?" in person.seen.words
    person.press("continue")
    (document,) = small.sent_by(lambda: person.press("send"), SMALL)
    assert "snow" not in [*document["answers"], *document["not_shown"], *document["declined"]]


def test_an_old_page_of_answers_cannot_send_past_a_question_never_seen(small: Place) -> None:
    person = at(small, "page:rain")
    number = person.seen.path
    person.press("continue", {"days": "0"})
    walk(person, lambda name: "0", until="page:end")
    old = person.press("continue", {"seasons": "winter"})

    person.open(number)
    person.press("continue", {"days": "3"})
    sent = small.sent_by(
        lambda: person.post(old.path, [*old.form.fields, ("action", "send")]), SMALL
    )

    assert sent == []
    assert step_of(person.seen) == "page:end"


# --- where nobody is known ---


@pytest.mark.parametrize(
    ("country", "children", "adults"),
    [("GB", False, True), ("IE", True, True)],
)
def test_r63_the_page_says_for_whom_no_service_is_known(
    small: Place, country: str, children: bool, adults: bool
) -> None:
    page = small.person(SMALL).open(f"/support?country={country}")

    known = "We do not know a checked service here for"
    assert (f"{known} people under 18." in page.words) == children
    assert (f"{known} adults." in page.words) == adults
    assert "findahelpline.com" in page.body


def test_r63_a_country_without_a_list_of_its_own_can_be_chosen(small: Place) -> None:
    person = small.person(SMALL)
    assert 'value="MC"' in person.open("/support").body
    assert 'value="MC"' not in Person(small.demo.base).open("/support").body

    page = person.open("/support?country=MC")

    assert "We do not know a checked service here for people your age." in page.words
    assert "findahelpline.com" in page.body
