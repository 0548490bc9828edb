from __future__ import annotations

import pytest

from app.consultation import Definition
from app.journey import (
    Draft,
    PageAnswers,
    choose_age,
    decide_warning,
    find_path,
    give_consent,
    leave_out,
    mark_done,
    remove_answer,
    skip_page,
    store_page,
)

RAIN = PageAnswers({"likes_rain": "yes", "why_rain": "It is soft."})


def steps_of(definition: Definition, draft: Draft) -> list[str]:
    return [step.key for step in find_path(definition, draft).steps]


def test_a_step_is_marked_once(draft: Draft) -> None:
    once = mark_done(draft, "about")

    assert mark_done(once, "about") is once
    assert once.done == ("about",)


@pytest.mark.requirement("R38")
def test_what_is_left_empty_is_kept_nowhere(draft: Draft) -> None:  # R38
    draft = store_page(draft, ["likes_rain", "why_rain"], RAIN)

    draft = store_page(draft, ["likes_rain", "why_rain"], PageAnswers({"likes_rain": "no"}))

    assert draft.answers == {"likes_rain": "no"}


def test_only_what_was_asked_is_stored(draft: Draft) -> None:
    draft = store_page(draft, ["likes_rain"], RAIN)

    assert draft.answers == {"likes_rain": "yes"}


def test_answers_of_other_pages_stay(draft: Draft) -> None:
    draft = store_page(draft, ["days"], PageAnswers({"days": 3}))

    draft = store_page(draft, ["likes_rain"], PageAnswers({"likes_rain": "yes"}))

    assert draft.answers == {"days": 3, "likes_rain": "yes"}


@pytest.mark.requirement("R38")
def test_preferring_not_to_say_is_another_thing_than_skipping(draft: Draft) -> None:  # R38
    declined = store_page(draft, ["loud"], PageAnswers(declined=frozenset({"loud"})))
    skipped = store_page(declined, ["loud"], PageAnswers())

    assert (declined.declined, declined.answers) == (("loud",), {})
    assert (skipped.declined, skipped.answers) == ((), {})


def test_skipping_a_page_takes_out_what_was_typed_there(
    definition: Definition, draft: Draft
) -> None:
    draft = store_page(draft, ["likes_rain", "why_rain"], RAIN)

    draft = skip_page(draft, definition.pages_by_name["start"], ["likes_rain"])

    assert draft.answers == {}
    assert draft.done == ("page:start",)
    assert draft.seen == ("likes_rain",)


@pytest.mark.requirement("R34")
def test_an_answer_can_be_taken_out_again(draft: Draft) -> None:  # R34
    draft = store_page(draft, ["likes_rain", "why_rain"], RAIN)
    draft = store_page(draft, ["loud"], PageAnswers(declined=frozenset({"loud"})))

    draft = remove_answer(remove_answer(draft, "why_rain"), "loud")

    assert draft.answers == {"likes_rain": "yes"}
    assert draft.declined == ()


@pytest.mark.requirement("R11")
def test_consent_holds_exactly_what_was_ticked(draft: Draft) -> None:  # R11
    draft = give_consent(give_consent(draft, ["take_part", "quotes"]), ["take_part"])

    assert draft.consent == ("take_part",)
    assert draft.done == ("consent",)


def test_a_topic_that_is_left_out_takes_its_pages_away(
    definition: Definition, draft: Draft
) -> None:
    draft = leave_out(draft, ["floods"], definition)

    steps = steps_of(definition, draft)
    assert "warning:thunder" in steps
    assert "warning:water" not in steps


def test_a_page_that_was_answered_stays_when_its_topic_is_left_out_later(
    definition: Definition, draft: Draft
) -> None:
    draft = decide_warning(draft, definition.pages_by_name["thunder"], "continue", definition)
    draft = store_page(draft, ["storm_words"], PageAnswers({"storm_words": "A roof."}))
    draft = mark_done(draft, "page:thunder")

    draft = leave_out(draft, ["storms"], definition)

    assert "page:thunder" in steps_of(definition, draft)
    assert find_path(definition, draft).answers == {"storm_words": "A roof."}


def test_going_on_from_a_warning_shows_the_page_once(definition: Definition, draft: Draft) -> None:
    page = definition.pages_by_name["thunder"]

    twice = decide_warning(
        decide_warning(draft, page, "continue", definition), page, "continue", definition
    )

    assert twice.accepted == ("thunder",)
    assert steps_of(definition, twice).count("page:thunder") == 1


def test_skipping_at_a_warning_takes_out_what_was_typed_behind_it(
    definition: Definition, draft: Draft
) -> None:
    page = definition.pages_by_name["thunder"]
    draft = decide_warning(draft, page, "continue", definition)
    draft = store_page(draft, ["loud", "storm_words"], PageAnswers({"storm_words": "A roof."}))
    draft = mark_done(draft, "page:thunder")

    draft = decide_warning(draft, page, "skip", definition)

    assert draft.answers == {}
    assert "page:thunder" not in steps_of(definition, draft)
    assert "warning:thunder" in steps_of(definition, draft)


def test_skipping_one_page_leaves_the_other_page_of_the_topic(
    definition: Definition, draft: Draft
) -> None:
    draft = decide_warning(draft, definition.pages_by_name["thunder"], "skip", definition)

    assert "warning:water" in steps_of(definition, draft)


def test_skipping_the_topic_takes_every_page_of_it(definition: Definition, draft: Draft) -> None:
    draft = decide_warning(draft, definition.pages_by_name["thunder"], "skip_topic", definition)

    assert draft.left_out == ("storms",)
    assert not {"page:thunder", "warning:water", "page:water"} & set(steps_of(definition, draft))


def test_skipping_the_topic_takes_a_page_that_was_opened_but_not_answered(
    definition: Definition, draft: Draft
) -> None:
    draft = decide_warning(draft, definition.pages_by_name["water"], "continue", definition)

    draft = decide_warning(draft, definition.pages_by_name["thunder"], "skip_topic", definition)

    assert "page:water" not in steps_of(definition, draft)


@pytest.mark.requirement("R25")
def test_a_topic_that_comes_back_brings_its_warnings_back(
    definition: Definition, draft: Draft
) -> None:
    page = definition.pages_by_name["thunder"]
    draft = decide_warning(draft, page, "skip_topic", definition)
    assert "warning:thunder" in draft.done

    draft = leave_out(draft, [], definition)

    assert "warning:thunder" not in draft.done
    assert {"warning:thunder", "warning:water"} <= set(steps_of(definition, draft))


def test_a_page_of_two_topics_stays_away_until_both_are_back(
    definition: Definition, draft: Draft
) -> None:
    draft = leave_out(draft, ["storms", "floods"], definition)

    draft = leave_out(draft, ["floods"], definition)

    assert "warning:thunder" in steps_of(definition, draft)
    assert "warning:water" not in steps_of(definition, draft)


def test_a_page_that_was_opened_is_not_warned_of_again_when_its_topic_comes_back(
    definition: Definition, draft: Draft
) -> None:
    draft = decide_warning(draft, definition.pages_by_name["thunder"], "continue", definition)
    draft = mark_done(store_page(draft, ["storm_words"], PageAnswers()), "page:thunder")

    draft = leave_out(leave_out(draft, ["storms"], definition), [], definition)

    assert "warning:thunder" in draft.done
    assert steps_of(definition, draft).count("page:thunder") == 1


@pytest.mark.requirement("R13", "R16")
def test_another_age_reads_another_text_and_is_asked_anew(draft: Draft) -> None:
    draft = give_consent(choose_age(draft, "13-17"), ["take_part", "quotes"])
    draft = mark_done(draft, "understanding")

    same, other = choose_age(draft, "13-17"), choose_age(draft, "18-24")

    assert same == draft
    assert (other.age, other.consent, other.done) == ("18-24", (), ("age",))


@pytest.mark.requirement("R38")
def test_what_stands_beside_a_refusal_is_kept_apart_and_taken_out_with_it(draft: Draft) -> None:
    given = PageAnswers(declined=frozenset({"loud"}), beside={"loud": {"typed": "a word"}})
    draft = store_page(draft, ["loud", "storm_words"], given)

    assert (draft.answers, draft.declined) == ({}, ("loud",))
    assert draft.beside == {"loud": {"typed": "a word"}}
    assert remove_answer(draft, "loud").beside == {}
    assert store_page(draft, ["storm_words"], PageAnswers()).beside == draft.beside
