"""A chart as a picture (SVG): a bar for each answer, drawn by matplotlib.

The picture is as narrow as the smallest telephone, so that its letters are as large there as those
of the page. They stay letters: whoever shows the picture shapes every script with its own fonts.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from .blocks import Bar, Chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH: Final = 288  # pixels: a screen of 320 without its margins
BLUE: Final = "#0072b2"
"""Of the colours that people with any colour vision tell apart: Okabe and Ito, "Color Universal
Design" (2002, revised 2008). It is the only one: nothing is told by colour."""
GREY: Final = "#e6e3da"
_LETTERS: Final = 16  # pixels
_LINE: Final = 22  # from one line of letters to the next
_BAR: Final = 18
_GAP: Final = 14  # between one answer and the next
_BESIDE: Final = 7  # between a bar and its number
_ON_PAPER: Final = 8  # answers in one picture
_ROOM: Final = 0.94  # of the width: the reader's letters may be wider than the measured ones
_SVG: Final = "{http://www.w3.org/2000/svg}"

Fonts: TypeAlias = tuple[Path, ...]
Measure: TypeAlias = Callable[[str], float]


@dataclass(frozen=True)
class _Letters:
    """A line of text: how far from the side where lines begin, and its baseline from the top."""

    text: str
    x: float
    y: float
    of: str = "label"


@dataclass(frozen=True)
class _Drawn:
    """Where everything stands, in pixels."""

    letters: Sequence[_Letters]
    bars: Sequence[tuple[float, float]]
    """The middle of each bar from the top, and its length."""
    longest: float
    """How long a bar of 100 percent is."""
    height: float


def draw_for_page(chart: Chart, direction: str, fonts: Fonts) -> str:
    """Return a chart as an SVG element to put into a page; the same chart gives the same picture.

    It has no size and no names of its own that would clash with others on a page; the classes
    `bar`, `track`, `label` and `number` are there to be styled. Letters stay letters.

    Args:
        chart: its bars.
        direction: `ltr` or `rtl`: on which side bars and letters begin.
        fonts: font files to measure letters with.
    """
    svg, height = _drawing(chart.bars, chart.bars, direction, fonts, "none")
    return _part_of_a_page(svg, chart.text, height, direction)


def draw_for_print(chart: Chart, direction: str, fonts: Fonts) -> list[str]:
    """Return the same chart as SVG files, each short enough for a sheet of paper.

    Letters are shapes here, made by matplotlib: Typst does not shape those of a picture.

    Args: see `draw_for_page`.
    """
    parts = (chart.bars[i : i + _ON_PAPER] for i in range(0, len(chart.bars), _ON_PAPER))
    return [_drawing(part, chart.bars, direction, fonts, "path")[0] for part in parts]


def _drawing(
    bars: Sequence[Bar],
    all_bars: Sequence[Bar],
    direction: str,
    fonts: Fonts,
    letters: str,
) -> tuple[str, float]:
    """The picture of some bars of a chart as matplotlib writes it, and its height."""
    import matplotlib as mpl  # noqa: PLC0415 - takes half a second, and only reports need it
    from matplotlib.figure import Figure  # noqa: PLC0415

    settings = {"svg.fonttype": letters, "svg.hashsalt": "heard", "font.family": _families(fonts)}
    with mpl.rc_context(cast(Any, settings)), warnings.catch_warnings():
        # A letter that the fonts here do not have may well be in those of the reader.
        warnings.filterwarnings("ignore", "Glyph .* missing")
        measure = _measure_with(fonts)
        drawn = _placed(bars, _longest(all_bars, measure), measure)
        figure = Figure(figsize=(WIDTH / 72, drawn.height / 72), dpi=72)
        figure.patch.set_visible(False)
        _fill(figure, drawn, direction)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata=dict.fromkeys(_METADATA))
    return written.getvalue(), drawn.height


_METADATA: Final = ("Date", "Creator", "Format", "Type")
"""What matplotlib writes unless told not to: when a picture was made, and by which version."""


@lru_cache
def _families(fonts: Fonts) -> list[str]:
    from matplotlib import font_manager  # noqa: PLC0415

    for font in fonts:
        font_manager.fontManager.addfont(font)
    return [font_manager.FontProperties(fname=font).get_name() for font in fonts] or ["sans-serif"]


@lru_cache
def _measure_with(fonts: Fonts) -> Measure:
    """How wide a text is, in pixels; most stand in several reports, on a page and on paper."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(dpi=72)
    canvas: Any = FigureCanvasAgg(figure)
    families = _families(fonts)
    measured = figure.text(0, 0, "", size=_LETTERS, family=families, parse_math=False)

    @cache
    def measure(text: str) -> float:
        measured.set_text(text)
        return float(measured.get_window_extent(canvas.get_renderer()).width)

    return measure


def _longest(bars: Sequence[Bar], measure: Measure) -> float:
    """How long 100 percent are: the widest number has room after them."""
    widest = max((measure(bar.said) for bar in bars if bar.percent is not None), default=0)
    return max(WIDTH - widest / _ROOM - _BESIDE, WIDTH / 4)


def _placed(bars: Sequence[Bar], longest: float, measure: Measure) -> _Drawn:
    """Each answer's words, its bar under them, and its number where 100 percent would end."""
    letters, lengths, y = [], [], 0.0
    for bar in bars:
        for line in lines_of(bar.label, WIDTH * _ROOM, measure):
            letters.append(_Letters(line, 0, y + _LETTERS))
            y += _LINE
        y += 3
        if bar.percent is None:
            letters.append(_Letters(bar.said, 0, y + _LETTERS - 2, "number"))
        else:
            lengths.append((y + _BAR / 2, longest * bar.percent / 100))
            letters.append(_Letters(bar.said, longest + _BESIDE, y + _LETTERS - 2, "number"))
        y += _BAR + _GAP
    return _Drawn(letters, lengths, longest, y - _GAP + _BAR / 4)


def lines_of(text: str, room: float, measure: Measure) -> Iterator[str]:
    """Yield a text in lines that are no wider than the room; a word that is has to be cut.

    A letter is never cut from its signs above and below.
    """
    words = text.split()
    line = " ".join(words)
    if measure(line) <= room:
        yield line
        return
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and measure(longer) > room:
            yield line
            longer = word
        line = longer
        while measure(line) > room and (cuts := list(_cuts(line))):
            fitting = next((cut for cut in reversed(cuts) if measure(line[:cut]) <= room), cuts[0])
            yield line[:fitting]
            line = line[fitting:]
    yield line


def _cuts(word: str) -> Iterator[int]:
    """Where a word can be cut: not before a sign that belongs to the letter before it."""
    for place in range(1, len(word)):
        joined = unicodedata.category(word[place]) in ("Mn", "Mc", "Me", "Cf")
        if not joined and word[place - 1] != "\u200d":
            yield place


def _fill(figure: Figure, drawn: _Drawn, direction: str) -> None:
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(drawn.height, 0))
    axes.set_axis_off()
    if direction == "rtl":
        axes.invert_xaxis()
    if drawn.bars:
        middles, lengths = zip(*drawn.bars, strict=True)
        for each in axes.barh(middles, drawn.longest, height=_BAR, color=GREY):
            each.set_gid("track")
        for each in axes.barh(middles, lengths, height=_BAR, color=BLUE):
            each.set_gid("bar")
    side = "right" if direction == "rtl" else "left"
    for line in drawn.letters:
        axes.text(line.x, line.y, line.text, ha=side, gid=line.of, size=_LETTERS, parse_math=False)


def _part_of_a_page(svg: str, text: str, height: float, direction: str) -> str:
    """The bars and the letters alone, without what would clash with other pictures of the page."""
    page = {
        "role": "img",
        "aria-label": text,
        "viewBox": f"0 0 {WIDTH} {height:g}",
        "direction": direction,
        "font-size": str(_LETTERS),
    }
    picture = ET.Element("svg", page)
    for group in ET.fromstring(svg).iter(f"{_SVG}g"):  # noqa: S314 - our own picture
        kind = group.get("id", "")
        for path in group.findall(f"{_SVG}path") if kind in ("bar", "track") else ():
            shape = " ".join(path.get("d", "").split())
            colour = path.get("style", "").removeprefix("fill: ")
            ET.SubElement(picture, "path", {"class": kind, "d": shape, "fill": colour})
        for letters in group.findall(f"{_SVG}text") if kind in ("label", "number") else ():
            place = {"class": kind, "x": letters.get("x", ""), "y": letters.get("y", "")}
            ET.SubElement(picture, "text", place).text = letters.text
    return ET.tostring(picture, encoding="unicode")
