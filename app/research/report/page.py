"""A report as one page: it needs no script and loads nothing."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .blocks import Chart, Document
from .shares import Sentences

_LINE: Final = 22  # pixels from one line of a chart to the next
_LETTERS: Final = 34  # letters of a line, on a screen of 320 pixels
_GAP: Final = 16  # pixels between bars


@dataclass(frozen=True)
class _Line:
    text: str
    y: int


@dataclass(frozen=True)
class _DrawnBar:
    lines: tuple[_Line, ...]
    y: int
    x: int
    percent: int | None


@dataclass(frozen=True)
class _DrawnChart:
    id: int
    height: int
    start: str
    bars: tuple[_DrawnBar, ...]


def make_page(document: Document, words: Sentences) -> str:
    """Return the HTML of a report."""
    environment = Environment(
        loader=PackageLoader("app.research.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    numbers = count(1)

    def draw(chart: Chart) -> _DrawnChart:
        return _drawn(chart, next(numbers), document.direction)

    style, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]
    page: Any = environment.get_template("report.html")
    rendered: str = page.render(
        doc=document,
        _=words.gettext,
        draw=draw,
        style=Markup(style),  # noqa: S704 - our own file
    )
    return rendered


def _drawn(chart: Chart, number: int, direction: str) -> _DrawnChart:
    """Where everything of a chart stands: the label in lines, the bar under it.

    Widths are shares of the page, so letters keep the reader's size on every screen.
    """
    bars = []
    y = 0
    for bar in chart.bars:
        lines = textwrap.wrap(f"{bar.label}: {bar.said}", _LETTERS) or [""]
        placed = tuple(_Line(line, y + 16 + i * _LINE) for i, line in enumerate(lines))
        below = y + len(lines) * _LINE + 2
        drawn = bar.percent is not None
        x = 100 - (bar.percent or 0) if direction == "rtl" else 0
        bars.append(_DrawnBar(placed, below, x, bar.percent))
        y = below + (14 if drawn else 0) + _GAP
    return _DrawnChart(number, y, "100%" if direction == "rtl" else "0", tuple(bars))
