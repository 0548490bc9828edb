"""Disclosure control: which counts may be printed so that nobody can be singled out."""

from __future__ import annotations

from .publication import Publication, Sum
from .rules import NO_RULES, Rules, RulesError, read_rules
from .suppression import FLOOR, THRESHOLD, possible_range, suppress

__all__ = [
    "FLOOR",
    "NO_RULES",
    "THRESHOLD",
    "Publication",
    "Rules",
    "RulesError",
    "Sum",
    "possible_range",
    "read_rules",
    "suppress",
]
