"""The documentation says what the import does, table by table."""

from __future__ import annotations

from pathlib import Path

from app.consultation.xlsform.reference import tables, updated

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "xlsform.md"


def test_the_tables_are_those_of_the_program() -> None:
    """Else run: python -m app.consultation.xlsform.reference docs/xlsform.md"""
    text = DOCUMENTATION.read_text(encoding="utf-8")
    assert text == updated(text)
    assert tables() in text
