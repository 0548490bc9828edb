"""A report: what people said, in numbers that single nobody out."""

from __future__ import annotations

from .blocks import Block, Chart, Document
from .drawing import draw_for_print
from .making import Made, make_reports
from .page import make_page
from .shares import Sentences
from .workbook import make_workbook

__all__ = [
    "Block",
    "Chart",
    "Document",
    "Made",
    "Sentences",
    "draw_for_print",
    "make_page",
    "make_reports",
    "make_workbook",
]
