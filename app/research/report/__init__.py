"""A report: what people said, in numbers that single nobody out."""

from __future__ import annotations

from .blocks import Block, Document
from .making import Made, make_reports
from .page import make_page
from .shares import Sentences
from .workbook import make_workbook

__all__ = [
    "Block",
    "Document",
    "Made",
    "Sentences",
    "make_page",
    "make_reports",
    "make_workbook",
]
