"""Markdown of facilitators, rendered to HTML that can do no harm."""

from __future__ import annotations

from functools import lru_cache

import bleach.sanitizer
from markdown_it import MarkdownIt

_TAGS = frozenset({"p", "strong", "em", "ul", "ol", "li", "a", "br", "h2", "h3"})
_LEADS_OUT = ("https://", "mailto:", "tel:")


def _keeps_attribute(_tag: str, name: str, value: str) -> bool:
    """A link says where it leads in full: `/leave` or `//elsewhere` in a text is no address."""
    return name == "href" and value.lower().startswith(_LEADS_OUT)


_CLEANER = bleach.sanitizer.Cleaner(
    tags=_TAGS,
    attributes={"a": _keeps_attribute},
    protocols={"https", "mailto", "tel"},
    strip=True,
)
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


_LINK = "<a href="
_QUIET_LINK = '<a rel="noreferrer nofollow" href='
"""R67: a link out of the journey tells the other site nothing."""


def _clean(html: str) -> str:
    return str(_CLEANER.clean(html)).replace(_LINK, _QUIET_LINK)


@lru_cache(maxsize=4096)
def render_markdown(source: str) -> str:
    """Return `source` as safe HTML: no raw HTML, no images, links with `rel="noreferrer nofollow"`.

    The cache holds texts of definitions only; never pass anything that a person typed.
    """
    html = _MARKDOWN.render(source).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return _clean(html)


@lru_cache(maxsize=4096)
def render_inline(source: str) -> str:
    """Return one line of Markdown as safe HTML without a paragraph around it, for labels."""
    html = _MARKDOWN.renderInline(source)
    return _clean(html)
