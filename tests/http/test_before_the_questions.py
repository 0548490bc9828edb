"""Age, consent and the check of understanding: each a choice, none of them kept but consent."""

from __future__ import annotations

import json

import pytest

from tests.person import Page, Person
from tests.place import Place, key_of
from tests.walks import step_of, walk

SMALL = "small"
YOUNG, ADULT = "13-17", "18-24"
WORDS = {YOUNG: "These are words for young people.", ADULT: "These are words for adults."}
SPANS = ["-9", "10-12", YOUNG, ADULT, "25-"]
OUTSIDE = ["-9", "10-12", "25-"]
ALL_OF_THEM, AS_MANY = "1", "2"
A_TEAM, EVERYBODY = "1", "2"


def typed(name: str) -> str:
    """A number where one is asked for."""
    return "3" if name == "days" else "some words"


def at(place: Place, step: str) -> Person:
    """Somebody who has come to a step, and said nothing about their age."""
    person = place.person(SMALL)
    walk(person, typed, until=step)
    return person


def consenting(place: Place, age: str = "") -> Person:
    """Somebody who has said their age, and reads what they agree to."""
    person = at(place, "age")
    person.press("continue", {"age": age} if age else {})
    assert step_of(person.seen) == "consent"
    return person


# --- age ---


def test_r17_r18_ages_are_asked_in_spans_and_nothing_says_which_are_wanted(small: Place) -> None:
    page = at(small, "age").seen

    assert page.form.boxes["age"] == SPANS
    for label in ("Younger than 10", "10 to 12", "13 to 17", "18 to 24", "25 or older"):
        assert label in page.words
    assert "13 to 24" not in page.words
    assert page.form.fields[-1][0] != "age"


@pytest.mark.parametrize(("age", "other"), [(YOUNG, ADULT), (ADULT, YOUNG)])
def test_r13_only_the_text_for_the_chosen_age_is_read(small: Place, age: str, other: str) -> None:
    page = consenting(small, age).seen

    assert WORDS[age] in page.words
    assert WORDS[other] not in page.words
    assert "<details" not in page.body.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("way", ["continue", "skip"])
def test_r13_who_does_not_say_finds_every_text_by_its_age(small: Place, way: str) -> None:
    person = at(small, "age")

    person.press(way, {"age": YOUNG} if way == "skip" else {})

    assert step_of(person.seen) == "consent"
    for part in (*WORDS.values(), "If you are 13 to 17 years old", "If you are 18 to 24 years old"):
        assert part in person.seen.words


def neutral(place: Place, path: str) -> str:
    """What somebody sees there who never began."""
    return Person(place.demo.base).open(path).body


@pytest.mark.parametrize("age", OUTSIDE)
def test_r18_outside_the_ages_it_ends_kindly_and_nothing_stays(small: Place, age: str) -> None:
    person = at(small, "age")
    key, asked_at = key_of(person), person.seen.path

    assert small.sent_by(lambda: person.press("continue", {"age": age}), SMALL) == []

    page = person.seen
    assert page.status == 200
    assert "Thank you. These questions were made for people of another age." in page.words
    assert page.links[0] == "/leave"
    assert any(link.startswith("/support") for link in page.links)
    assert page.forms == []
    assert not any(digit in page.words for digit in "0123456789")
    assert person.cookies == {}
    assert small.draft_row(key) is None
    for path in (asked_at, "/page/1", "/back-to-questions", "/pause"):
        assert person.open(path).body == neutral(small, path)


def test_r18_whoever_comes_back_to_the_question_later_ends_as_kindly(small: Place) -> None:
    person = at(small, "age")
    number = person.seen.path
    person.press("continue", {"age": YOUNG})
    walk(person, typed, until="page:start")
    key = key_of(person)

    person.open(number)
    person.press("continue", {"age": "25-"})

    assert "made for people of another age" in person.seen.words
    assert small.draft_row(key) is None


@pytest.mark.requirement("R17", "R18")
def test_no_answer_says_how_old_somebody_is(small: Place) -> None:
    person = consenting(small, YOUNG)

    (document,) = small.sent_by(lambda: walk(person, typed), SMALL)

    assert "age" not in document
    assert YOUNG not in json.dumps(document)


def test_the_chosen_age_stays_through_help_and_a_pause(small: Place) -> None:
    person = at(small, "age")
    for way in ("support", "pause"):
        person.press(way, {"age": YOUNG})
        person.open("/back-to-questions")
        assert ("age", YOUNG) in person.seen.form.fields, way


@pytest.mark.requirement("R13", "R16")
def test_who_changes_their_age_is_asked_again_and_loses_nothing(small: Place) -> None:
    person = at(small, "age")
    number = person.seen.path
    person.press("continue", {"age": YOUNG})
    walk(person, typed, until="warning:thunder")
    answers = small.draft_of(person).answers
    assert answers

    person.open(number)
    assert ("age", YOUNG) in person.seen.form.fields
    person.press("continue", {"age": ADULT})

    assert step_of(person.seen) == "consent"
    assert WORDS[ADULT] in person.seen.words
    ticked = [name for name, _ in person.seen.form.fields if name in person.seen.form.boxes]
    assert ticked == []
    assert small.draft_of(person).answers == answers


# --- the check of understanding ---


def explained(page: Page) -> list[str]:
    words = ("You skip what you like.", "A team of three reads it.")
    return [word for word in words if word in page.words]


def test_r15_who_took_it_as_it_is_meant_goes_on(small: Place) -> None:
    for second in (A_TEAM, "3"):
        person = at(small, "understanding")
        assert explained(person.seen) == []
        person.press("continue", {"clear_1": AS_MANY, "clear_2": second})
        assert step_of(person.seen) == "leave_out"


@pytest.mark.parametrize("way", ["continue", "skip"])
def test_r15_nobody_has_to_be_checked(small: Place, way: str) -> None:
    person = at(small, "understanding")

    person.press(way, {"clear_1": ALL_OF_THEM} if way == "skip" else {})

    assert step_of(person.seen) == "leave_out"


def test_r15_what_was_taken_otherwise_is_explained_and_the_way_on_is_open(small: Place) -> None:
    person = at(small, "understanding")

    page = person.press("continue", {"clear_1": ALL_OF_THEM, "clear_2": A_TEAM})

    assert step_of(page) == "understanding"
    assert explained(page) == ["You skip what you like."]
    assert list(page.form.boxes) == ["clear_1"]
    assert [name for name, _ in page.form.fields if name.startswith("clear")] == []
    for again in range(3):
        page = person.press("continue", {"clear_1": ALL_OF_THEM})
        assert explained(page) == ["You skip what you like."], again
    person.press("skip")
    assert step_of(person.seen) == "leave_out"


def test_r15_a_second_answer_is_as_good_as_the_first(small: Place) -> None:
    person = at(small, "understanding")
    both = {"clear_1": ALL_OF_THEM, "clear_2": EVERYBODY}

    assert len(explained(person.press("continue", both))) == 2
    page = person.press("continue", {"clear_1": AS_MANY, "clear_2": EVERYBODY})
    assert explained(page) == ["A team of three reads it."]

    person.press("continue", {"clear_2": A_TEAM})
    assert step_of(person.seen) == "leave_out"


def test_r15_the_explanation_stays_through_help_and_a_pause(small: Place) -> None:
    person = at(small, "understanding")
    person.press("continue", {"clear_1": ALL_OF_THEM})

    for way in ("support", "pause"):
        person.press(way)
        person.open("/back-to-questions")
        assert explained(person.seen) == ["You skip what you like."], way


def test_r15_no_trace_of_the_check_stays(small: Place) -> None:
    tried, untried = at(small, "understanding"), at(small, "understanding")
    tried.press("continue", {"clear_1": ALL_OF_THEM, "clear_2": EVERYBODY})
    tried.press("continue", {"clear_1": AS_MANY, "clear_2": A_TEAM})
    untried.press("skip")

    plain = [small.draft_of(person).to_plain() for person in (tried, untried)]
    own = {"response_id": "", "withdrawal_code": ""}
    assert {**plain[0], **own} == {**plain[1], **own}
    for page in (tried.press("back"), untried.press("back")):
        assert explained(page) == []


def test_r15_from_the_check_the_text_is_one_step_back(small: Place) -> None:
    person = at(small, "understanding")
    person.press("continue", {"clear_1": ALL_OF_THEM})

    person.press("back")

    assert step_of(person.seen) == "consent"
    assert "These are words for" in person.seen.words


@pytest.mark.parametrize("fields", [{"clear_1": "9"}, {"clear_3": "1"}, {"told": "7 x"}])
def test_what_no_choice_says_leads_on(small: Place, fields: dict[str, str]) -> None:
    person = at(small, "understanding")

    person.press("continue", fields)

    assert step_of(person.seen) == "leave_out"
