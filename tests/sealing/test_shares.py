"""Keys that several people hold together."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from app.sealing import (
    KeyFileError,
    PrivateKey,
    describe_share,
    join_shares,
    open_envelope,
    seal,
    split_key,
)

SEEDS = st.binary(min_size=32, max_size=32)


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return PrivateKey.generate()


@pytest.fixture(scope="module")
def sheets(key: PrivateKey) -> list[str]:
    return split_key(key, 3, 5)


def test_any_three_of_five_open_what_was_sealed(key: PrivateKey, sheets: list[str]) -> None:
    envelope = seal(b"{}", "c", [key.public_key("team")])

    for three in itertools.combinations(sheets, 3):
        assert open_envelope(envelope, "c", join_shares(three)) == b"{}"


def test_any_two_do_not(sheets: list[str]) -> None:
    for two in itertools.combinations(sheets, 2):
        with pytest.raises(KeyFileError, match=r"3 different sheets .* one more"):
            join_shares(two)


def test_one_sheet_twice_is_one_sheet(sheets: list[str]) -> None:
    with pytest.raises(KeyFileError, match="and 2 were given"):
        join_shares([sheets[0], sheets[1], sheets[0]])


def test_all_five_do_as_well_in_any_order(key: PrivateKey, sheets: list[str]) -> None:
    assert join_shares(sheets[::-1]).seed == key.seed


@settings(max_examples=15)
@given(SEEDS, st.integers(2, 5), st.integers(0, 3))
def test_splitting_and_joining_gives_the_same_key(seed: bytes, threshold: int, more: int) -> None:
    made = split_key(PrivateKey.from_seed(seed), threshold, threshold + more)

    assert join_shares(made[more:]).seed == seed
    assert [describe_share(sheet).place for sheet in made] == [*range(1, threshold + more + 1)]
    assert {describe_share(sheet).threshold for sheet in made} == {threshold}


def test_a_word_that_is_not_in_the_list_is_named_with_a_near_one(sheets: list[str]) -> None:
    words = sheets[1].split()
    right = words[11]
    words[11] = right[:4] + "zzz"

    with pytest.raises(KeyFileError, match=rf"Sheet 2, word 12: .*Is it “{right}”"):
        join_shares([sheets[0], " ".join(words), sheets[2]])


@pytest.mark.parametrize("place", [0, 5, 20, 32])
def test_another_word_of_the_list_names_the_sheet(sheets: list[str], place: int) -> None:
    words = sheets[2].split()
    words[place] = next(word for word in WORDLIST if word != words[place])

    with pytest.raises(KeyFileError, match="Sheet 3: each word is in the list"):
        join_shares([sheets[0], sheets[1], " ".join(words)])


def test_words_that_changed_places_are_noticed(sheets: list[str]) -> None:
    words = sheets[0].split()
    words[8], words[9] = words[9], words[8]

    with pytest.raises(KeyFileError, match="changed places"):
        join_shares([" ".join(words), *sheets[1:3]])


def test_a_missing_word_is_counted(sheets: list[str]) -> None:
    with pytest.raises(KeyFileError, match="Sheet 1 has 32 words"):
        join_shares([" ".join(sheets[0].split()[1:]), *sheets[1:3]])


def test_sheets_of_different_splits_are_told_apart(key: PrivateKey, sheets: list[str]) -> None:
    other = split_key(key, 3, 5)

    with pytest.raises(KeyFileError, match="different splits"):
        join_shares([sheets[0], other[1], sheets[2]])


def test_numbers_lines_and_capitals_as_on_a_sheet_are_read(
    key: PrivateKey, sheets: list[str]
) -> None:
    printed = ["\n".join(f"{n}. {w.upper()}" for n, w in enumerate(s.split(), 1)) for s in sheets]

    assert join_shares(printed[:3]).seed == key.seed


@pytest.mark.parametrize(("threshold", "shares"), [(1, 1), (1, 3), (4, 3), (2, 17), (0, 0)])
def test_what_is_no_sharing_is_refused(key: PrivateKey, threshold: int, shares: int) -> None:
    with pytest.raises(KeyFileError, match="is not possible"):
        split_key(key, threshold, shares)


def test_no_words_are_no_key() -> None:
    with pytest.raises(KeyFileError, match="No words"):
        join_shares([])
    with pytest.raises(KeyFileError, match="0 words"):
        join_shares([""])
