"""What the server keeps, and the few functions that read and write it."""

from __future__ import annotations

from .copying import Copied, Counted, holds_nothing, put_back, read_copy, write_copy
from .failures import CopyRefused, PublishRefused, StorageUnavailable
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
    "Copied",
    "CopyRefused",
    "Counted",
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
    "holds_nothing",
    "open_storage",
    "put_back",
    "read_copy",
    "upgrade",
    "write_copy",
]
