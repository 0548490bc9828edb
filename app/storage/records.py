"""What goes in and out of storage: plain frozen records, none of which holds a time."""

from dataclasses import dataclass
from typing import Literal

State = Literal["open", "paused", "ended"]
CardState = Literal["free", "held", "used"]


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """One published version of a consultation, as the canonical JSON that its digest is over."""

    digest: str
    consultation: str
    version: int
    document: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code on a link or card leads to."""

    code: str
    consultation: str
    collector: str | None


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card: where its code leads, and whether it is free, held by a session, or used."""

    entry: Entry
    state: CardState


@dataclass(frozen=True, slots=True)
class Opened:
    """A consultation that was started, its state, and the digest of its newest definition."""

    consultation: str
    state: State
    digest: str


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """Everything that is kept of a response: a random 16-byte id, the envelope, a 32-byte tag."""

    id: bytes
    envelope: bytes
    withdrawal_tag: bytes


@dataclass(frozen=True, slots=True)
class ExportedBundle:
    """A bundle that was written: its file name, what it is for, about how many responses."""

    bundle: str
    purpose: str
    responses: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many rows of a consultation a deletion took."""

    responses: int
    kept_drafts: int
