"""What an import could not carry as it stood: where, what, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["left_out", "changed", "to_do"]
"""Left out altogether; carried in another shape; or a gap that only the facilitator can fill."""

KINDS: dict[Kind, str] = {
    "left_out": "Left out",
    "changed": "Carried in another shape",
    "to_do": "For you to write",
}


@dataclass(frozen=True)
class Remark:
    """One thing about a form; `row` is the number that the spreadsheet shows, if it is one row."""

    kind: Kind
    sheet: str
    row: int | None
    what: str
    why: str
    todo: str = ""
    name: str = ""
    """Which one it is, where several rows have the same fate."""


MANY_REMARKS = 50_000
"""Nobody reads more; the largest form met in the field gives 2,700."""
_MORE = Remark(
    "left_out",
    "the form",
    None,
    "much more",
    f"there are over {MANY_REMARKS} things to say, and the rest is not listed.",
    "Take out columns and lists that no question needs, and import it again.",
)


@dataclass(frozen=True)
class Gathered:
    """Remarks that differ in their row and name only."""

    remark: Remark
    rows: tuple[int, ...]
    names: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where, in words: “survey, rows 3 to 5 and 9”."""
        if not self.rows:
            return self.remark.sheet
        word = "row" if len(self.rows) == 1 else "rows"
        return f"{self.remark.sheet}, {word} {_in_words(self.rows)}"

    def __str__(self) -> str:
        remark = self.remark
        names = f" ({', '.join(self.names)})" if self.names else ""
        line = f"{self.place}: {remark.what}{names}: {remark.why}"
        return f"{line} {remark.todo}" if remark.todo else line


class Remarks:
    """Collects remarks while a form is read; the same one is kept once."""

    def __init__(self) -> None:
        self._kept: dict[Remark, None] = {}

    def __iter__(self) -> Iterator[Remark]:
        return iter(self._kept)

    def add(self, remark: Remark) -> None:
        """Keep one remark."""
        if len(self._kept) < MANY_REMARKS:
            self._kept.setdefault(remark)
        else:
            self._kept.setdefault(_MORE)

    def left_out(
        self, sheet: str, row: int | None, what: str, why: str, todo: str = "", *, name: str = ""
    ) -> None:
        """Say that something is not in the definition."""
        self.add(Remark("left_out", sheet, row, what, why, todo, name))

    def changed(
        self, sheet: str, row: int | None, what: str, why: str, todo: str = "", *, name: str = ""
    ) -> None:
        """Say that something is in the definition in another shape."""
        self.add(Remark("changed", sheet, row, what, why, todo, name))

    def to_do(self, sheet: str, row: int | None, what: str, why: str, todo: str = "") -> None:
        """Say what the form does not know and the facilitator has to write."""
        self.add(Remark("to_do", sheet, row, what, why, todo))


def gathered(remarks: Iterable[Remark], kind: Kind) -> list[Gathered]:
    """The remarks of one kind, sheet by sheet; those that say the same of several rows are one."""
    same: dict[Remark, list[Remark]] = {}
    for remark in remarks:
        if remark.kind == kind:
            same.setdefault(replace(remark, row=None, name=""), []).append(remark)
    found_rows = [
        Gathered(
            shared,
            tuple(sorted({one.row for one in found if one.row is not None})),
            tuple(dict.fromkeys(one.name for one in found if one.name)),
        )
        for shared, found in same.items()
    ]
    sheets = list(dict.fromkeys(one.remark.sheet for one in found_rows))
    return sorted(
        found_rows, key=lambda one: (sheets.index(one.remark.sheet), one.rows[:1] or (0,))
    )


def _in_words(rows: tuple[int, ...]) -> str:
    """`(3, 4, 5, 9)` as “3 to 5 and 9”."""
    runs = [
        [row for _, row in run]
        for _, run in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0])
    ]
    words = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
