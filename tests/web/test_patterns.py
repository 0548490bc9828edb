"""No text makes a regular expression take for ever: each is fed what such expressions stumble over.

Every expression of the program is found, in its modules and in its source. Four times as much text
may cost about four times as much, and not sixteen.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

import app

FUNCTIONS = frozenset({"search", "match", "fullmatch", "sub", "split", "findall"})
BOUNDED = frozenset(
    {
        r"(label|hint)[\s_-]*[\s_(\[-]\s*([^)\]]+?)\s*[)\]]?",  # of 200 letters: xlsform/columns.py
        r"[ ]*:",  # held against one place of a text: yaml_edits.py
    }
)
PIECES = (
    *("a", "A", "1", " ", "\n", "_", "-", ".", "/", "@", "#", "(", "[", "<", "{", "|", "*", "'"),
    *('"', ",", ":", "=", "\\", "$", "é", "ا", "क", "\u0300", "a.", "a@", "a_", "a-", "a/", "1 "),
    *("1.", "a ", "(1", "=a ", "${", "${a", "](", "[a](", "<a", "</", "http://", "www.", "1999 "),
    *("e", "some", "lly", "100 ", "1 000 ", "- ", " \n", "\n ", "(R1", "{ ", "x@y.", "a#1"),
)
ENDS = ("!", "\x00")
SHORT, LONG = 2_000, 8_000
"""Letters. A box for words takes about as many."""
CHEAP_SECONDS = 0.04
"""Of this process alone; what is linear takes a fiftieth of it for `LONG` letters."""
MOST_GROWTH = 8.0
"""Four times as much text: four times as long, or sixteen when it grows with the square."""


def modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            yield module.name


def calls_of_re(source: str) -> Iterator[tuple[str, str]]:
    """Each call of a function of `re` whose expression is a plain text, with that text."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of, first = node.func.value, node.args[0]
        if (
            isinstance(of, ast.Name)
            and of.id == "re"
            and node.func.attr in FUNCTIONS
            and isinstance(first, ast.Constant)
        ):
            yield node.func.attr, str(first.value)


@dataclass(frozen=True)
class Use:
    """An expression, and whether it is held against a whole text or looked for in it."""

    pattern: re.Pattern[str]
    whole: bool

    def seconds(self, text: str) -> float:
        before = time.process_time()
        if self.whole:
            self.pattern.fullmatch(text)
        else:
            for _found in self.pattern.finditer(text):
                pass
        return time.process_time() - before

    def is_slow(self, piece: str, end: str) -> bool:
        """Whether a long text costs much, and far more than a shorter one, three times."""
        for _ in range(3):
            short = self.seconds(piece * (SHORT // len(piece)) + end)
            if short < CHEAP_SECONDS / 50:
                return False
            long = self.seconds(piece * (LONG // len(piece)) + end)
            if long < CHEAP_SECONDS or long < MOST_GROWTH * short:
                return False
        return True


@cache
def uses() -> dict[str, Use]:
    """Every expression for text, by how it is written."""
    found: list[Use] = []
    for module in modules():
        module_names = vars(importlib.import_module(module))
        source = inspect.getsource(importlib.import_module(module))
        for name, value in list(module_names.items()):
            values = value.values() if isinstance(value, dict) else [value]
            whole = f"{name}.fullmatch(" in source and f"{name}.search(" not in source
            found += [Use(one, whole) for one in values if isinstance(one, re.Pattern)]
        found += [Use(re.compile(one), name == "fullmatch") for name, one in calls_of_re(source)]
    return {
        f"{one.pattern.flags}:{one.pattern.pattern!r}": one
        for one in found
        if isinstance(one.pattern.pattern, str) and one.pattern.pattern not in BOUNDED
    }


def test_the_expressions_of_the_program_are_found() -> None:
    written = " ".join(uses())

    assert len(uses()) > 60
    for part in ("https?://|www", "argon2id", "sha256:", "A-Za-z0-9-]{1,40}"):
        assert part in written


@pytest.mark.parametrize(("pattern", "piece"), [(r"\s+$", " "), (r"\w+@\w+", "a")])
def test_an_expression_that_grows_with_the_square_is_noticed(pattern: str, piece: str) -> None:
    assert Use(re.compile(pattern), whole=False).is_slow(piece, "!")


def test_no_text_makes_an_expression_slow() -> None:
    slow = {
        name: texts
        for name, one in uses().items()
        if (texts := [piece + end for piece in PIECES for end in ENDS if one.is_slow(piece, end)])
    }

    assert slow == {}
