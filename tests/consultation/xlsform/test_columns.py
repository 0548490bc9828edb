"""Headings, however they are written."""

from __future__ import annotations

import pytest

from app.consultation.xlsform.columns import read_heading

WRITTEN = {
    "label": ("label", ""),
    " Label* ": ("label", ""),
    "label::English (en)": ("label", "English (en)"),
    "LABEL :: Français": ("label", "Français"),
    "label:english": ("label", "english"),
    "label_fr": ("label", "fr"),
    "Label (French)": ("label", "French"),
    "constraint message:spanish": ("constraint_message", "spanish"),
    "media:image:english": ("image", "english"),
    "media::audio::chinese": ("audio", "chinese"),
    "image": ("image", ""),
    "relevance": ("relevant", ""),
    "bind:relevant": ("relevant", ""),
    "bind::jr:constraintMsg": ("constraint_message", ""),
    "showif": ("relevant", ""),
    "read only": ("read_only", ""),
    "list name": ("list_name", ""),
    "kobo--matrix_list": ("kobo::matrix_list", ""),
    "heard::why::English (en)": ("heard::why", "English (en)"),
    "heard_alt_pt-BR": ("heard::alt", "pt_br"),
    "heard_exclusive": ("heard::exclusive", ""),
    "$given_name": ("$given_name", ""),
    "label_count": ("label_count", ""),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_heading_is_understood(written: str) -> None:
    heading = read_heading(written)
    assert (heading.key, heading.language) == WRITTEN[written]
