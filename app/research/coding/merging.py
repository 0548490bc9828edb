"""From the decisions of one or two coders to `coding.json` and `coding.csv`."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..folders import OWNER_ONLY
from .agreement import Agreement
from .decisions import Decision, DecisionLog, Key
from .texts import Question, TextsError
from .themes import ThemeBook

FORMAT: Final = 1
KAPPA_PLACES: Final = 4


@dataclass(frozen=True)
class Coding:
    """All decisions about the texts of a data set.

    Attributes:
        questions: with their texts.
        book: the themes of today.
        logs: one for each coder, at most two.
        resolved: what was decided where the two differ.
    """

    questions: Sequence[Question]
    book: ThemeBook
    logs: Sequence[DecisionLog]
    resolved: DecisionLog

    def names(self, question: str) -> frozenset[str]:
        """The names of the themes that a question's texts can have."""
        return frozenset(theme.name for theme in self.book.for_question(question))

    def decided(self, log: DecisionLog, key: Key) -> tuple[str, ...] | None:
        """The themes that a coder gave a text; None while that is open."""
        found = log.get(key)
        return found.themes if found and found.holds(self.names(key[0])) else None

    def pair(self, key: Key) -> tuple[tuple[str, ...], ...]:
        """What each coder who decided about a text gave it."""
        found = (self.decided(log, key) for log in self.logs)
        return tuple(each for each in found if each is not None)

    def differs(self, key: Key) -> bool:
        """Whether two coders gave a text different themes, and nobody resolved it."""
        return len(set(self.pair(key))) > 1 and self.final(key) is None

    def final(self, key: Key) -> tuple[str, ...] | None:
        """The themes that a text has in the report; None while that is open."""
        pair = self.pair(key)
        if len(set(pair)) == 1:
            return pair[0]
        resolved = self.resolved.get(key)
        if not pair or resolved is None or not resolved.holds(self.names(key[0])):
            return None
        return resolved.themes if resolved.between == tuple(sorted(pair)) else None

    def resolution(self, key: Key, themes: tuple[str, ...] | None) -> Decision:
        """The decision to write where two coders differ."""
        return Decision(themes, self.names(key[0]), tuple(sorted(self.pair(key))))

    def agreement(self, question: Question) -> dict[str, Agreement]:
        """For each theme how far two coders agree, on the texts that both have decided."""
        pairs = [self.pair((question.name, text.id)) for text in question.texts]
        both = [pair for pair in pairs if len(pair) > 1]
        return {
            theme.name: Agreement.of(
                (theme.name in first, theme.name in second) for first, second in both
            )
            for theme in self.book.for_question(question.name)
        }


def write_coding(folder: Path, coding: Coding) -> list[str]:
    """Write `coding.csv`, and the questions that are settled into `coding.json`; their names.

    A question is settled when each of its texts has its themes, or none. Questions that the
    themes are not for stay in `coding.json` as they were. Raises TextsError, OSError.
    """
    path = folder / "coding.json"
    own = {each.name for each in coding.questions if coding.names(each.name)}
    kept = {name: entry for name, entry in _questions_in(path).items() if name not in own}
    settled = {
        each.name: _entry(coding, each) for each in coding.questions if _is_settled(coding, each)
    }
    content = {"format": FORMAT, "questions": {**kept, **settled}}
    _replace(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(_rows(coding))
    _replace(folder / "coding.csv", "\ufeff" + lines.getvalue())
    return sorted(settled)


def _is_settled(coding: Coding, question: Question) -> bool:
    keys = ((question.name, text.id) for text in question.texts)
    return bool(coding.names(question.name)) and all(coding.final(key) is not None for key in keys)


def _entry(coding: Coding, question: Question) -> dict[str, Any]:
    """What the report reads: see the page for researchers."""
    themes = coding.book.for_question(question.name)
    finals = [coding.final((question.name, text.id)) or () for text in question.texts]
    kappas = {name: each.kappa for name, each in coding.agreement(question).items()}
    return {
        "themes": [{"name": theme.name, "label": theme.label} for theme in themes],
        "texts": len(finals),
        "counts": {theme.name: sum(theme.name in each for each in finals) for theme in themes},
        "kappa": {
            name: None if value is None else round(value, KAPPA_PLACES)
            for name, value in kappas.items()
        },
    }


def _questions_in(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["questions"]
        return dict(found)
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TextsError(
            f"{path} is not as it was written. Move it away; the decisions of the coders are kept "
            "in their own files, and it is made anew from them."
        ) from None


def _rows(coding: Coding) -> Iterator[list[str]]:
    names = [theme.name for theme in coding.book.themes]
    yield ["id", "question", "settled_by", *(f"theme__{name}" for name in names)]
    for question in coding.questions:
        own = coding.names(question.name)
        for text in question.texts if own else ():
            key = (question.name, text.id)
            final = coding.final(key)
            cells = [_cell(name, own, final) for name in names]
            yield [text.id, question.name, _settled_by(coding, key), *cells]


def _cell(name: str, own: frozenset[str], final: tuple[str, ...] | None) -> str:
    return "" if final is None or name not in own else str(int(name in final))


def _settled_by(coding: Coding, key: Key) -> str:
    pair = coding.pair(key)
    if coding.final(key) is None:
        return ""
    if len(pair) == 1:
        return "one coder"
    return "both coders" if len(set(pair)) == 1 else "resolved"


def _replace(path: Path, content: str) -> None:
    """Put a whole new file in the place of the one that this program wrote before."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(OWNER_ONLY)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
