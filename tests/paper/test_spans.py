"""Texts of facilitators as plain pieces: never code of the layout."""

from __future__ import annotations

import pytest

from app.paper.spans import inline_markdown, markdown, page_of, spans


def test_a_page_number_stands_inside_a_sentence() -> None:
    said = f"Go to page {page_of('end')}."

    assert spans(said) == [{"text": "Go to page "}, {"page": "end"}, {"text": "."}]


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("plain", [{"text": "plain"}]),
        ("a **b** c", [{"text": "a "}, {"text": "b", "bold": True}, {"text": " c"}]),
        ("*b*", [{"text": "b", "bold": True}]),
        ("[here](https://x.example/a)", [{"text": "here"}, {"text": " (x.example/a)"}]),
        ("<https://x.example>", [{"text": "https://x.example"}]),
        ("![a picture](x.png)", []),
        ("<b>bold</b>", [{"text": "<b>bold</b>"}]),
        ("#let x = [1]", [{"text": "#let x = [1]"}]),
    ],
)
def test_one_line_of_markdown(source: str, pieces: object) -> None:
    assert inline_markdown(source) == pieces


def test_paragraphs_lists_and_headings() -> None:
    blocks = markdown("# Title\n\nOne.\n\n- a\n- b\n  - c\n\n1. d\n\nTwo.", level=2)

    kinds = [(block["kind"], block.get("level"), block.get("numbered")) for block in blocks]
    assert kinds == [
        ("heading", 2, None),
        ("paragraph", None, None),
        ("list", None, False),
        ("list", None, True),
        ("paragraph", None, None),
    ]
    inner = blocks[2]["items"][1]
    assert [block["kind"] for block in inner] == ["paragraph", "list"]
    assert inner[1]["items"][0][0]["spans"] == [{"text": "c"}]
