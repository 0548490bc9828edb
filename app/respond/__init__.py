"""The journey of a person answering, as web pages."""

from __future__ import annotations

from .blueprints import STATIC, TEMPLATES, init_respond, not_found, session_language
from .session import begin, open_to
from .site import EXTENSION, Site

__all__ = [
    "EXTENSION",
    "STATIC",
    "TEMPLATES",
    "Site",
    "begin",
    "init_respond",
    "not_found",
    "open_to",
    "session_language",
]
