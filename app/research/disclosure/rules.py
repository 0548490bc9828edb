"""The rule file of a report: what to cross every question by, and what to make coarser first."""

from __future__ import annotations

import io
import re
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

LARGEST: Final = 1024 * 1024  # bytes
MOST_CROSSINGS: Final = 6

_BAND: Final = re.compile(
    "(?P<low>-?[0-9]{1,9})(?: *(?:-|\N{EN DASH}|to) *(?P<high>-?[0-9]{1,9}))?(?P<open>[+])?"
)


class RulesError(Exception):
    """The rule file cannot be used; the message says what to change."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Band(_Strict):
    """Whole numbers from one to another; `high` is None for “and more”."""

    low: int
    high: int | None

    @property
    def name(self) -> str:
        """As it is printed: `13-15` with an en dash, `18+`, or `13`."""
        if self.high is None:
            return f"{self.low}+"
        return f"{self.low}\N{EN DASH}{self.high}" if self.high > self.low else str(self.low)

    def holds(self, number: float) -> bool:
        """Whether a number is in it; 15.9 is in 13 to 15."""
        return number >= self.low and (self.high is None or number < self.high + 1)


def _read_band(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"low": value, "high": value}
    found = _BAND.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or (found["high"] and found["open"]):
        raise ValueError("write a band as 13-15, or 18+ for 18 and more")
    low = int(found["low"])
    high = None if found["open"] else int(found["high"] or low)
    if high is not None and high < low:
        raise ValueError("a band begins with its lower number, as 13-15")
    return {"low": low, "high": high}


def _apart(bands: list[Band]) -> list[Band]:
    for before, after in pairwise(bands):
        if before.high is None or after.low <= before.high:
            raise ValueError(
                f"{before.name} and {after.name} meet: write bands in order, each number in one"
            )
    return bands


def _in_languages(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


class Group(_Strict):
    """Several choices that count as one."""

    label: Annotated[dict[str, str], BeforeValidator(_in_languages), Field(min_length=1)]
    """What is printed: a text, or one for each language."""
    choices: list[str] = Field(min_length=1)
    """The choices, as they stand in the data."""


class Coarser(_Strict):
    """How to make one question coarser: bands of a number, or groups of choices."""

    bands: (
        Annotated[
            list[Annotated[Band, BeforeValidator(_read_band)]],
            Field(min_length=1),
            AfterValidator(_apart),
        ]
        | None
    ) = None
    groups: list[Group] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_way(self) -> Coarser:
        if (self.bands is None) == (self.groups is None):
            raise ValueError("write either bands (for numbers) or groups (for choices)")
        named = [choice for group in self.groups or () for choice in group.choices]
        twice = sorted({choice for choice in named if named.count(choice) > 1})
        if twice:
            raise ValueError(f"“{twice[0]}” stands in two groups")
        return self


class Rules(_Strict):
    """A whole rule file.

    Attributes:
        by: closed questions by which every other one is crossed, in the report about everybody.
        coarsen: by question, how to make it coarser before anything is counted.
        weigh: `equal` prints beside each share the one in which every collector counts the same.
    """

    by: list[str] = Field(default_factory=list, max_length=MOST_CROSSINGS)
    coarsen: dict[str, Coarser] = Field(default_factory=dict)
    weigh: Literal["equal"] | None = None


NO_RULES: Final = Rules()


_KEYS: Final = ("by", "coarsen", "weigh", "bands", "groups", "label", "choices")


def _told(error: ErrorDetails) -> str:
    """What pydantic found, in words that say what to do."""
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(str(error["loc"][-1]), _KEYS, n=1)
            hint = f" Did you mean “{near[0]}”?" if near else f" There are: {', '.join(_KEYS)}."
            return f"no such key in a rule file.{hint}"
        case "list_type":
            return "write a list in square brackets, as [age, region]."
        case "missing":
            return "this is missing."
    return error["msg"].removeprefix("Value error, ") + "."


def read_rules(path: Path) -> Rules:
    """Return the rules of a YAML file.

    Raises `RulesError` when it cannot be read or is no rule file.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise RulesError(f"{path} is too large for a rule file.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RulesError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise RulesError(f"{path} is not UTF-8 text.") from None
    try:
        content = YAML(typ="safe", pure=True).load(io.StringIO(text))
        return Rules.model_validate({} if content is None else content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(each) for each in first["loc"]) or "the file"
        raise RulesError(f"{path}: {place}: {_told(first)}") from None
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1} or just before it" if mark else type(error).__name__
        raise RulesError(
            f"{path} is not YAML: look at {where}, for a bracket, a colon or "
            "spaces at the beginning."
        ) from None
