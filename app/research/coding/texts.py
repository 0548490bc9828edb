"""The texts to sort: `texts.csv` of a data set, question by question."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..cells import restore_cell

COLUMNS: Final = ("id", "question", "text")


class TextsError(Exception):
    """The folder holds no texts that can be sorted; the message says what to do."""


@dataclass(frozen=True)
class CodedText:
    """One text; `id` is the same whenever the same answers are unsealed with the same key."""

    id: str
    text: str


@dataclass(frozen=True)
class Question:
    """The texts that answer one question, in the random order of the file.

    Attributes:
        name: as in `texts.csv`.
        label: the question itself; its name when the codebook does not say.
        content_warning: of its page; "" without one.
        texts: what people wrote.
    """

    name: str
    label: str
    content_warning: str
    texts: tuple[CodedText, ...]


def read_texts(folder: Path) -> tuple[Question, ...]:
    """Return the texts of a data set; raises TextsError."""
    path = folder / "texts.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = _rows(csv.reader(file), path)
        about = _about(folder / "codebook.json")
    except FileNotFoundError:
        raise TextsError(
            f"There is no {path}. Name the folder that heard unseal made; without free text in "
            "the answers there is nothing to sort."
        ) from None
    except OSError as error:
        raise TextsError(f"{path} cannot be read: {error.strerror}.") from None
    except (csv.Error, UnicodeDecodeError):
        raise _not_ours(path) from None
    return tuple(
        Question(name, *about.get(name, (name, "")), texts=tuple(texts))
        for name, texts in sorted(found.items())
    )


def _rows(reader: Any, path: Path) -> dict[str, list[CodedText]]:
    if tuple(next(reader, ())) != COLUMNS:
        raise _not_ours(path)
    found: dict[str, list[CodedText]] = {}
    seen: set[tuple[str, str]] = set()
    for row in reader:
        if len(row) != len(COLUMNS) or (row[1], row[0]) in seen:
            raise _not_ours(path)
        seen.add((row[1], row[0]))
        found.setdefault(row[1], []).append(CodedText(row[0], restore_cell(row[2])))
    return found


def _about(path: Path) -> dict[str, tuple[str, str]]:
    """Label and content warning of each question in the data set's first language."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["texts"]
        return {
            str(each["question"]): (_first(each["label"]), _first(each["content_warning"]))
            for each in entries
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise TextsError(
            f"{path} does not describe the texts. Unseal the answers again into a new folder."
        ) from None


def _first(text: Mapping[str, str] | None) -> str:
    """English, the language of the commands, if it is there; else the first one."""
    return "" if not text else str(text.get("en") or next(iter(text.values())))


def _not_ours(path: Path) -> TextsError:
    return TextsError(
        f"{path} is not as heard unseal wrote it. A spreadsheet may have saved it in its own way: "
        "unseal the answers again into a new folder."
    )
