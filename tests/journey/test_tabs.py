"""One page in two tabs: what one of them gave is never wiped out by the other."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.consultation import Definition
from app.journey import (
    Draft,
    OpenedPage,
    PageAnswers,
    skip_page,
    state_of,
    store_in_turn,
    store_page,
)

QUESTIONS = ("colour", "words", "day")
GAP = {"words": "\n\n"}

WORDS = st.text("abc \n", min_size=1, max_size=5)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={"colour": st.sampled_from(["red", "blue"]), "words": WORDS, "day": st.integers(0, 3)},
)
GIVEN = st.builds(
    lambda answers, declined: PageAnswers(answers, frozenset(declined) - set(answers)),
    ANSWERS,
    st.sets(st.sampled_from(QUESTIONS)),
)


def draft_with(given: PageAnswers) -> Draft:
    empty = Draft("small", "digest", "en", "00", "six words")
    return store_page(empty, QUESTIONS, given)


def opened_with(given: PageAnswers, form: str = "here") -> OpenedPage:
    draft = draft_with(given)
    return OpenedPage("page", form, {name: state_of(draft, name) for name in QUESTIONS})


def store(
    draft: Draft, given: PageAnswers, opened: OpenedPage, between: dict[str, str] = GAP
) -> Draft:
    return store_in_turn(draft, QUESTIONS, given, opened, between)[0]


def in_turn(opened: PageAnswers, there: PageAnswers, here: PageAnswers) -> Draft:
    """Both tabs opened the page; `there` was stored first, now comes `here`."""
    first = store(draft_with(opened), there, opened_with(opened, "there"))
    return store(first, here, opened_with(opened))


def what(draft: Draft, question: str) -> tuple[Any, bool]:
    return draft.answers.get(question), question in draft.declined


def assert_holds(draft: Draft, given: PageAnswers) -> None:
    assert draft.answers == given.answers
    assert set(draft.declined) == given.declined


@given(GIVEN, GIVEN)
def test_with_one_tab_the_last_form_is_what_counts(opened: PageAnswers, here: PageAnswers) -> None:
    assert_holds(in_turn(opened, opened, here), here)


@given(GIVEN, GIVEN)
def test_a_tab_that_was_left_as_it_was_takes_nothing_back(
    opened: PageAnswers, there: PageAnswers
) -> None:
    """Least of all an empty page that stood open while the words were typed in another tab."""
    assert_holds(in_turn(opened, there, opened), there)


@given(GIVEN, GIVEN, GIVEN)
def test_each_question_has_what_the_last_tab_to_change_it_gave(
    opened: PageAnswers, there: PageAnswers, here: PageAnswers
) -> None:
    together = in_turn(opened, there, here)

    for name in QUESTIONS:
        was, other, mine = (what(draft_with(given), name) for given in (opened, there, here))
        if mine == was:
            assert what(together, name) == other
        elif other in (was, mine) or name not in GAP or mine[0] is None or other[0] is None:
            assert what(together, name) == mine
        else:
            assert what(together, name) == (f"{other[0]}\n\n{mine[0]}", False)


@given(GIVEN, GIVEN, GIVEN)
def test_a_form_that_comes_again_is_what_it_says(
    opened: PageAnswers, first: PageAnswers, second: PageAnswers
) -> None:
    """A browser may go back to a page as it was left: a word taken out there is taken out."""
    page = opened_with(opened)

    stored = store(store(draft_with(opened), first, page), second, page)

    assert_holds(stored, second)


def test_a_form_that_was_put_together_with_another_tab_can_come_again() -> None:
    """An empty page is left with "Previous" while another tab has words; then words are typed."""
    page, nothing = opened_with(PageAnswers()), PageAnswers()
    there = store(draft_with(nothing), PageAnswers({"words": "b"}), opened_with(nothing, "there"))

    left = store(there, nothing, page)
    back = store(left, PageAnswers({"words": "a"}), page)

    assert left.answers == {"words": "b"}
    assert back.answers == {"words": "b\n\na"}


@given(GIVEN, GIVEN, GIVEN)
def test_the_same_form_twice_is_the_same_as_once(
    opened: PageAnswers, there: PageAnswers, here: PageAnswers
) -> None:
    """A double click, and a browser that sends a form again when no answer came."""
    once = in_turn(opened, there, here)

    twice = store(once, here, opened_with(opened))

    assert_holds(twice, PageAnswers(once.answers, frozenset(once.declined)))
    assert twice.forms == once.forms


def test_whoever_goes_back_to_a_skipped_page_and_continues_has_what_stands_there(
    definition: Definition, draft: Draft
) -> None:
    page, words = definition.pages_by_name["cold"], PageAnswers({"cold_words": "a stove"})
    opened = OpenedPage("cold", "here", {"cold_words": state_of(draft, "cold_words")})
    asked = ["cold_words"]
    once, _ = store_in_turn(draft, asked, words, opened, {})

    skipped = skip_page(once, page, asked)
    again, _ = store_in_turn(skipped, asked, words, opened, {})

    assert "cold_words" not in skipped.answers
    assert again.answers["cold_words"] == "a stove"


def test_words_of_two_tabs_are_named() -> None:
    there = store(
        draft_with(PageAnswers()), PageAnswers({"words": "b"}), opened_with(PageAnswers(), "there")
    )

    _, both = store_in_turn(
        there, QUESTIONS, PageAnswers({"words": "a"}), opened_with(PageAnswers()), GAP
    )

    assert both == ["words"]
