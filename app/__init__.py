"""Heard: anonymous, trauma-informed consultations."""

from __future__ import annotations
