"""A data set with texts to sort, and themes for them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

THEMES = """\
themes:
  - name: speed
    label: How quickly somebody answers
    definition: How long it takes until somebody answers or does something.
    words: [slow, wait*, "प्रतीक्षा"]
  - name: trust
    label: Being believed
    definition: Whether adults believe what is told.
    when: Also when somebody says that nobody listened.
    words: [believe*]
  - name: place
    label: Where it can be told
    definition: An app, a school, a police station.
"""
WARNING = "The next question is about being hurt online."


def write_texts(
    folder: Path, texts: Mapping[str, Sequence[str]], warning: str | None = WARNING
) -> Path:
    """Write texts.csv and what the codebook says of them, as `heard unseal` does.

    Args:
        folder: is made; its path is returned.
        texts: by question; their ids are the question and a number.
    """
    folder.mkdir(parents=True)
    with (folder / "texts.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "question", "text"])
        for question, words in texts.items():
            writer.writerows(
                (f"{question}-{number}", question, text) for number, text in enumerate(words)
            )
    about = [
        {
            "question": question,
            "label": {"en": f"What about {question}?"},
            "content_warning": {"en": warning} if warning else None,
            "count": len(words),
        }
        for question, words in texts.items()
    ]
    (folder / "codebook.json").write_text(json.dumps({"texts": about}))
    return folder


def coding_in(folder: Path) -> dict[str, Any]:
    """What stands in coding.json."""
    found: dict[str, Any] = json.loads((folder / "coding.json").read_text(encoding="utf-8"))
    return found


def table_in(folder: Path) -> list[dict[str, str]]:
    """The rows of coding.csv."""
    with (folder / "coding.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
