"""What the address of a neutral site must not be (R54), wherever it is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from .word_lists import find_words

LANGUAGE_PARAMETERS = frozenset({"hl", "l", "lang", "language", "locale"})
"""What may stand behind the ? of a neutral address: it says no more than the page itself."""


def faults_of_exit(address: str) -> Iterator[str]:
    """Yield what is wrong with the address that exit leads to, and what to write instead.

    Args:
        address: as it stands in a definition, or in HEARD_EXIT_TO.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname:
        yield f"“{address}” is no address that starts with https://. The network could read along."
        return
    words = " ".join(re.split(r"[^A-Za-z]+", address))
    found = find_words("telling", "en", words)
    if found:
        yield (
            f"The address says “{', '.join(found)}”. Write the address of a plain page, such as a "
            "weather forecast."
        )
    carried = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if carried - LANGUAGE_PARAMETERS or parts.username is not None:
        yield (
            f"“{address}” carries more than a page. What stands behind a ?, or before an @, can "
            "tell that site where a person comes from. Write the plain address."
        )
