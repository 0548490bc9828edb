"""Two hundred broken samples and more: each gets a located message in under a second."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.consultation.checker import RULES
from tests.complete import COMPLETE, check

from .mutations import TEXTS, Broken, all_broken

BROKEN = list(all_broken())
SECOND = 1.0  # of processor time: other programs on the machine do not count


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 200
    assert len({broken.text for broken in BROKEN}) == len(BROKEN)


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_definition_is_told_where_and_why(broken: Broken) -> None:
    began = time.process_time()
    found = check(broken.text).findings
    took = time.process_time() - began

    fitting = [
        finding
        for finding in found
        if finding.rule in broken.rules
        and finding.line == broken.line
        and broken.column in (0, finding.column)
        and broken.says in finding.message
    ]
    assert fitting, found
    assert took < SECOND


def located(text: str) -> None:
    """Every finding is one of the rules, in a line that the text has."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in check(text).findings:
        assert finding.rule in RULES
        assert 1 <= finding.line <= len(lines) + 1
        assert finding.column >= 1
        assert finding.message


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    located(text)


@given(st.text(alphabet="abc:-[]{}&*!|>'\"#%@`\n ,?~0${}=\t"))
def test_any_yaml_gets_an_answer(text: str) -> None:
    located(text)


_SAMPLE_TEXTS = st.sampled_from([COMPLETE, *TEXTS.values()])
_PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["- ", ": ", "\n", "  ", '"', "'", "[", "{", "]", "}", "no", "${x}", "null"]),
)


@settings(max_examples=40, deadline=None)
@given(_SAMPLE_TEXTS, st.data())
def test_a_sample_with_pieces_exchanged_gets_an_answer(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 40))
        text = text[:start] + data.draw(_PIECES) + text[start + length :]
    located(text)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_lines_in_another_order_get_an_answer(data: st.DataObject) -> None:
    lines = COMPLETE.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        taken = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
        for _ in range(data.draw(st.integers(0, 2))):
            lines.insert(data.draw(st.integers(0, len(lines))), taken)
    located("".join(lines))
