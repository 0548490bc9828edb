"""Consultations on paper: questionnaires, posters and cards as PDF. Pure."""

from __future__ import annotations

from .form import LARGEST_TYPE, SMALLEST_TYPE, Making, PrintedForm, print_form
from .help_sheets import Help
from .invitation import MOST_CARDS, Invitation, print_cards, print_poster
from .key_sheets import KeySheets, print_key_sheet, text_of_key_sheet
from .reply import print_reply
from .report import print_report
from .typesetting import FONTS, Unprintable
from .words import MissingSentence, Words

__all__ = [
    "FONTS",
    "LARGEST_TYPE",
    "MOST_CARDS",
    "SMALLEST_TYPE",
    "Help",
    "Invitation",
    "KeySheets",
    "Making",
    "MissingSentence",
    "PrintedForm",
    "Unprintable",
    "Words",
    "print_cards",
    "print_form",
    "print_key_sheet",
    "print_poster",
    "print_reply",
    "print_report",
    "text_of_key_sheet",
]
