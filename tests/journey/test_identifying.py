from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journey import find_identifying


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("write to ama.mensah+1@example.org please", ["ama.mensah+1@example.org"]),
        ("AMA@EXAMPLE.CO.UK", ["AMA@EXAMPLE.CO.UK"]),
        ("see https://example.org/me?x=1 and www.example.org", ["https://example.org/me?x=1"]),
        ("I am @ama_m online", ["@ama_m"]),
        ("call 024 555 0123", ["024 555 0123"]),
        ("call +233-24-555-0123 or (024) 555.0123", ["+233-24-555-0123", "024) 555.0123"]),
        ("رقمي 0245550123 هنا", ["0245550123"]),
        ("رقمي ٠٢٤٥٥٥٠١٢٣ هنا", ["٠٢٤٥٥٥٠١٢٣"]),
    ],
)
@pytest.mark.requirement("R72")
def test_words_that_could_show_who_somebody_is_are_marked(text: str, marked: list[str]) -> None:
    found = [piece.text for piece in find_identifying(text) if piece.marked]

    assert found[: len(marked)] == marked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing here",
        "I was 13 in 2021, and 3 of 10 said so",
        "2 or 3 times @ home",
        "they should answer within 24 hours, 100%",
        "from 1999 to 2005",
    ],
)
@pytest.mark.requirement("R72")
def test_ordinary_words_are_not_marked(text: str) -> None:
    assert find_identifying(text) == []


@given(st.text(alphabet="ab @.0123456789+-()https:/www\nक", max_size=300))
def test_the_pieces_together_are_the_text(text: str) -> None:
    pieces = find_identifying(text)

    assert "".join(piece.text for piece in pieces) == (text if pieces else "")
    assert not pieces or any(piece.marked for piece in pieces)


@pytest.mark.parametrize(
    "text", ["1" * 10_000, "a." * 5_000, "@" * 10_000, "a@" * 5_000, "1 -" * 3_000]
)
def test_the_longest_text_takes_no_time_to_look_through(text: str) -> None:
    before = time.process_time()

    find_identifying(text)

    assert time.process_time() - before < 1
