"""The page itself: every language, nothing loaded, what a screen reader needs."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import paper
from app.research.disclosure import NO_RULES
from app.research.opened import open_data_set
from app.research.report import draw_for_print, make_page, make_reports
from app.research.report.blocks import Bar, Chart, Table
from app.research.report.drawing import draw_for_page, lines_of

from .conftest import Run
from .printed import SHARE

FONTS = tuple(sorted(paper.FONTS.glob("*.ttf")))
LANGUAGES = ("en", "fr", "es", "pt", "ar", "ne", "bn", "sw")


def page_in(run: Run, language: str) -> str:
    words = paper.Words(language)
    made = make_reports(open_data_set(run.data), NO_RULES, words, threshold=10)
    return make_page(made.everybody, words, FONTS)


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
        charts = re.findall(r'<svg role="img" aria-label="([^"]*)"', page)
        assert charts or "No share can be shown here" in page
        assert len(charts) == page.count("<svg")
        for chart in charts:
            assert chart.startswith("The chart shows")
        assert len(re.findall("<table>", page)) == len(re.findall("<caption>.", page))
        assert not re.search("<th>", page)
        identities = re.findall(r' id="([^"]+)"', page)
        assert len(identities) == len(set(identities))
        for link in re.findall(r'href="#([^"]+)"', page):
            assert link in identities


def lengths_of(svg: str, kind: str) -> list[float]:
    """How long the bars of a chart are, from the top down."""
    shapes = re.findall(rf'<path class="{kind}" d="([^"]+)"', svg)
    edges = [[float(x) for x in re.findall(r"[ML] (\S+) ", shape)] for shape in shapes]
    return [max(each) - min(each) for each in edges]


def test_a_bar_is_as_long_as_its_share_and_what_is_hidden_has_none(countries: Run) -> None:
    page = countries.pages[""]
    seen = 0
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        said = re.findall(r'<text class="number"[^>]*>([^<]*)</text>', svg)
        shares = [int(share[1]) for each in said if (share := SHARE.fullmatch(each))]
        whole = lengths_of(svg, "track")
        assert len(whole) == len(shares)
        wanted = [share / 100 * length for share, length in zip(shares, whole, strict=True)]
        assert lengths_of(svg, "bar") == pytest.approx(wanted, abs=0.01)
        seen += len(shares)
    assert seen > 10


@pytest.mark.parametrize("language", ["en", "ar"])
def test_bars_and_letters_begin_where_the_language_does(pair: Run, language: str) -> None:
    page = page_in(pair, language)
    start = "288" if language == "ar" else "0"
    direction = "rtl" if language == "ar" else "ltr"

    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert f'direction="{direction}"' in svg
        assert set(re.findall(r'<path class="\w+" d="M (\S+) ', svg)) == {start}
        assert set(re.findall(r'<text class="label" x="(\S+)"', svg)) == {start}
        assert "text-anchor" not in svg
        assert "style" not in svg


def test_each_table_stands_beside_its_chart(countries: Run) -> None:
    page = countries.pages[""]

    pairs = re.findall(
        r'<div class="beside">\n<figure>.*?</figure>\s*<div class="wide titled"', page, re.S
    )
    assert len(pairs) == page.count("<svg") > 3


def test_the_same_answers_give_the_same_pictures(pair: Run) -> None:
    chart = next(
        block
        for block in make_reports(
            open_data_set(pair.data), NO_RULES, paper.Words("en"), threshold=10
        ).everybody.blocks
        if isinstance(block, Chart)
    )

    for draw in (draw_for_page, draw_for_print):
        first = str(draw(chart, "ltr", FONTS))
        assert first == str(draw(chart, "ltr", FONTS))
        assert not re.search(r"<dc:|matplotlib|20\d\d-", first)


def test_children_come_first_and_read_only_what_is_printed_below(children: Run) -> None:
    page = children.pages[""]
    first, rest = page.split("</section>", 1)
    assert "For children and young people" in first
    told = re.findall(r"<li>(\d+) of (\d+) said: (.+?)</li>", first)
    assert 8 < len(told) <= 16
    for count, of, _answer in told:
        assert f"({count} of {of})" in rest
    assert "questions. Here are answers to" in first


def test_r94_children_read_nothing_that_had_a_warning(countries: Run) -> None:
    first, rest = countries.pages[""].split("</section>", 1)

    assert "said:" in first
    assert "About apps." in rest
    assert "About apps." not in first
    assert "apps in English" not in first


def test_a_long_chart_is_printed_in_parts_of_one_scale() -> None:
    bars = tuple(Bar(f"Country {i}", i, f"{i}% ({i} of 100)") for i in range(1, 20))
    table = Table("", "", (), ())

    parts = draw_for_print(Chart("text", "", bars, table), "ltr", FONTS)

    assert len(parts) == 3
    widths = {max(map(float, re.findall(r"L (\S+) 1", part))) for part in parts}
    assert len(widths) == 1


@settings(max_examples=50)
@given(st.text(min_size=1), st.integers(1, 20))
def test_lines_lose_no_letter_and_cut_none_from_its_signs(text: str, room: int) -> None:
    lines = list(lines_of(text, room, len))

    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert len(line) <= room or len(line.split()) == 1
    for before, after in pairwise(lines):
        assert before
        assert unicodedata.category(after[0])[0] != "M" or f" {after[0]}" in f" {text}"
