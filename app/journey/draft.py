"""What one person has chosen and typed so far, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Draft:
    """A person's unsent answers and choices; plain data that fits JSON.

    `done` holds the keys of the steps that were gone through, `at` the key of the step on screen.
    `answers` has a question's stored answer by the question's name: a skipped question has no key
    (R38). `media` names the questions whose pictures and sounds were asked for. `response_id` (hex)
    and `withdrawal_code` are made at the start, so that sending twice cannot make two responses
    (R35). `code` is the entry code that the person began with, unless it is that person's alone.
    `again` is what the step that was just posted has to say when it is shown once more.
    `forms` names, by page, the form that was stored last (see tabs.py).
    `seen` names the questions that were on screen when their page was gone through. `beside` holds
    what was given beside a choice that excludes it, as typed, to be shown again: never sent.
    `age` is the span of ages that was chosen, for the text to read, and `return_to` the step from
    which somebody went to look at an earlier choice; neither is ever sent.

    `card` (hex) tells which card of a closed group the person came in with; it is never sent.
    `return_words` are what the draft will be kept under if the person says so, `came_from` (hex) is
    the kept draft that this one was until its browser has shown that it is back. `sent` says that
    the session is over: sent, or with `kept`, kept for later.
    """

    consultation: str
    digest: str
    language: str
    response_id: str
    withdrawal_code: str
    collector: str | None = None
    code: str = ""
    at: str = "about"
    done: tuple[str, ...] = ()
    consent: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    declined: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    again: Mapping[str, Any] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    seen: tuple[str, ...] = ()
    beside: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    age: str = ""
    return_to: str = ""
    shortcut_off: bool = False
    sent: bool = False
    views_of_code: int = 0
    card: str = ""
    return_words: str = ""
    came_from: str = ""
    kept: bool = False

    def to_plain(self) -> dict[str, Any]:
        """The draft as it is when it comes back out of JSON: lists, and no tuples."""
        return {name: _plain(getattr(self, name)) for name in _NAMES}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Draft:
        """The draft that `to_plain` wrote; lists become tuples again."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in plain.items()
            if key in _NAMES
        }
        return cls(**values)


_NAMES = tuple(item.name for item in fields(Draft))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value
