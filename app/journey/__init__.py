"""The journey of a person answering, as pure functions: no Flask, no database, no clock."""

from __future__ import annotations

from .choices import pipe
from .draft import Draft
from .path import Path, Step, find_path, unmet_constraints
from .progress import (
    PageAnswers,
    choose_age,
    decide_warning,
    finish_page,
    give_consent,
    leave_out,
    mark_done,
    remove_answer,
    skip_page,
    store_page,
)
from .response import response_document
from .tabs import OpenedPage, state_of, store_in_turn

__all__ = [
    "Draft",
    "OpenedPage",
    "PageAnswers",
    "Path",
    "Step",
    "choose_age",
    "decide_warning",
    "find_path",
    "finish_page",
    "give_consent",
    "leave_out",
    "mark_done",
    "pipe",
    "remove_answer",
    "response_document",
    "skip_page",
    "state_of",
    "store_in_turn",
    "store_page",
    "unmet_constraints",
]
