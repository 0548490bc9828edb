"""The form of the pages that researchers read: plain HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from babel import Locale

_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 2rem auto;
  max-width: 52rem; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; border-top: 1px solid #767676; padding-top: 1rem; }
h1, h2, h3, p { overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: 0.5rem 0 1rem; }
table { border-collapse: collapse; }
caption { text-align: start; font-weight: bold; padding: 0.25rem 0; }
th, td { border: 1px solid #949494; padding: 0.25rem 0.6rem; text-align: start; vertical-align: top;
  min-width: 3rem; max-width: 24rem; }
th { background: #f2f2f2; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
td code { overflow-wrap: normal; }
blockquote { margin: 0 0 1.25rem; padding: 0.25rem 1rem; border-inline-start: 4px solid #5b6b7b;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.id { color: #595959; font-size: 0.85rem; }
.note { border: 2px solid #5b4a00; background: #fff8e1; padding: 0.75rem 1rem; }
.pause { margin: 2.5rem 0; padding: 1rem; border-block: 2px solid #2f5d50; background: #edf5f2; }
mark { background: #ffe08a; outline: 1px solid #5b4a00; }
@media print { h2 { break-after: avoid; } blockquote, tr { break-inside: avoid; }
  .wide { overflow: visible; } th, td { min-width: 0; overflow-wrap: anywhere; } }
"""


def page(title: str, body: Iterable[str]) -> Iterator[str]:
    """Yield a whole page around its body; its own words are English."""
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
    yield from body
    yield "</main>\n</body>\n</html>\n"


def in_language(text: str, language: str, tag: str = "span") -> str:
    """Return a text of the consultation, marked with its language and direction."""
    direction = Locale.parse(language, sep="-").text_direction
    return f'<{tag} lang="{escape(language)}" dir="{direction}">{escape(text)}</{tag}>'


def table(caption: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table of cells that are HTML already."""
    yield '<div class="wide" tabindex="0" role="group"'
    yield f' aria-label="{escape(caption)}">\n<table>\n'
    yield f"<caption>{escape(caption)}</caption>\n<thead><tr>"
    yield from (f'<th scope="col">{escape(each)}</th>' for each in head)
    yield "</tr></thead>\n<tbody>\n"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"
