"""A report as one page: it needs no script and loads nothing."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .blocks import Chart, Document
from .drawing import Fonts, draw_for_page
from .shares import Sentences


def make_page(document: Document, words: Sentences, fonts: Fonts) -> str:
    """Return the HTML of a report.

    Args:
        document: what it says.
        words: Heard's own sentences in its language.
        fonts: font files to measure the letters of charts with. None of them is in the page.
    """
    environment = Environment(
        loader=PackageLoader("app.research.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )

    def draw(chart: Chart) -> Markup:
        return Markup(draw_for_page(chart, document.direction, fonts))  # noqa: S704 - made as XML

    style, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]
    page: Any = environment.get_template("report.html")
    rendered: str = page.render(
        doc=document,
        _=words.gettext,
        draw=draw,
        style=Markup(style),  # noqa: S704 - our own file
    )
    return rendered
