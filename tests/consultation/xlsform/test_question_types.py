"""Types, however they are written."""

from __future__ import annotations

import pytest

from app.consultation.xlsform.question_types import TypeCell, read_type

WRITTEN = {
    "select_one colours": TypeCell("select_one", "colours"),
    "Select one from colours": TypeCell("select_one", "colours"),
    "select_one\u00a0colours": TypeCell("select_one", "colours"),
    "select_one colours or_other": TypeCell("select_one", "colours", or_other=True),
    "select all that apply from x": TypeCell("select_multiple", "x"),
    "add select one prompt using x": TypeCell("select_one", "x"),
    "mc_multiple_button x": TypeCell("select_multiple", "x"),
    "slect_one x": TypeCell("select_one", "x", meant="slect_one"),
    "begingroup": TypeCell("begin_group", meant="begingroup"),
    "begin group": TypeCell("begin_group"),
    "END  GROUP": TypeCell("end_group"),
    "begin_kobo--matrix": TypeCell("begin_kobomatrix"),
    "number 0,100,1": TypeCell("integer", "0,100,1"),
    "number 0,1,0.1": TypeCell("decimal", "0,1,0.1"),
    "datetime": TypeCell("dateTime"),
    "text audit": TypeCell("audit"),
    "calculate ": TypeCell("calculate"),
    "start-geopoint": TypeCell("start-geopoint"),
    "photo": TypeCell("image"),
    "gibberish here": TypeCell("", "gibberish here"),
    "tex": TypeCell("", "tex"),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_type_is_understood(written: str) -> None:
    assert read_type(written) == WRITTEN[written]
