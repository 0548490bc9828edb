"""What each coder decided: a file of lines for each, written at once, never rewritten."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..folders import OWNER_ONLY
from .texts import TextsError

FOLDER: Final = "coding"
RESOLVED: Final = "resolved"
LONGEST_NAME: Final = 40
MOST_CODERS: Final = 2
_BEFORE: Final = "coder-"
_AFTER: Final = ".jsonl"

Key = tuple[str, str]
"""A question's name and a text's id."""


@dataclass(frozen=True)
class Decision:
    """What was decided of one text.

    Attributes:
        themes: those that fit, sorted; None for “later”, or for a decision taken back.
        offered: the themes that were to choose from.
        between: when two coders differed, what they had; empty otherwise.
    """

    themes: tuple[str, ...] | None
    offered: frozenset[str]
    between: tuple[tuple[str, ...], ...] = ()

    def holds(self, themes: frozenset[str]) -> bool:
        """Whether it was made with the themes of today, none of them new or gone since."""
        return self.themes is not None and themes <= self.offered and set(self.themes) <= themes


class DecisionLog:
    """The decisions of one coder: the last line about a text is the one that counts.

    Each line is on the disk before the next text is shown. A line that was cut off by a crash was
    never answered for, and is taken away when the file is opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found = dict(_read(path))

    @classmethod
    def of(cls, folder: Path, coder: str) -> DecisionLog:
        """The log of a coder; raises TextsError for a name that cannot be one, or a third coder."""
        name = coder.casefold()
        others = set(coders_in(folder)) - {name}
        if len(others) >= MOST_CODERS:
            raise TextsError(
                f"Two people have begun: {', '.join(sorted(others))}. Use one of these names."
            )
        return cls(folder / FOLDER / f"{_BEFORE}{name}{_AFTER}")

    @classmethod
    def resolved(cls, folder: Path) -> DecisionLog:
        """The log of what was decided where two coders differed."""
        return cls(folder / FOLDER / f"{RESOLVED}{_AFTER}")

    def get(self, key: Key) -> Decision | None:
        """What was decided last of a text, “later” included; None when nothing was."""
        return self._found.get(key)

    def write(self, key: Key, decision: Decision) -> None:
        """Add a decision; it is on the disk when this returns."""
        line = {
            "question": key[0],
            "id": key[1],
            "themes": decision.themes,
            "offered": sorted(decision.offered),
            "between": decision.between,
        }
        content = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(self._path, flags, OWNER_ONLY)
        with os.fdopen(descriptor, "ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._found[key] = decision


def coders_in(folder: Path) -> list[str]:
    """The names of those who have begun to code the texts of a data set."""
    found = (folder / FOLDER).glob(f"{_BEFORE}*{_AFTER}")
    return sorted(path.name.removeprefix(_BEFORE).removesuffix(_AFTER) for path in found)


def check_coder(name: str) -> str:
    """Return a coder's name as it is kept; raises TextsError when it cannot be a file's name."""
    plain = name.strip()
    signs = plain.replace("-", "").replace("_", "")
    if not signs.isalnum() or len(plain) > LONGEST_NAME:
        raise TextsError("Write --coder with letters and digits only, such as --coder asha.")
    return plain.casefold()


def _read(path: Path) -> Iterator[tuple[Key, Decision]]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        os.truncate(path, len(whole))
    for number, line in enumerate(whole.decode("utf-8", "replace").splitlines(), start=1):
        try:
            yield _decision(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise TextsError(
                f"{path}, line {number}, is not as it was written. Put the file back from a copy, "
                "or take that line out to decide about its text again."
            ) from None


def _decision(line: dict[str, object]) -> tuple[Key, Decision]:
    themes, offered, between = line["themes"], line["offered"], line["between"]
    question, name = line["question"], line["id"]
    if not (isinstance(question, str) and isinstance(name, str)):
        raise TypeError
    chosen = None if themes is None else _names(themes)
    if not isinstance(between, list):
        raise TypeError
    pair = tuple(_names(each) for each in between)
    return (question, name), Decision(chosen, frozenset(_names(offered)), pair)


def _names(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise TypeError
    return tuple(found)
