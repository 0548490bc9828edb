"""What an import says: gathered, so that a person can read it."""

from __future__ import annotations

import pytest

from app.consultation.xlsform import gathered, remarks
from app.consultation.xlsform.remarks import Remarks


def test_the_same_about_several_rows_is_said_once() -> None:
    # Given the same remark about some rows, twice about one of them
    said = Remarks()
    for row, name in ((9, "“d”"), (3, "“a”"), (4, "“b”"), (5, "“c”"), (3, "“a”")):
        said.left_out("survey", row, "start", "it records a time.", "Nothing.", name=name)
    said.changed("survey", 3, "start", "it records a time.")
    # When the remarks of this kind are gathered, then they are one line
    (line,) = gathered(said, "left_out")
    assert str(line) == (
        "survey, rows 3 to 5 and 9: start (“d”, “a”, “b”, “c”): it records a time. Nothing."
    )


def test_lines_come_sheet_by_sheet_and_row_by_row() -> None:
    said = Remarks()
    said.changed("survey", 7, "b", "x.")
    said.changed("choices", 2, "c", "x.")
    said.changed("survey", None, "a", "x.")
    assert [line.place for line in gathered(said, "changed")] == [
        *("survey", "survey, row 7", "choices, row 2")
    ]


def test_there_is_an_end_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remarks, "MANY_REMARKS", 3)
    said = Remarks()
    for row in range(10):
        said.changed("survey", row, "x", "y.")
    assert [remark.what for remark in said] == ["x", "x", "x", "much more"]
