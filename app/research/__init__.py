"""For researchers, on a computer of their own: from a sealed bundle to a table one can read."""

from __future__ import annotations

from .bundle import Bundle, BundledDefinition, BundleError, Manifest, open_bundle
from .bundle_writing import write_bundle
from .cells import restore_cell
from .rewrapping import Rewrapped, rewrap
from .unsealing import DataSet, FolderTaken, unseal
from .verification import Report, verify_bundle

__all__ = [
    "Bundle",
    "BundleError",
    "BundledDefinition",
    "DataSet",
    "FolderTaken",
    "Manifest",
    "Report",
    "Rewrapped",
    "open_bundle",
    "restore_cell",
    "rewrap",
    "unseal",
    "verify_bundle",
    "write_bundle",
]
