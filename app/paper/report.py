"""A researchers' report as a PDF: the same blocks as the page, set to read and to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .typesetting import Sheet, typeset
from .words import Words


def print_report(
    title: str,
    about: str,
    child: Sequence[Mapping[str, Any]],
    blocks: Sequence[Mapping[str, Any]],
    words: Words,
) -> bytes:
    """Return a PDF of a report.

    Args:
        title: of the consultation; it stands on the first page and in the file.
        about: whose answers these are.
        child: the blocks of the version for children; it comes first, on pages of its own.
        blocks: all others. Each has a `kind` and what that kind needs: see `layouts/report.typ`.
        words: the language of the report.

    Raises `Unprintable` for a sign that no font has.
    """
    content = {"about": about, "child": list(child), "blocks": list(blocks)}
    return typeset(Sheet("report", title, content), words)
