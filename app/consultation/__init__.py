"""Consultations as data: the model, the loader, expressions and texts. Pure."""

from __future__ import annotations

from .expressions import evaluate, parse_expression
from .findings import DefinitionErrors, Finding
from .loader import load_definition, load_definition_file
from .markdown import render_inline, render_markdown
from .model import Definition, Page, definition_from_json
from .outcomes import Outcome, Reply, by_area, reply_from_json
from .questions import choices_of
from .texts import text_in

__all__ = [
    "Definition",
    "DefinitionErrors",
    "Finding",
    "Outcome",
    "Page",
    "Reply",
    "by_area",
    "choices_of",
    "definition_from_json",
    "evaluate",
    "load_definition",
    "load_definition_file",
    "parse_expression",
    "render_inline",
    "render_markdown",
    "reply_from_json",
    "text_in",
]
