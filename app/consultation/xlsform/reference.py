"""The tables of docs/xlsform.md, made from what the import itself looks up.

`python -m app.consultation.xlsform.reference docs/xlsform.md` writes them anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from .columns import CHOICES, SETTINGS, SURVEY, Column
from .question_types import TYPES, Treatment

BEGIN, END = "<!-- made from the program: begin -->", "<!-- made from the program: end -->"


def tables() -> str:
    """What becomes of every type and every column, as Markdown."""
    parts = [
        "### Types\n",
        *_lines(("In the form", "In the definition", "Why, and what to do"), _types()),
        "\n### Columns of the sheet survey\n",
        *_lines(("In the form", "In the definition", "Why"), _columns(SURVEY)),
        "\n### Columns of the sheet choices\n",
        *_lines(("In the form", "In the definition", "Why"), _columns(CHOICES)),
        "\n### Columns of the sheet settings\n",
        *_lines(("In the form", "In the definition", "Why"), _columns(SETTINGS)),
    ]
    return "\n".join(parts)


def _lines(heading: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"| {' | '.join('---' for _ in heading)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _types() -> Iterator[tuple[str, ...]]:
    """Types with the same fate on one line."""
    same: dict[Treatment, list[str]] = {}
    for name, treatment in TYPES.items():
        same.setdefault(treatment, []).append(f"`{name}`")
    for treatment, names in same.items():
        yield ", ".join(names), _becomes(treatment), f"{treatment.why} {treatment.todo}".strip()


def _becomes(treatment: Treatment) -> str:
    if treatment.part == "refused":
        return "left out, listed"
    if treatment.part == "question":
        return f"`{treatment.carried}`" if treatment.carried else "the same type"
    if treatment.part == "group":
        return "a page" if treatment.carried == "page" else f"`{treatment.carried}`"
    return {"end": "", "break": "the next page"}[treatment.part]


def _columns(columns: Mapping[str, Column]) -> Iterator[tuple[str, ...]]:
    for name, column in columns.items():
        if name.startswith("heard::"):
            continue
        written = name.replace("kobo::", "kobo--")
        carried = ", ".join(f"`{key}`" for key in column.carried.split(", ") if key)
        yield f"`{written}`", carried or "left out, listed", f"{column.why} {column.todo}".strip()


def updated(text: str) -> str:
    """The documentation with its tables as they are now."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    documentation = Path(sys.argv[1])
    documentation.write_text(updated(documentation.read_text(encoding="utf-8")), encoding="utf-8")
