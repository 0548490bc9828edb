"""Forms that were built before: a class for each page as it was shown, in each version."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from wtforms import Form

from .forms import form_class
from .site import site

MOST: Final = 512
"""Classes kept. People can post any part of a page, so there are more than pages."""


@lru_cache(maxsize=MOST)
def form_of(digest: str, names: tuple[str, ...]) -> type[Form]:
    """The form of some questions of one version; holds no answer.

    Args:
        digest: of a definition that was published.
        names: questions of one of its pages.

    Raises KeyError for what is not there.
    """
    definition = site().definition(digest)
    if definition is None:
        raise KeyError(digest)
    return form_class([definition.questions[name] for name in names])
