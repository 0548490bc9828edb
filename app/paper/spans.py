"""Texts as the typesetter takes them: pieces of plain words, never code of the layout.

A span is `{"text": words}`, `{"text": words, "bold": true}`, `{"break": true}` for a new line, or
`{"page": label}` for the number of the page on which that label stands. A block is a dict with
`kind`; the layouts in `layouts/` know each kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

Span: TypeAlias = dict[str, Any]
Block: TypeAlias = dict[str, Any]

# Private-use signs keep a page's label apart inside a sentence that a catalogue gave.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PAGE = re.compile(f"{_OPEN}(.+?){_CLOSE}")

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def page_of(label: str) -> str:
    """Return what stands in a sentence for the page number of a label."""
    return f"{_OPEN}{label}{_CLOSE}"


def spans(sentence: str, *, bold: bool = False) -> list[Span]:
    """Return the pieces of a sentence; page numbers are put in where `page_of` stands."""
    found: list[Span] = []
    for index, piece in enumerate(_PAGE.split(sentence)):
        if piece:
            found.append({"page": piece} if index % 2 else _words(piece, bold))
    return found


def _words(text: str, bold: bool) -> Span:
    return {"text": text, "bold": True} if bold else {"text": text}


def paragraph(sentence: str, style: str = "plain") -> Block:
    """Return a paragraph; style is one of plain, lead, hint and strong."""
    return {"kind": "paragraph", "style": style, "spans": spans(sentence)}


def heading(sentence: str, level: int) -> Block:
    """Return a heading of level 1, 2 or 3."""
    return {"kind": "heading", "level": level, "spans": spans(sentence)}


def bullets(items: Sequence[Sequence[Block]]) -> Block:
    """Return a list; each item is some blocks."""
    return {"kind": "list", "items": [list(item) for item in items]}


def inline_markdown(source: str) -> list[Span]:
    """Return one line of a facilitator's Markdown as spans."""
    tokens = _MARKDOWN.parseInline(source)
    return list(_inline(tokens[0].children or []))


def markdown(source: str, level: int = 2) -> list[Block]:
    """Return a facilitator's Markdown as blocks; its own headings get this level."""
    return list(_blocks(iter(_MARKDOWN.parse(source)), level, ""))


def _blocks(tokens: Iterator[Token], level: int, until: str) -> Iterator[Block]:
    kind, spans_so_far = "paragraph", list[Span]()
    for token in tokens:
        if token.type == until:
            return
        if token.type in ("bullet_list_open", "ordered_list_open"):
            yield _list(tokens, level, token.type)
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type in ("inline", "code_block", "fence"):
            children = token.children if token.type == "inline" else [token]
            spans_so_far = list(_inline(children or []))
            yield (
                {"kind": "heading", "level": level, "spans": spans_so_far}
                if kind == "heading"
                else {"kind": "paragraph", "style": "plain", "spans": spans_so_far}
            )
            kind = "paragraph"


def _list(tokens: Iterator[Token], level: int, opened: str) -> Block:
    items: list[Sequence[Block]] = []
    for token in tokens:
        if token.type == opened.replace("open", "close"):
            break
        items.append(list(_blocks(tokens, level, "list_item_close")))
    return {**bullets(items), "numbered": opened.startswith("ordered")}


def _inline(tokens: Sequence[Token]) -> Iterator[Span]:
    """Words and line breaks; emphasis is bold, and an address is written out after its words."""
    bold, address = 0, ""
    words_of_link = ""
    for token in tokens:
        if token.type in ("strong_open", "em_open"):
            bold += 1
        elif token.type in ("strong_close", "em_close"):
            bold -= 1
        elif token.type == "link_open":
            address, words_of_link = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close":
            shown = re.sub(r"^(https?://|mailto:|tel:)", "", address)
            if shown and shown != re.sub(r"^https?://", "", words_of_link):
                yield _words(f" ({shown})", bold > 0)
        elif token.type == "hardbreak":
            yield {"break": True}
        elif token.type != "image":
            text = " " if token.type == "softbreak" else token.content
            words_of_link += text
            if text:
                yield _words(text, bold > 0)
