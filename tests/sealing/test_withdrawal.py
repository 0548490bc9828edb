from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sealing import new_withdrawal_code, withdrawal_tag
from app.sealing.withdrawal import WORDS

CODE = "aardvark zucchini velvet lantern giraffe jigsaw"

codes = st.lists(st.sampled_from(WORDS), min_size=6, max_size=6).map(" ".join)
between = st.sampled_from(
    [
        " ", "  ", "\n", "\r\n", "\t", "-", " - ", ", ", ".", "…", "_", "/", " 3. ", "\u00a0",
        "\u3000", "\u2009", "\u2011", "\u2014", "\u200b", "\u200e", "\u2028", "•", "“", "’", "",
    ]
)  # fmt: skip


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in text)


STYLES: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.title,
    full_width,
    lambda text: full_width(text.upper()),
]


def test_the_words_are_enough_and_plain() -> None:
    assert len(WORDS) == len(set(WORDS)) == 7776
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)
    assert 6 * math.log2(len(WORDS)) > 77


def test_no_word_begins_another() -> None:
    """Sorted, a word would stand right before the words it begins."""
    assert [pair for pair in pairwise(sorted(WORDS)) if pair[1].startswith(pair[0])] == []


def test_the_words_have_not_changed() -> None:
    """Codes on paper must go on working: see words-source.txt before changing this."""
    listed = "".join(f"{word}\n" for word in WORDS)
    assert hashlib.sha256(listed.encode()).hexdigest() == (
        "370b60add97c5d09cd0d6899dd69b1226d58484b82cc0a250207e45f18178a9b"
    )


def test_a_code_is_six_words_with_single_spaces() -> None:
    for _ in range(100):
        words = new_withdrawal_code().split(" ")
        assert len(words) == 6
        assert set(words) <= set(WORDS)


def test_codes_are_not_predicted_by_a_seed() -> None:
    drawn = set()
    for _ in range(50):
        random.seed(1)
        drawn.add(new_withdrawal_code())
    assert len(drawn) == 50


def test_every_word_can_come_up() -> None:
    """12,000 words of 7,776: about 79 in 100 of them turn up, the first and last ones too."""
    seen = {word for _ in range(2000) for word in new_withdrawal_code().split(" ")}
    assert 5800 < len(seen) < 6500
    assert seen & set(WORDS[:40])
    assert seen & set(WORDS[-40:])


def test_the_tag_is_that_of_the_format() -> None:
    expected = hashlib.sha256(b"heard/withdraw/1\0safer-internet\0" + CODE.encode()).digest()
    assert withdrawal_tag("safer-internet", CODE) == expected


@given(code=codes, data=st.data())
def test_however_it_is_typed_the_tag_is_the_same(code: str, data: st.DataObject) -> None:
    typed = data.draw(between)
    for word in code.split(" "):
        typed += data.draw(st.sampled_from(STYLES))(word) + data.draw(between)

    assert withdrawal_tag("c", typed) == withdrawal_tag("c", code)


def test_every_word_is_found_again_without_any_space() -> None:
    for start in range(0, len(WORDS), 6):
        code = " ".join(WORDS[start : start + 6])
        assert withdrawal_tag("c", code.replace(" ", "")) == withdrawal_tag("c", code)


@pytest.mark.parametrize(
    "typed",
    [
        "AARDVARK ZUCCHINI VELVET LANTERN GIRAFFE JIGSAW",
        "Aardvark  zucchini   velvet lantern giraffe jigsaw ",
        "aardvark-zucchini-velvet-lantern-giraffe-jigsaw",
        "aardvark, zucchini, velvet, lantern, giraffe, jigsaw.",
        "aardvark\nzucchini\nvelvet\nlantern\ngiraffe\njigsaw\n",
        "1. aardvark 2. zucchini 3. velvet 4. lantern 5. giraffe 6. jigsaw",
        "aardvarkzucchinivelvetlanterngiraffejigsaw",
        "aard vark zucchini velvet lan-\ntern giraffe jigsaw",
        "aardvark\u3000zucchini\u00a0velvet\u3000lantern\u3000giraffe\u3000jigsaw",
        "\u200faardvark zucchini velvet lantern giraffe jigsaw\u200f",
        "AARDVARK ZUCCHİNİ VELVET LANTERN GİRAFFE JİGSAW",  # a Turkish keyboard's capitals
        "aardvárk zucchini velvet lantern giraffe jigsaw",
    ],
)
def test_it_is_taken_as_people_type_it(typed: str) -> None:
    assert withdrawal_tag("c", typed) == withdrawal_tag("c", CODE)


@given(code=codes, place=st.integers(0, 5), other=st.sampled_from(WORDS))
def test_another_word_is_another_tag(code: str, place: int, other: str) -> None:
    words = code.split(" ")
    if words[place] != other:
        words[place] = other
        assert withdrawal_tag("c", " ".join(words)) != withdrawal_tag("c", code)


@given(code=codes)
def test_another_order_and_another_consultation_are_other_tags(code: str) -> None:
    words = code.split(" ")
    if words != words[::-1]:
        assert withdrawal_tag("c", " ".join(words[::-1])) != withdrawal_tag("c", code)
    assert withdrawal_tag("d", code) != withdrawal_tag("c", code)


def test_words_outside_the_list_keep_their_places() -> None:
    """A code from a list that has changed since must still match what was stored."""
    expected = hashlib.sha256(b"heard/withdraw/1\0c\0qqone qqtwo").digest()
    assert withdrawal_tag("c", " QQone,  qqTWO ") == expected
    assert withdrawal_tag("c", "qqo neqqtwo") != expected


@given(typed=st.text(max_size=200))
def test_anything_typed_has_a_tag(typed: str) -> None:
    assert len(withdrawal_tag("c", typed)) == 32
