"""The page itself: every language, nothing loaded, what a screen reader needs."""

from __future__ import annotations

import re

import pytest

from app import paper
from app.research.disclosure import NO_RULES
from app.research.opened import open_data_set
from app.research.report import make_page, make_reports

from .conftest import Run

LANGUAGES = ("en", "fr", "es", "pt", "ar", "ne", "bn", "sw")


def page_in(run: Run, language: str) -> str:
    words = paper.Words(language)
    made = make_reports(open_data_set(run.data), NO_RULES, words, threshold=10)
    return make_page(made.everybody, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_fixed_sentences(pair: Run, language: str) -> None:
    page = page_in(pair, language)

    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    parts = re.findall(r"<h2[^>]*>(.+?)</h2>", page)
    assert len(parts) >= 8
    if language in ("ar", "ne", "bn"):
        assert not [part for part in parts if re.search("[A-Za-z]", part)]


def test_the_page_loads_nothing_and_says_what_each_chart_shows(countries: Run) -> None:
    for page in countries.pages.values():
        assert not re.findall(r"<(?:script|link|img|iframe|object)|url\(|@import|https?:", page)
        assert "default-src 'none'" in page
        charts = re.findall(r'<svg role="img" aria-labelledby="([^"]+)"', page)
        assert charts
        for chart in charts:
            assert len(re.findall(f'id="{chart}">.', page)) == 1
        assert len(re.findall("<table>", page)) == len(re.findall("<caption>.", page))
        assert not re.search("<th>", page)
        identities = re.findall(r' id="([^"]+)"', page)
        assert len(identities) == len(set(identities))
        for link in re.findall(r'href="#([^"]+)"', page):
            assert link in identities


def test_a_bar_is_as_long_as_its_share_and_what_is_hidden_has_none(countries: Run) -> None:
    page = countries.pages[""]
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        said = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
        shares = re.findall(r"(\d+)% \(", said)
        assert re.findall(r'<rect class="bar"[^>]* width="(\d+)%"', svg) == shares


def test_children_come_first_and_read_only_what_is_printed_below(children: Run) -> None:
    page = children.pages[""]
    first, rest = page.split("</section>", 1)
    assert "For children and young people" in first
    told = re.findall(r"<li>(\d+) of (\d+) said: (.+?)</li>", first)
    assert len(told) > 20
    for count, of, _answer in told:
        assert f"({count} of {of})" in rest
