"""`${name}` inside the texts of a form."""

from __future__ import annotations

import re
from collections.abc import Callable

_NAMED = re.compile(r"[$#]\{\s*([^{}]*?)\s*\}")


def replace_names(text: str, by: Callable[[str], str]) -> str:
    """`text` with each `${name}` replaced by what `by` returns for the name."""
    return _NAMED.sub(lambda found: by(found[1]), text)
