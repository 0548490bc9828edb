"""Support services as data: the model, the folder's loader and the look-up. Pure."""

from __future__ import annotations

from .directory import Directory, DirectoryErrors, Listing, load_directory
from .model import Emergency, Link, Service, tel_link
from .wording import Way, Wording

__all__ = [
    "Directory",
    "DirectoryErrors",
    "Emergency",
    "Link",
    "Listing",
    "Service",
    "Way",
    "Wording",
    "load_directory",
    "tel_link",
]
