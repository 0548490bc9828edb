"""What the server keeps, and the few functions that read and write it."""

from __future__ import annotations

from .copying import Copied, Counted, holds_nothing, put_back, read_copy, write_copy
from .engines import database_file
from .failures import UNFORESEEN, CopyRefused, PublishRefused, StorageUnavailable
from .migrate import make_drafts, upgrade
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
from .room import free_bytes
from .store import Storage, open_storage

__all__ = [
    "UNFORESEEN",
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
    "database_file",
    "free_bytes",
    "holds_nothing",
    "make_drafts",
    "open_storage",
    "put_back",
    "read_copy",
    "upgrade",
    "write_copy",
]
