"""The rules of the checker: what each is called, how much it weighs, and where it is explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ..findings import Level, Path
from .sheet import Sheet

Spot: TypeAlias = tuple[Path, str]
"""A node of the definition, and what is wrong there and what to write instead."""
Check: TypeAlias = Callable[[Sheet], Iterator[Spot]]


@dataclass(frozen=True)
class Rule:
    """One rule.

    `why` is its reason in one line, `source` the requirement it comes from. `in_demo` is its level
    in a definition marked `demo: true`. A `firm` rule is a duty: it cannot be silenced.
    `check` is None for rules that the loader applies while it reads.
    """

    name: str
    level: Level
    source: str
    why: str
    in_demo: Level
    firm: bool = False
    check: Check | None = None

    @property
    def docs(self) -> str:
        """The page that explains the rule, from the top of the repository."""
        return f"docs/rules/{self.name}.md"

    @property
    def can_be_silenced(self) -> bool:
        """Whether a definition may set this rule aside, with a written reason."""
        return self.level != "error" and not self.firm


RULES: dict[str, Rule] = {}
"""Every rule by its name."""


def rule(
    name: str,
    level: Level,
    source: str,
    why: str,
    *,
    in_demo: Level | None = None,
    firm: bool = False,
) -> Callable[[Check], Check]:
    """Register the function below as the check of a rule; see `Rule` for the arguments."""

    def register(check: Check) -> Check:
        RULES[name] = Rule(name, level, source, why, in_demo or level, firm, check)
        return check

    return register


def loader_rule(name: str, source: str, why: str) -> None:
    """Register a rule that the loader applies: always an error."""
    RULES[name] = Rule(name, "error", source, why, "error", firm=True)
