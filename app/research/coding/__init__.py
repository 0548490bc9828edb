"""Coding: sorting free text under themes, by two people who do not see each other's work."""

from __future__ import annotations

from .agreement import Agreement, kappa
from .decisions import Decision, DecisionLog, Key, check_coder, coders_in
from .merging import Coding, write_coding
from .suggestions import suggested
from .texts import CodedText, Question, TextsError, read_texts
from .themes import Theme, ThemeBook, load_themes

__all__ = [
    "Agreement",
    "CodedText",
    "Coding",
    "Decision",
    "DecisionLog",
    "Key",
    "Question",
    "TextsError",
    "Theme",
    "ThemeBook",
    "check_coder",
    "coders_in",
    "kappa",
    "load_themes",
    "read_texts",
    "suggested",
    "write_coding",
]
