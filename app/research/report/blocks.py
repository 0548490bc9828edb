"""A report before it is a page, a PDF or a workbook: plain blocks, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 to 4; `anchor` is where a link leads."""

    kind: ClassVar = "heading"
    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A sentence or more; `quiet` is a remark."""

    kind: ClassVar = "paragraph"
    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """Short sentences, one under the other."""

    kind: ClassVar = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True)
class ContentWarning:
    """What people read before a page with a hard topic, and where to go on without it."""

    kind: ClassVar = "warning"
    title: str
    text: str
    skip: str
    after: str


@dataclass(frozen=True)
class Bar:
    """One answer of a chart: its share in percent, or None where the number is not shown."""

    label: str
    percent: int | None
    said: str


@dataclass(frozen=True)
class Number:
    """One cell of a table: what is printed, and its parts for a program; None is not shown."""

    said: str
    people: int | None = None
    base: int | None = None
    percent: int | None = None
    extra: int | None = None


@dataclass(frozen=True)
class Row:
    """A line of a table; `total` sets it apart from the answers above."""

    label: str
    numbers: tuple[Number, ...]
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a header for each column and for each row.

    Attributes:
        titled: whether its caption stands above it already, as a heading.
    """

    kind: ClassVar = "table"
    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    titled: bool = False


@dataclass(frozen=True)
class Chart:
    """Bars from 0 to 100 percent, with the table of the same numbers beside them.

    Attributes:
        text: what the chart shows, for who does not see it.
        note: what is to be known of it, and is no number: shown to everybody.
    """

    kind: ClassVar = "chart"
    text: str
    note: str
    bars: tuple[Bar, ...]
    table: Table


Block: TypeAlias = Heading | Paragraph | Bullets | ContentWarning | Chart | Table


@dataclass(frozen=True)
class Document:
    """One report.

    Attributes:
        title: of the consultation.
        about: whose answers these are.
        language: a BCP 47 tag; `direction` is `ltr` or `rtl`.
        child: the version for children, which comes first; `blocks` is the rest.
    """

    title: str
    about: str
    language: str
    direction: str
    child: Sequence[Block]
    blocks: Sequence[Block]
