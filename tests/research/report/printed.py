"""Reading a report as a stranger does: from its page alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

HIDDEN = ("hidden", "not shown")
SHARE = re.compile(r"(\d+)% \((\d+) of (\d+)\)")


@dataclass
class PrintedTable:
    """One table: its caption, the names of its columns, and its cells by row."""

    caption: str = ""
    columns: list[str] = field(default_factory=list)
    rows: dict[str, list[str]] = field(default_factory=dict)
    totals: set[str] = field(default_factory=set)
    several: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[PrintedTable] = []
        self.said: list[str] = []
        self._within: list[str] = []
        self._row: list[str] | None = None
        self._total = False
        self._several = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        if tag == "h3":
            self._several = False
        if tag == "table":
            self.tables.append(PrintedTable(several=self._several))
        if tag == "tr":
            self._row, self._total = [], ("class", "total") in attrs
        if tag in ("td", "th") and self._row is not None:
            self._row.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass
        if tag == "tr" and self._row:
            table = self.tables[-1]
            if not table.columns:
                table.columns = self._row[1:]
            else:
                table.rows[self._row[0]] = self._row[1:]
                if self._total:
                    table.totals.add(self._row[0])
            self._row = None

    def handle_data(self, data: str) -> None:
        if data.strip() and "style" not in self._within:
            self.said.append(data.strip())
        if data.strip() == "People could choose several answers.":
            self._several = True
        if "caption" in self._within:
            self.tables[-1].caption += data
        elif self._row and ("td" in self._within or "th" in self._within):
            self._row[-1] += data


def read_page(html: str) -> list[PrintedTable]:
    """Every table of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.tables


def read_sentences(html: str) -> list[str]:
    """Every text of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.said


def people(cell: str) -> int | None:
    """The count in a cell; None where it is hidden."""
    share = SHARE.fullmatch(cell)
    if share:
        return int(share[2])
    return int(cell) if cell.isdigit() else None


def base(cell: str) -> int | None:
    """The base in a cell, where it has one."""
    share = SHARE.fullmatch(cell)
    return int(share[3]) if share else None
