"""For researchers, on a computer of their own: from a sealed bundle to a table one can read."""

from __future__ import annotations

from .bundle import Bundle, BundledDefinition, BundleError, Manifest, open_bundle
from .bundle_writing import write_bundle
from .cells import restore_cell
from .codebook import Codebook, build_codebook
from .folders import FolderTaken, new_folder
from .rewrapping import Rewrapped, rewrap
from .taken_back import OnlyIn, count_missing, only_in_one
from .unsealing import DataSet, UnknownLanguage, Wanted, unseal
from .verification import Report, verify_bundle
from .workers import Stopped, Workers
from .writing import FORMATS, Format

__all__ = [
    "FORMATS",
    "Bundle",
    "BundleError",
    "BundledDefinition",
    "Codebook",
    "DataSet",
    "FolderTaken",
    "Format",
    "Manifest",
    "OnlyIn",
    "Report",
    "Rewrapped",
    "Stopped",
    "UnknownLanguage",
    "Wanted",
    "Workers",
    "build_codebook",
    "count_missing",
    "new_folder",
    "only_in_one",
    "open_bundle",
    "restore_cell",
    "rewrap",
    "unseal",
    "verify_bundle",
    "write_bundle",
]
