"""Sheets as rows with named columns: headings found, languages told apart, doubles joined."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from .columns import TRANSLATED, Heading, read_heading
from .languages import guess, tag_of
from .remarks import Remarks
from .workbook import Sheet, column_letters

HEADING_ROWS = 30
"""Rows at the top of a sheet in which its headings are looked for."""


@dataclass(frozen=True)
class Table:
    """A sheet whose headings are known."""

    sheet: Sheet
    heading_row: int
    headings: tuple[Heading, ...]

    @property
    def name(self) -> str:
        """The sheet's name, as the file has it."""
        return self.sheet.name

    @property
    def keys(self) -> set[str]:
        """The columns' own names."""
        return {heading.key for heading in self.headings}

    def filled(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The rows below the headings."""
        return ((number, cells) for number, cells in self.sheet.rows if number > self.heading_row)


@dataclass(frozen=True)
class Row:
    """One row: its plain cells by column, and its texts by column and language."""

    sheet: str
    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unnamed: Mapping[str, str] = field(default_factory=dict)
    """Cells of columns that an import does not know, by the heading as it is written."""
    columns: frozenset[str] = frozenset()
    """Headings of the table, as written, for conditions that name a column."""

    def get(self, key: str) -> str:
        """A plain cell without the white space around it; empty if there is none."""
        return self.cells.get(key, "")

    def text(self, key: str) -> dict[str, str]:
        """A text by language; empty if there is none."""
        return dict(self.texts.get(key, {}))

    def first(self, key: str) -> str:
        """A translated cell in the first language that has it."""
        return next(iter(self.texts.get(key, {}).values()), "")


def find_table(sheet: Sheet, wanted: set[str], needed: set[str]) -> Table | None:
    """The table of a sheet: its headings are the row with most of `wanted` and all `needed`."""
    best: Table | None = None
    most = 0
    for number, cells in sheet.rows[:HEADING_ROWS]:
        headings = tuple(read_heading(cell) for cell in cells)
        table = Table(sheet, number, headings)
        found = len(table.keys & wanted)
        if needed <= table.keys and found > most:
            best, most = table, found
    return best


@dataclass(frozen=True)
class Languages:
    """The languages of a form, the first one first, and how headings name them."""

    tags: tuple[str, ...]
    plain: str
    """The language of columns that name none."""
    by_heading: Mapping[str, str]
    guessed: bool = False

    def including(self, tags: list[str]) -> Languages:
        """These languages with `tags` first, whether a text is written in them or not."""
        return replace(self, tags=tuple(dict.fromkeys([*tags, *self.tags])))

    def of(self, heading: Heading) -> str | None:
        """The tag of a heading's language; `None` when nobody knows it."""
        return self.by_heading.get(heading.language) if heading.language else self.plain


def find_languages(
    tables: list[Table], default: str, given: str | None, remarks: Remarks
) -> Languages:
    """The languages in which some text is written.

    `default` is what the settings say, `given` what the person says who imports.
    """
    used = _texts_by_language(tables)
    by_heading = {written: tag_of(written) or "" for written in used if written}
    if given and "" not in used and len(by_heading) == 1:
        by_heading = dict.fromkeys(by_heading, given)
    for written in [written for written, tag in by_heading.items() if not tag]:
        remarks.left_out(
            tables[0].name,
            None,
            f"the columns in “{written}”",
            "nobody can tell which language that is.",
            f"Write the heading as “label::{written} (xx)”, with the language's two letters.",
        )
    known = [tag for tag in by_heading.values() if tag]
    said = given or tag_of(default) or ""
    plain = said or (guess(used.get("", [])) if used.get("") else (known or ["en"])[0])
    tags = [plain] if "" in used or said in known or not known else []
    tags = list(dict.fromkeys([*tags, *known]))
    labels = _plain_labels(tables)
    return Languages(tuple(tags), plain, by_heading, guessed=labels and not said)


def _plain_labels(tables: list[Table]) -> bool:
    """Whether some question has a label in a column that names no language."""
    return any(
        heading == Heading(heading.written, "label") and index < len(cells) and cells[index].strip()
        for table in tables
        for index, heading in enumerate(table.headings)
        for _, cells in table.filled()
    )


def _texts_by_language(tables: list[Table]) -> dict[str, list[str]]:
    """What people will read, by the language as the headings name it."""
    used: dict[str, list[str]] = {}
    for table in tables:
        columns = [
            (index, heading)
            for index, heading in enumerate(table.headings)
            if heading.key in ("label", "hint", "constraint_message") or "heard::" in heading.key
        ]
        for index, heading in columns:
            if heading.key not in TRANSLATED:
                continue
            found = [
                cells[index]
                for _, cells in table.filled()
                if index < len(cells) and cells[index].strip()
            ]
            if found:
                used.setdefault(heading.language, []).extend(found)
    return used


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of a table; `exact` keeps every sign of the texts, as Heard exported them."""

    table: Table
    languages: Languages
    known: frozenset[str]
    """Columns that the import looks at."""
    exact: bool
    remarks: Remarks

    def rows(self) -> list[Row]:
        """Every row below the headings."""
        headings = frozenset(heading.written for heading in self.table.headings)
        return [replace(row, columns=headings) for row in self._rows()]

    def _rows(self) -> list[Row]:
        return [self._row(number, cells) for number, cells in self.table.filled()]

    def _row(self, number: int, cells: tuple[str, ...]) -> Row:
        plain: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        unnamed: dict[str, str] = {}
        for index, cell in enumerate(cells):
            value = cell.strip(BLANKS)
            headings = self.table.headings
            heading = headings[index] if index < len(headings) else Heading("", "")
            if not value:
                continue
            if heading.key in TRANSLATED:
                tag = self.languages.of(heading)
                if tag:
                    words = self._words(number, cell)
                    self._keep(number, texts.setdefault(heading.key, {}), tag, words, heading)
            elif heading.key:
                self._keep(number, plain, heading.key, value, heading)
            if heading.key not in self.known:
                unnamed[heading.written or f"column {column_letters(index + 1)}"] = value
        ordered = {key: in_order(found, self.languages.tags) for key, found in texts.items()}
        return Row(self.table.name, number, plain, ordered, unnamed)

    def _words(self, number: int, cell: str) -> str:
        if self.exact:
            return cell
        if _TAG.search(cell):
            what, why = "HTML in a text", "only its words were kept."
            self.remarks.changed(self.table.name, number, what, why)
        return clean_text(cell)

    def _keep(
        self, number: int, into: dict[str, str], key: str, value: str, heading: Heading
    ) -> None:
        """The first of two columns that say the same thing counts; another text is listed."""
        if not value:
            return
        kept = into.setdefault(key, value)
        if kept != value:
            self.remarks.left_out(
                self.table.name,
                number,
                f"a second column “{heading.written}”, which says “{shortened(value)}”",
                "the first column of that name counts.",
                "Put the text that you want into the first, and import again.",
            )


def in_order(text: Mapping[str, str], tags: tuple[str, ...]) -> dict[str, str]:
    """A text with its languages in the order of the form."""
    return {tag: text[tag] for tag in tags if tag in text}


BLANKS = " \t\r\n\u00a0\ufeff\u200b"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li)\s*/?\s*>", re.IGNORECASE)


def clean_text(text: str) -> str:
    """A text without HTML, tabs, signs that cannot be seen, and spaces at its ends."""
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = "".join(sign for sign in text if sign >= " " or sign == "\n")
    lines = [line.strip(BLANKS) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shortened(text: str, length: int = 80) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
