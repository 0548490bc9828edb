"""The real journey in a browser while a facilitator writes; nothing of it is kept."""

from __future__ import annotations

from .application import make_preview
from .workbench import Workbench

__all__ = ["Workbench", "make_preview"]
