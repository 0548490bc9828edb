"""What a browser sends, and what is stored of it: each reader on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given, settings
from hypothesis import strategies as st

from app.respond.forms import clean_text, form_class, read_form
from app.respond.reading import MOST_KEPT, Reading
from app.web.languages import init_languages
from tests.definitions import EVERY_TYPE, load

DEFINITION = load(EVERY_TYPE)
QUESTIONS = DEFINITION.pages[0].questions


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Reading]:
    """Reads a posted page: fields as keyword arguments, lists for several values of one name."""
    return reader(tmp_path_factory.mktemp("translations"))


def reader(translations: Path) -> Callable[..., Reading]:
    app = Flask("small")
    app.secret_key = "of this test alone"
    init_languages(app, translations)
    form = form_class(QUESTIONS)

    def read(told: Sequence[str] = (), **fields: Any) -> Reading:
        with app.test_request_context("/", method="POST", data=fields):
            return read_form(form(request.form), QUESTIONS, told)

    return read


def test_an_empty_page_is_a_page_that_was_skipped(read: Callable[..., Reading]) -> None:  # R36
    nothing = read()

    assert (nothing.answers, nothing.declined, nothing.errors) == ({}, set(), {})


STORED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"one": "yes"}, {"one": "yes"}),
    ({"many": ["b", "a"]}, {"many": ["a", "b"]}),
    ({"many": ["a", "a"]}, {"many": ["a"]}),
    ({"many": "none"}, {"many": ["none"]}),
    ({"scale": "0"}, {"scale": 0}),
    ({"scale": "3"}, {"scale": 3}),
    ({"grid__r1": "x"}, {"grid": {"r1": "x"}}),
    ({"grid__r1": "x", "grid__r2": "x"}, {"grid": {"r1": "x", "r2": "x"}}),
    ({"order__p": "3", "order__q": "1", "order__s": "2"}, {"order": ["q", "s", "p"]}),
    ({"order__s": "2"}, {"order": ["s"]}),
    ({"order__p": "", "order__q": "3", "order__s": "1"}, {"order": ["s", "q"]}),
    ({"line": "  a word\t"}, {"line": "a word"}),
    ({"words": "one\r\ntwo\rthree\nfour"}, {"words": "one\ntwo\nthree\nfour"}),
    (
        {"words": "मेरो कुरा 👩‍👩‍👧 مرحبا <script>=cmd()"},
        {"words": "मेरो कुरा 👩‍👩‍👧 مرحبا <script>=cmd()"},
    ),
    ({"words": "a\x00b\x07c\x7fd"}, {"words": "abcd"}),
    ({"words": "x" * 2000}, {"words": "x" * 2000}),
    ({"whole": " 12 "}, {"whole": 12}),
    ({"whole": "0"}, {"whole": 0}),
    ({"whole": "007"}, {"whole": 7}),
    ({"whole": "١٢"}, {"whole": 12}),
    ({"free": "-5"}, {"free": -5}),
    ({"free": "1 000"}, {"free": 1000}),
    ({"part": "1.50"}, {"part": "1.50"}),
    ({"part": "1,5"}, {"part": "1.5"}),
    ({"part": "-0.25"}, {"part": "-0.25"}),
    ({"part": "0,125"}, {"part": "0.125"}),
    ({"part": "1.0"}, {"part": "1.0"}),
    ({"part": "1000"}, {"part": "1000"}),
    ({"part": "1,1250"}, {"part": "1.1250"}),
    ({"part": "1000,125"}, {"part": "1000.125"}),
    ({"part": "١٫٥"}, {"part": "1.5"}),
    ({"hours": "1,000"}, {"hours": "1.000"}),
    ({"pay": "1.500"}, {"pay": "1500"}),
    ({"part": "3"}, {"part": "3"}),
    ({"month__month": "3", "month__year": "2024"}, {"month": "2024-03"}),
    ({"month__year": " 2024 "}, {"month": "2024"}),
    ({"month__month": "13", "month__year": "2024"}, {"month": "2024"}),
    ({"year__year": "1999", "year__month": "3"}, {"year": "1999"}),
    ({"country": "NP"}, {"country": "NP"}),
]


@pytest.mark.parametrize(("fields", "answers"), STORED)
def test_what_was_given_is_stored(
    read: Callable[..., Reading], fields: dict[str, Any], answers: dict[str, Any]
) -> None:
    reading = read(**fields)

    assert reading.answers == answers
    assert reading.errors == {}
    assert reading.page_answers().answers == answers


@pytest.mark.parametrize(
    "fields",
    [
        {"line": " \t\r\n"},
        {"words": "\x00"},
        {"whole": " "},
        {"one": ""},
        {"many": []},
        {"order__p": ""},
        {"month__month": "3"},
        {"read_me": "x", "unknown": "y", "csrf_token": "z", "many__a": "a", "one__yes": "yes"},
    ],
)
def test_what_says_nothing_is_not_stored(
    read: Callable[..., Reading], fields: dict[str, Any]
) -> None:
    reading = read(**fields)

    assert (reading.answers, reading.errors) == ({}, {})


@pytest.mark.parametrize(
    ("fields", "declined"),
    [
        ({"one": "prefer_not_to_say"}, {"one"}),
        ({"many": "prefer_not_to_say"}, {"many"}),
        ({"shy__prefer_not_to_say": "prefer_not_to_say"}, {"shy"}),
    ],
)
def test_preferring_not_to_say_is_told_from_skipping(
    read: Callable[..., Reading], fields: dict[str, Any], declined: set[str]
) -> None:
    reading = read(**fields)

    assert (reading.declined, reading.answers, reading.errors) == (declined, {}, {})


# What cannot be kept as it stands; the question that is named.
NOT_KEPT: list[tuple[dict[str, Any], str]] = [
    ({"one": "perhaps"}, "one"),
    ({"one": "YES"}, "one"),
    ({"one": "yes\x00"}, "one"),
    ({"plain": "prefer_not_to_say"}, "plain"),
    ({"many": ["c"]}, "many"),
    ({"scale": "4"}, "scale"),
    ({"scale": "-1"}, "scale"),
    ({"scale": "1.0"}, "scale"),
    ({"scale": "٣"}, "scale"),
    ({"grid__r1": "z"}, "grid"),
    ({"grid__r1": "prefer_not_to_say"}, "grid"),
    ({"order__p": "0"}, "order"),
    ({"order__p": "4"}, "order"),
    ({"order__p": "first"}, "order"),
    ({"order__p": "²"}, "order"),
    ({"order__p": "1" * 5000}, "order"),
    ({"whole": "twelve"}, "whole"),
    ({"whole": "1.5"}, "whole"),
    ({"free": "1,000"}, "free"),
    ({"free": "1.000"}, "free"),
    ({"free": "1_000"}, "free"),
    ({"free": "1e3"}, "free"),
    ({"free": "9" * 16}, "free"),
    ({"free": "9" * 5000}, "free"),
    ({"free": "NaN"}, "free"),
    ({"free": "sNaN"}, "free"),
    ({"free": "Infinity"}, "free"),
    ({"free": "²"}, "free"),
    ({"part": "1.2.3"}, "part"),
    ({"part": "1,000.5"}, "part"),
    ({"part": "1,000"}, "part"),
    ({"part": "1.000"}, "part"),
    ({"part": "-12.125"}, "part"),
    ({"part": "١,٠٠٠"}, "part"),
    ({"part": "1e-999999999"}, "part"),
    ({"part": "1e9"}, "part"),
    ({"part": "0." + "3" * 40}, "part"),
    ({"part": "nan"}, "part"),
    ({"month__year": "24"}, "month"),
    ({"month__year": "1899"}, "month"),
    ({"month__year": "3000"}, "month"),
    ({"month__year": "2024-03-05"}, "month"),
    ({"month__year": "²⁰²⁴"}, "month"),
    ({"month__year": "9" * 5000}, "month"),
    ({"country": "XX"}, "country"),
    ({"country": "np"}, "country"),
    ({"country": "Nepal"}, "country"),
]


@pytest.mark.parametrize(("fields", "question"), NOT_KEPT)
def test_what_cannot_be_kept_is_said_and_not_stored(
    read: Callable[..., Reading], fields: dict[str, Any], question: str
) -> None:
    reading = read(**fields)

    assert [name.split("__")[0] for name in reading.errors] == [question]
    assert reading.answers == {}


IN_DOUBT = [
    ("1,000", ("1000", "1.0")),
    ("1.000", ("1000", "1.0")),
    ("+2,500", ("2500", "2.5")),
    ("-12.125", ("-12125", "-12.1250")),
]


@pytest.mark.parametrize(("typed", "ways"), IN_DOUBT)
def test_a_number_that_can_be_two_is_asked_again_with_a_way_to_write_each(
    read: Callable[..., Reading], typed: str, ways: tuple[str, str]
) -> None:
    """1,000 is a thousand for half of the world, and one for the other half."""
    asked = read(part=typed)

    (message,) = asked.errors["part"]
    assert asked.places["part"] == {"typed": typed}
    for way in ways:
        assert way in message.replace("?", " ").split()
        assert read(part=way).answers == {"part": way}


# What is kept although something about it is asked once more: no word is ever lost.
ASKED_AGAIN: list[tuple[dict[str, Any], str, Any]] = [
    ({"many": ["a", "c"]}, "many", ["a"]),
    ({"grid__r1": "x", "grid__r2": "z"}, "grid", {"r1": "x"}),
    ({"order__p": "1", "order__q": "9"}, "order", ["p"]),
    ({"line": "more than ten"}, "line", "more than ten"),
    ({"words": "é" * 2001}, "words", "é" * 2001),
    ({"whole": "121"}, "whole", 121),
]


@pytest.mark.parametrize(("fields", "question", "kept"), ASKED_AGAIN)
def test_what_is_asked_again_is_kept_meanwhile(
    read: Callable[..., Reading], fields: dict[str, Any], question: str, kept: Any
) -> None:
    reading = read(**fields)

    assert [name.split("__")[0] for name in reading.errors] == [question]
    assert reading.page_answers().answers == {question: kept}


DECLINES = "prefer_not_to_say"
# What does not go together; the question, whether it is declined, and what is shown again.
BESIDE: list[tuple[dict[str, Any], str, bool, dict[str, str]]] = [
    ({"many": ["a", "none"]}, "many", False, {"a": "yes", "none": "yes"}),
    ({"many": ["a", "none", DECLINES]}, "many", True, {"a": "yes", "none": "yes"}),
    ({"many": ["a", DECLINES]}, "many", True, {"a": "yes"}),
    ({"shy": " but\r\n", f"shy__{DECLINES}": DECLINES}, "shy", True, {"typed": "but"}),
    ({"shy_whole": "3", f"shy_whole__{DECLINES}": DECLINES}, "shy_whole", True, {"typed": "3"}),
    ({"shy_whole": "x", f"shy_whole__{DECLINES}": DECLINES}, "shy_whole", True, {"typed": "x"}),
    ({"shy_part": "1,5", f"shy_part__{DECLINES}": DECLINES}, "shy_part", True, {"typed": "1,5"}),
    (
        {"shy_date__month": "3", "shy_date__year": "24", f"shy_date__{DECLINES}": DECLINES},
        *("shy_date", True),
        {"month": "3", "year": "24"},
    ),
    (
        {"shy_country": "NP", f"shy_country__{DECLINES}": DECLINES},
        *("shy_country", True),
        {"typed": "NP"},
    ),
    (
        {"shy_order__p": "1", "shy_order__shy_order": "1", f"shy_order__{DECLINES}": DECLINES},
        *("shy_order", True),
        {"p": "1", "shy_order": "1"},
    ),
]


@pytest.mark.parametrize(("fields", "question", "declined", "typed"), BESIDE)
@pytest.mark.requirement("R38", "R84")
def test_an_answer_beside_what_excludes_it_is_shown_again_and_not_sent(
    read: Callable[..., Reading],
    fields: dict[str, Any],
    question: str,
    declined: bool,
    typed: dict[str, str],
) -> None:
    kept = read(**fields).page_answers()

    assert list(read(**fields).errors) == [question]
    assert kept.answers == {}
    assert kept.declined == ({question} if declined else set())
    assert kept.beside == {question: typed}


@pytest.mark.parametrize(("fields", "question", "declined", "typed"), BESIDE)
@pytest.mark.requirement("R38", "R84")
def test_who_was_told_and_leaves_both_goes_on(
    read: Callable[..., Reading],
    fields: dict[str, Any],
    question: str,
    declined: bool,
    typed: dict[str, str],
) -> None:
    reading = read(told=["one", question, "nothing"], **fields)

    assert (reading.errors, reading.beside) == ({}, {})
    assert reading.page_answers().answers == {}
    assert reading.declined == ({question} if declined else set())


def test_words_without_end_beside_a_preference_not_to_say_are_shown_whole(
    read: Callable[..., Reading],
) -> None:
    far_too_long = {"shy": "x" * (MOST_KEPT + 9), f"shy__{DECLINES}": DECLINES}

    reading = read(**far_too_long)

    assert reading.far_too_long == {"shy"}
    assert reading.beside == {"shy": {"typed": far_too_long["shy"]}}
    assert reading.page_answers().beside == {"shy": {"typed": "x" * MOST_KEPT}}
    assert read(told=["shy"], **far_too_long).far_too_long == set()


def test_two_with_the_same_place_are_asked_again_and_shown_as_they_were(
    read: Callable[..., Reading],
) -> None:
    reading = read(order__p="1", order__q="1", order__s="2")

    assert list(reading.errors) == ["order"]
    assert reading.places["order"] == {"p": "1", "q": "1", "s": "2"}


def test_of_a_text_that_no_draft_has_room_for_all_is_shown_and_the_beginning_stored(
    read: Callable[..., Reading],
) -> None:
    reading = read(words="x" * 300_000, one="yes")

    assert len(reading.answers["words"]) == 300_000
    assert reading.page_answers().answers == {"one": "yes", "words": "x" * MOST_KEPT}
    assert list(reading.errors) == ["words"]


def test_the_first_of_two_values_counts_where_one_is_asked_for(
    read: Callable[..., Reading],
) -> None:
    assert read(one=["yes", "no"], line=["a", "b"]).answers == {"one": "yes", "line": "a"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ta\tb\t", "a\tb"),
        ("\x00\x1b[31m\x7f", "[31m"),
        ("\u202eabc", "\u202eabc"),
        ("\u00a0a\u3000", "a"),
        ("", ""),
    ],
)
def test_a_text_is_kept_as_it_was_typed_but_for_signs_that_nobody_types(
    typed: str, kept: str
) -> None:
    assert clean_text(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


FIELD_NAMES = sorted(
    {
        name.removeprefix("field_")
        for name in vars(form_class(QUESTIONS))
        if name.startswith("field_")
    }
)
VALUES = st.text(max_size=6) | st.sampled_from(
    [*("yes", "no", "a", "b", "none", "x", "1", "2", "3", "2024", "NP", "prefer_not_to_say")]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELD_NAMES), st.lists(VALUES, max_size=3), max_size=8))
def test_whatever_is_posted_every_answer_is_one_that_the_definition_knows(
    fields: dict[str, list[str]],
) -> None:
    reading = READ(**fields)

    for name, value in reading.answers.items():
        assert KNOWN[name](value), (name, value)
    assert not reading.declined & set(reading.answers)
    assert not set(reading.beside) & set(reading.answers)
    shy = {"shy", "shy_whole", "shy_part", "shy_date", "shy_country", "shy_order"}
    assert reading.declined <= {"one", "many", *shy}


READ = reader(Path(__file__).parent)
KNOWN: dict[str, Callable[[Any], bool]] = {
    "one": lambda value: value in ("yes", "no"),
    "plain": lambda value: value in ("yes", "no"),
    "many": lambda value: value and value == [n for n in ("a", "b", "none") if n in value],
    "scale": lambda value: value in range(4),
    "grid": lambda value: (
        value and set(value) <= {"r1", "r2"} and set(value.values()) <= {"x", "y"}
    ),
    "order": lambda value: (
        value and len(set(value)) == len(value) and set(value) <= {"p", "q", "s"}
    ),
    "line": lambda value: isinstance(value, str) and bool(value.strip()),
    "words": lambda value: isinstance(value, str) and bool(value.strip()),
    "shy": lambda value: isinstance(value, str) and bool(value.strip()),
    "whole": lambda value: type(value) is int,
    "free": lambda value: type(value) is int,
    "part": lambda value: float(value) is not None,
    "hours": lambda value: float(value) is not None,
    "pay": lambda value: float(value) is not None,
    "month": lambda value: 1900 <= int(value[:4]) <= 2100,
    "year": lambda value: 1900 <= int(value) <= 2100,
    "country": lambda value: len(value) == 2 and value.isupper(),
    "shy_order": lambda value: (
        value and len(set(value)) == len(value) and set(value) <= {"p", "shy_order"}
    ),
}
KNOWN["shy_date"] = KNOWN["month"]
KNOWN |= {f"shy_{name}": KNOWN[name] for name in ("whole", "part", "country")}
