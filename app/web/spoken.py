"""Which languages Heard's own sentences are written in: for whoever needs no web server to ask."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("en", "fr", "es", "ar", "pt", "ne", "bn", "sw")
"""Tags of the languages that the interface speaks; the first is used when none fits."""
