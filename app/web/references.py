"""A random reference that stands on a person's error page and in the operator's line.

A person can quote it or not. It is made for one request, kept nowhere, and says nothing itself.
"""

from __future__ import annotations

import secrets
from contextvars import ContextVar

LETTERS = "bcdfghjkmnpqrstvwxz"
"""No vowels, so that no word comes out; no letter that can be taken for a digit."""
GROUPS, GROUP_LETTERS = 2, 4

_present: ContextVar[str] = ContextVar("reference", default="")


def give_reference() -> str:
    """Give the present request a new reference, such as `kfqt-mzbw`, and return it."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LETTERS)) for _ in range(GROUPS))
    reference = "-".join(groups)
    _present.set(reference)
    return reference


def present_reference() -> str:
    """Return the reference of the present request; "" when nothing went wrong in it."""
    return _present.get()


def forget_reference() -> None:
    """Begin anew: the same thread answers the next person."""
    _present.set("")
