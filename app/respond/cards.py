"""The card of a person from a closed group, during their session.

Which card it is stands in their encrypted draft and nowhere else; the draft is what gives it back
when the session ends with nothing, or lets it be used up when something is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from app.journey import Draft
from app.sealing import card_tag
from app.storage import FoundCard, StorageUnavailable

from .site import site


def find_card(typed: str) -> tuple[bytes, FoundCard] | None:
    """The card whose code was typed, with its tag; None when there is no such card."""
    tag = card_tag(typed)
    found = site().storage.cards.find(tag) if tag else None
    return (tag, found) if tag and found else None


def card_in(plain: Mapping[str, Any]) -> bytes:
    """The tag of the card in a draft as plain data; empty when there is none."""
    return bytes.fromhex(plain.get("card") or "")


def touch_card(plain: Mapping[str, Any]) -> None:
    """The session of this draft is alive, and so is its hold on a card."""
    tag = card_in(plain)
    if tag:
        with suppress(StorageUnavailable):
            site().storage.cards.touch(tag)


def let_card_go(plain: Mapping[str, Any]) -> None:
    """The session of this draft ends with nothing sent: its card is free a few minutes later.

    Never waits for the database of responses, and never fails: exit is at once (R41).
    """
    tag = card_in(plain)
    if tag:
        with suppress(StorageUnavailable):
            site().storage.cards.let_go(tag)


def free_card(draft: Draft) -> None:
    """The person stopped with nothing sent: the card is free at once, or else a little later."""
    if draft.card:
        with suppress(StorageUnavailable):
            site().storage.cards.free(bytes.fromhex(draft.card))


def take_card_again(draft: Draft) -> None:
    """Answers that were kept with a card are open again: it is theirs once more."""
    if draft.card:
        with suppress(StorageUnavailable):
            site().storage.cards.take_again(bytes.fromhex(draft.card))


def give_card_back(draft: Draft) -> None:
    """Answers that were kept with a card are deleted: somebody may begin with it."""
    if draft.card:
        with suppress(StorageUnavailable):
            site().storage.cards.take_again(bytes.fromhex(draft.card))
            free_card(draft)


def card_is_done(draft: Draft) -> None:
    """The answers were sent, or kept for later: nobody else can begin with the card.

    Raises `StorageUnavailable`.
    """
    if draft.card:
        site().storage.cards.done(bytes.fromhex(draft.card))
