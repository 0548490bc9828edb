"""Consultations on paper: questionnaires, posters and cards as PDF. Pure."""

from __future__ import annotations

from .form import LARGEST_TYPE, SMALLEST_TYPE, Making, PrintedForm, print_form
from .help_sheets import Help
from .invitation import MOST_CARDS, Invitation, print_cards, print_poster
from .typesetting import Unprintable
from .words import MissingSentence

__all__ = [
    "LARGEST_TYPE",
    "MOST_CARDS",
    "SMALLEST_TYPE",
    "Help",
    "Invitation",
    "Making",
    "MissingSentence",
    "PrintedForm",
    "Unprintable",
    "print_cards",
    "print_form",
    "print_poster",
]
