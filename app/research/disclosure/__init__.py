"""Disclosure control: which counts may be printed so that nobody can be singled out."""

from __future__ import annotations

from .suppression import FLOOR, THRESHOLD, Publication, Sum, possible_range, suppress

__all__ = [
    "FLOOR",
    "THRESHOLD",
    "Publication",
    "Sum",
    "possible_range",
    "suppress",
]
