"""What keeps a form from being read at all."""

from __future__ import annotations


class FormError(Exception):
    """The file cannot be read as a form; the message tells a facilitator what to do."""
