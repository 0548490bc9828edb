"""Words of one person in a text for everybody: found however they are spelt, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.echoes import EVERYBODYS, SHORTEST, WORDS, Echoes

SAID = "I told my teacher, and she laughed at me in front of everybody."


@pytest.mark.requirement("R97")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Somebody told us: SHE LAUGHED at me – in front of all.", "she laughed at me in front of"),
        (SAID, "i told my teacher and she laughed at me in front of everybody"),
        ("she laughed at me.", ""),
        ("Many of you were laughed at.", ""),
        ("", ""),
    ],
)
def test_what_is_found(text: str, found: str) -> None:
    assert Echoes([SAID]).in_text(text) == found


def test_a_short_text_is_found_where_it_stands_whole() -> None:
    echoes = Echoes(["Nobody came to help.", "मलाई कसैको भरोसा छैन।", "More police"])

    assert echoes.in_text("You said that nobody came to help, and waited.") == "nobody came to help"
    assert echoes.in_text("कसैले भन्यो: मलाई कसैको भरोसा छैन") == "मलाई कसैको भरोसा छैन"
    assert echoes.in_text("You want more police.") == ""  # what anybody says


def test_what_ten_people_wrote_is_no_one_persons() -> None:
    said = "There is nobody at night"

    assert Echoes([said] * (EVERYBODYS - 1)).in_text(said) != ""
    assert Echoes([said] * EVERYBODYS).in_text(said) == ""
    assert Echoes([" / ".join([said] * 20)]).in_text(said) != ""  # one person, often


WORD = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(WORD, min_size=WORDS, max_size=20), st.lists(WORD, max_size=20), st.data())
def test_whatever_is_copied_is_found(
    said: list[str], around: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(said) - WORDS))
    copied = said[start : start + WORDS]

    found = Echoes([" ".join(said)]).in_text(" ".join([*around, *copied, *around]))

    assert len(found.split()) >= WORDS


@given(st.lists(WORD, max_size=12), st.lists(WORD, max_size=12))
def test_what_is_found_was_written(said: list[str], text: list[str]) -> None:
    found = Echoes([" ".join(said)]).in_text(" ".join(text)).split()

    assert not found or len(found) >= min(len(said), WORDS) >= SHORTEST
    written = [said[at : at + length] for length in (SHORTEST, WORDS) for at in range(len(said))]
    for place in range(len(found)):
        around = [
            found[at : at + length]
            for length in (SHORTEST, WORDS)
            for at in range(place + 1)
            if at + length > place
        ]
        assert any(run in written for run in around)
