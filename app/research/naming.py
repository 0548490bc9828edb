"""Names of columns that SPSS, Stata and R accept, the same in every export."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LONGEST_SPSS: Final = 64  # bytes; IBM SPSS Statistics, Command Syntax Reference: Variable Names
LONGEST_STATA: Final = 32  # characters; Stata User's Guide 11.3: Naming conventions

_SPSS_WORDS: Final = frozenset("all and by eq ge gt le lt ne not or to with".split())  # noqa: SIM905
_STATA_WORDS: Final = frozenset(
    "alias byte double float if in int long str strl using with".split()  # noqa: SIM905
)
_R_WORDS: Final = frozenset("break else for function if in next repeat while".split())  # noqa: SIM905

_DIGEST: Final = 4  # letters of a digest at the end of a shortened name
_ITEM: Final = 12  # letters that a choice or row keeps at least, when it has as many


@dataclass(frozen=True)
class Names:
    """What a column is called in each program; `plain` is its name in all other files."""

    plain: str
    spss: str
    stata: str
    r: str


def legal_names(columns: Iterable[str]) -> list[Names]:
    """Return the names of these columns, each legal in its program and there only once.

    A name that is too long keeps its beginning, the beginning of its choice or row, and four
    letters of a digest of the whole: so it does not depend on what other columns there are.

    Args:
        columns: names of ASCII letters, digits and `_` that begin with a letter, all different.
    """
    plain = list(columns)
    spss = _once(plain, LONGEST_SPSS, _SPSS_WORDS)
    stata = _once(plain, LONGEST_STATA, _STATA_WORDS)
    r = _once(plain, max(map(len, plain), default=0) + 1, _R_WORDS)
    return [Names(*each) for each in zip(plain, spss, stata, r, strict=True)]


def _once(names: list[str], longest: int, words: frozenset[str]) -> list[str]:
    kept = {name for name in names if len(name) <= longest and name not in words}
    taken = set(kept)
    chosen = []
    for name in names:
        short = name if name in kept else next(n for n in _tries(name, longest) if n not in taken)
        taken.add(short)
        chosen.append(short)
    return chosen


def _tries(name: str, longest: int) -> Iterable[str]:
    if len(name) < longest:
        yield f"{name}_"  # a word of the program's own
    digest = hashlib.sha256(name.encode()).hexdigest()
    for at in range(0, len(digest) - _DIGEST):
        yield f"{_shortened(name, longest - _DIGEST - 1)}_{digest[at : at + _DIGEST]}"


def _shortened(name: str, room: int) -> str:
    question, apart, item = name.partition("__")
    if not apart:
        return question[:room].rstrip("_")
    item = item[: max(_ITEM, room - len(question) - 2)].rstrip("_")
    return f"{question[: room - len(item) - 2].rstrip('_')}__{item}"
