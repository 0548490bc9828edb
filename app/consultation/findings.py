"""What is wrong with a definition, and where: one line a person can act on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Level: TypeAlias = Literal["error", "gate", "advice"]
Path: TypeAlias = tuple[str | int, ...]
"""Where a node is in the YAML tree: keys and list indexes from the top."""


class Problem(NamedTuple):
    """The rule that is broken, the node, and one or two sentences: what is wrong, what to write."""

    rule: str
    path: Path
    message: str


@dataclass(frozen=True, order=True)
class Finding:
    """One message about a file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    message: str
    level: Level = "error"
    rule: str = "value"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class DefinitionErrors(Exception):
    """A definition cannot be used; `findings` says why, in the order of the file."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean “x”?` for a near miss, else an empty string."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean “{near[0]}”?" if near else ""
