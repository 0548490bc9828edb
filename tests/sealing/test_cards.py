"""Codes of cards: enough of them, easy to type, and known again however they are typed."""

from __future__ import annotations

import hashlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sealing import card_tag, new_card_code
from app.sealing.cards import SIGNS

CODE = "bcdf-ghjk-mprs-twx3"
codes = st.builds(new_card_code)


def test_a_code_has_four_groups_of_signs_that_cannot_be_confused() -> None:
    for _ in range(100):
        groups = new_card_code().split("-")

        assert [len(group) for group in groups] == [4] * 4
        assert set("".join(groups)) <= set(SIGNS)
    assert not set(SIGNS) & set("aeiou01ln25689qvy")
    assert len(set(SIGNS)) == len(SIGNS)
    assert 16 * math.log2(len(SIGNS)) > 67


def test_every_sign_comes_about_as_often() -> None:
    signs = "".join(new_card_code().replace("-", "") for _ in range(2000))

    for sign in SIGNS:
        # 1684 on average; seven standard deviations to each side
        assert 1400 < signs.count(sign) < 1970, sign


@pytest.mark.parametrize(
    "typed",
    [
        "BCDF-GHJK-MPRS-TWX3",
        "bcdf ghjk mprs twx3",
        "bcdfghjkmprstwx3",
        "  bcdf\u2011ghjk\u2014mprs.twx3\n",
        "ｂｃｄｆ－ｇｈｊｋ－ｍｐｒｓ－ｔｗｘ３",
        "6cd" + "f-9hjk-mpr5-twx3",
        "8cdf-qhjk-mprs-twx3",
    ],
)
def test_a_code_is_known_again_however_it_is_typed(typed: str) -> None:
    assert card_tag(typed) == card_tag(CODE)


@given(codes, codes)
def test_two_codes_have_two_hashes(one: str, other: str) -> None:
    assert (card_tag(one) == card_tag(other)) == (one == other)


@pytest.mark.parametrize(
    "typed", ["", "bcd2fg", CODE[:-1], CODE + "b", "bcdf-ghjk-mprs-twxa", "é" * 16, "…", "ß" * 16]
)
def test_what_is_no_code_of_a_card_has_no_hash(typed: str) -> None:
    assert card_tag(typed) is None


def test_what_is_kept_is_the_hash_of_the_bare_signs() -> None:
    """Codes on paper must go on working."""
    assert card_tag(CODE) == hashlib.sha256(b"heard/card/1\0bcdfghjkmprstwx3").digest()
