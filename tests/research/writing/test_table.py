"""The table in pieces is the table."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.research.writing.table import whole_lines

CELLS = st.text(st.sampled_from('",\r\na✓'), max_size=6)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=8), st.integers(1, 40))
def test_no_row_is_cut_or_left_out(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], at_once: int
) -> None:
    path = tmp_path_factory.mktemp("table") / "responses.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["one", "two"], *rows])

    pieces = [piece.decode() for piece in whole_lines(path, at_once)]

    read = [row for piece in pieces for row in csv.reader(io.StringIO(piece, newline=""))]
    assert read == rows
