"""What the server keeps, and the few functions that read and write it."""

from __future__ import annotations

from .failures import PublishRefused, StorageUnavailable
from .migrate import upgrade
from .records import (
    Deleted,
    Entry,
    ExportedBundle,
    FoundCard,
    Opened,
    State,
    StoredDefinition,
    StoredResponse,
)
from .store import Storage, open_storage

__all__ = [
    "Deleted",
    "Entry",
    "ExportedBundle",
    "FoundCard",
    "Opened",
    "PublishRefused",
    "State",
    "Storage",
    "StorageUnavailable",
    "StoredDefinition",
    "StoredResponse",
    "open_storage",
    "upgrade",
]
